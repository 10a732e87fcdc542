"""URLs of the provisioning app. Codes begin with a letter or digit, so "+new" is no code."""

from django.urls import URLPattern, URLResolver, path

from provisioning.views import providers, requests

app_name = "provisioning"

REQUEST = "provisioning-requests/<str:number>/"
PROVIDER = "providers/<slug:code>/"

urlpatterns: list[URLPattern | URLResolver] = [
    path("provisioning-requests/", requests.RequestList.as_view(), name="request_list"),
    path(REQUEST, requests.RequestPage.as_view(), name="request_detail"),
    path(f"{REQUEST}retry/", requests.RetryRequest.as_view(), name="request_retry"),
    path(f"{REQUEST}skip/", requests.SkipRequest.as_view(), name="request_skip"),
    path("providers/", providers.ProviderList.as_view(), name="provider_list"),
    path("providers/+new/", providers.CreateProvider.as_view(), name="provider_new"),
    path(PROVIDER, providers.ProviderPage.as_view(), name="provider_detail"),
    path(f"{PROVIDER}change/", providers.ChangeProvider.as_view(), name="provider_change"),
    path(f"{PROVIDER}switch/", providers.SwitchProvider.as_view(), name="provider_switch"),
    path(
        f"{PROVIDER}distributors/<slug:distributor>/remove/",
        providers.RemoveDistributor.as_view(),
        name="distributor_remove",
    ),
]
