"""Every page of Ratebook: the shared pages here, each app's own in its `urls.py`."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("", include("config.shared.urls")),
    path("runs/", include("config.shared.runs.urls")),
    path("imports/", include("config.shared.imports.urls")),
    path("", include("catalog.urls")),
    path("", include("pricing.urls")),
    path("", include("subscriptions.urls")),
    path("", include("provisioning.urls")),
    path("", include("billing.urls")),
    path("admin/", admin.site.urls),
]

handler403 = "config.shared.views.errors.permission_denied"
handler404 = "config.shared.views.errors.page_not_found"
handler500 = "config.shared.views.errors.server_error"
