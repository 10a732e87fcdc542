"""Every page refuses those who lack its permission, and opens for those who have it."""

import pytest
from django.urls import reverse

pytestmark = pytest.mark.django_db


def addresses(shop):
    """Return the address of every page of the app by url name."""
    account, user = [shop.account.number], [shop.user.number]
    subscription = [shop.subscription.number]
    scheme = [shop.type.schemes.get().code]
    pages = {
        "account_list": [],
        "account_new": [],
        "account_detail": account,
        "account_edit": account,
        "account_add_service": account,
        "user_new": account,
        "user_detail": user,
        "user_edit": user,
        "add_service": user,
        "subscription_list": [],
        "subscription_detail": subscription,
        "subscription_activate": subscription,
        "subscription_deactivate": subscription,
        "subscription_end_date": subscription,
        "subscription_cancel": subscription,
        "subscription_add_expense": subscription,
        "choose_expense": subscription,
        "scheme_list": [],
        "scheme_new": [],
        "scheme_detail": scheme,
        "scheme_edit": scheme,
        "type_list": [],
        "type_new": [],
        "type_detail": [shop.type.code],
        "type_edit": [shop.type.code],
        "type_add_product": [shop.type.code],
        "seller_list": [],
        "seller_new": [],
        "seller_edit": [shop.account.seller.code],
    }
    return {name: reverse(f"subscriptions:{name}", args=args) for name, args in pages.items()}


SETUP_PAGES = ("scheme", "type", "seller")


def test_nobody_without_permission_opens_a_page(stranger_client, shop):
    for name, address in addresses(shop).items():
        assert stranger_client.get(address).status_code == 403, name


def test_a_csr_opens_the_pages_of_customers_and_not_those_of_set_up(csr_client, shop):
    for name, address in addresses(shop).items():
        expected = 403 if name.startswith(SETUP_PAGES) else 200
        answer = csr_client.get(address, follow=True)
        assert answer.status_code == expected, name


def test_a_configurator_opens_the_pages_of_set_up_and_not_those_of_customers(setup_client, shop):
    for name, address in addresses(shop).items():
        expected = 200 if name.startswith(SETUP_PAGES) else 403
        assert setup_client.get(address).status_code == expected, name


def test_every_page_of_the_app_is_tried(shop):
    from subscriptions.urls import urlpatterns

    named = {pattern.name for pattern in urlpatterns}

    discounts = {"given_approve", "given_reject", "given_withdraw", "discount_preview"}
    assert named - set(addresses(shop)) == {
        *("action_take_back", "service_amend", "give_discount", "given_list"),
        *discounts,
    }
