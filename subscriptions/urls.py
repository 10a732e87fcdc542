"""URLs of the subscriptions app. Numbers and codes begin with a letter or digit, never with "+"."""

from django.urls import URLPattern, URLResolver, path

from subscriptions.views import (
    accounts,
    acts,
    adding,
    choices,
    discounts,
    schemes,
    sellers,
    subscriptions,
    types,
    users,
)

app_name = "subscriptions"

ACCOUNT = "accounts/<str:number>/"
USER = "users/<str:number>/"
SUBSCRIPTION = "subscriptions/<str:number>/"
SCHEME = "billing-term-schemes/<slug:code>/"
TYPE = "subscription-types/<slug:code>/"
GIVEN = "discounts-given/<str:number>/"

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
    path("subscriptions/", subscriptions.SubscriptionList.as_view(), name="subscription_list"),
    path(SUBSCRIPTION, subscriptions.SubscriptionPage.as_view(), name="subscription_detail"),
    path(f"{SUBSCRIPTION}activate/", acts.Activate.as_view(), name="subscription_activate"),
    path(f"{SUBSCRIPTION}deactivate/", acts.Deactivate.as_view(), name="subscription_deactivate"),
    path(f"{SUBSCRIPTION}end-date/", acts.SetEndDate.as_view(), name="subscription_end_date"),
    path(f"{SUBSCRIPTION}cancel/", acts.Cancel.as_view(), name="subscription_cancel"),
    path(
        f"{SUBSCRIPTION}add-expense/+choose/",
        choices.ChooseExpense.as_view(),
        name="choose_expense",
    ),
    path(f"{SUBSCRIPTION}add-expense/", acts.AddExpense.as_view(), name="subscription_add_expense"),
    path(
        f"{SUBSCRIPTION}services/<str:service>/amend/",
        acts.AmendBundle.as_view(),
        name="service_amend",
    ),
    path(
        f"{SUBSCRIPTION}actions/<str:action>/take-back/",
        acts.TakeBack.as_view(),
        name="action_take_back",
    ),
    path("billing-term-schemes/", schemes.SchemeList.as_view(), name="scheme_list"),
    path("billing-term-schemes/+new/", schemes.SchemeCreate.as_view(), name="scheme_new"),
    path(SCHEME, schemes.SchemePage.as_view(), name="scheme_detail"),
    path(f"{SCHEME}change/", schemes.SchemeUpdate.as_view(), name="scheme_edit"),
    path("subscription-types/", types.TypeList.as_view(), name="type_list"),
    path("subscription-types/+new/", types.TypeCreate.as_view(), name="type_new"),
    path(TYPE, types.TypePage.as_view(), name="type_detail"),
    path(f"{TYPE}change/", types.TypeUpdate.as_view(), name="type_edit"),
    path(f"{TYPE}add-product/", types.AddProductToType.as_view(), name="type_add_product"),
    path("sellers/", sellers.SellerList.as_view(), name="seller_list"),
    path("sellers/+new/", sellers.SellerCreate.as_view(), name="seller_new"),
    path("sellers/<slug:code>/", sellers.SellerUpdate.as_view(), name="seller_edit"),
    path(f"{SUBSCRIPTION}give-discount/", discounts.GiveDiscount.as_view(), name="give_discount"),
    path("discounts-given/", discounts.GivenDiscountList.as_view(), name="given_list"),
    path("discounts-given/+preview/", discounts.DiscountPreview.as_view(), name="discount_preview"),
    path(f"{GIVEN}approve/", discounts.ApproveDiscount.as_view(), name="given_approve"),
    path(f"{GIVEN}reject/", discounts.RejectDiscount.as_view(), name="given_reject"),
    path(f"{GIVEN}withdraw/", discounts.WithdrawDiscount.as_view(), name="given_withdraw"),
]
