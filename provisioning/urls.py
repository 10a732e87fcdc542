"""URLs of the provisioning app."""

from django.urls import URLPattern, URLResolver

app_name = "provisioning"

urlpatterns: list[URLPattern | URLResolver] = []
