"""Accounts and users."""

from datetime import date
from decimal import Decimal

import pytest

from subscriptions.models import AccountStatus
from subscriptions.operations.accounts import (
    AccountIsClosed,
    CurrencyFixed,
    WrongAccountData,
    WrongBillingDay,
    create_account,
    create_user,
    sort_key,
    update_account,
    update_user,
)
from tests.catalog.factories import TechnologyFactory
from tests.pricing.factories import CurrencyFactory
from tests.subscriptions.factories import AccountFactory, AccountUserFactory, SellerFactory

pytestmark = pytest.mark.django_db


def test_an_account_is_opened_with_its_first_user_in_one_act() -> None:
    fiber = TechnologyFactory(name="Fiber")

    account = create_account(
        name="Maria Jones",
        seller=SellerFactory(),
        currency=CurrencyFactory(),
        billing_day=15,
        opened_on=date(2026, 1, 15),
        by=None,
        technology=fiber,
        city="Limassol",
    )

    user = account.users.get()
    assert account.number == f"A-{account.pk:06d}"
    assert (user.name, user.technology, user.city) == ("Maria Jones", fiber, "Limassol")
    assert user.number == f"U-{user.pk:06d}"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        pytest.param("Élodie ÅNGSTRÖM", "elodie angstrom", id="latin accents"),
        pytest.param("Ανδρέας Γεωργίου", "ανδρεασ γεωργιου", id="greek accents, final sigma"),
        pytest.param("Straße", "strasse", id="sharp s"),
        pytest.param("O'Brien", "obrien", id="apostrophe"),
        pytest.param("O\u2019Brien", "obrien", id="typographic apostrophe"),
    ],
)
def test_names_sort_without_case_and_accents(name: str, expected: str) -> None:
    assert sort_key(name) == expected


def test_a_new_name_brings_a_new_sort_name() -> None:
    account = AccountFactory(name="Zoë")

    update_account(account, by=None, on=date(2026, 1, 1), name="Ángel")

    account.refresh_from_db()
    assert (account.name, account.sort_name) == ("Ángel", "angel")
    assert account.history.count() == 2


@pytest.mark.parametrize("day", [0, 32, -1])
def test_a_billing_day_is_a_day_of_the_month(day: int) -> None:
    with pytest.raises(WrongBillingDay, match="1 to 31") as refusal:
        AccountFactory(billing_day=day)

    assert refusal.value.field == "billing_day"


def test_an_account_needs_a_name_and_no_negative_credit_limit() -> None:
    with pytest.raises(WrongAccountData, match="name"):
        AccountFactory(name=" ")
    with pytest.raises(WrongAccountData, match="credit limit"):
        AccountFactory(credit_limit=Decimal("-1"))


def test_an_account_keeps_its_currency_for_life() -> None:
    account = AccountFactory()

    with pytest.raises(CurrencyFixed, match="EUR"):
        update_account(account, by=None, on=date(2026, 1, 1), currency=CurrencyFactory(yen=True))


def test_a_user_changes_its_technology() -> None:
    user = AccountUserFactory(name="Shop")
    fiber = TechnologyFactory(name="Fiber")

    update_user(user, by=None, technology=fiber)

    user.refresh_from_db()
    assert user.technology == fiber


def test_a_closed_account_gets_no_users() -> None:
    account = AccountFactory()
    account.status = AccountStatus.CLOSED
    account.save(update_fields=["status"])

    with pytest.raises(AccountIsClosed):
        create_user(account, name="Shop", by=None)
