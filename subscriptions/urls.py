"""URLs of the subscriptions app. Numbers and codes begin with a letter or digit, never with "+"."""

from django.urls import URLPattern, URLResolver, path

from subscriptions.views import accounts, adding, users

app_name = "subscriptions"

ACCOUNT = "accounts/<str:number>/"
USER = "users/<str:number>/"

urlpatterns: list[URLPattern | URLResolver] = [
    path("accounts/", accounts.AccountList.as_view(), name="account_list"),
    path("accounts/+new/", accounts.AccountCreate.as_view(), name="account_new"),
    path(ACCOUNT, accounts.AccountPage.as_view(), name="account_detail"),
    path(f"{ACCOUNT}change/", accounts.AccountUpdate.as_view(), name="account_edit"),
    path(f"{ACCOUNT}users/+new/", users.UserCreate.as_view(), name="user_new"),
    path(
        f"{ACCOUNT}add-service/",
        adding.AddServiceToAccount.as_view(),
        name="account_add_service",
    ),
    path(USER, users.UserPage.as_view(), name="user_detail"),
    path(f"{USER}change/", users.UserUpdate.as_view(), name="user_edit"),
    path(f"{USER}add-service/", adding.AddService.as_view(), name="add_service"),
]
