"""What runs ask for becomes criteria and settings."""

import pytest

from billing.runs.forms import DeactivationForm, NormalBillingRunForm
from subscriptions.models import Account
from tests.subscriptions.factories import AccountFactory, SchemeFactory

pytestmark = pytest.mark.django_db


def test_what_is_filled_in_becomes_criteria_and_settings() -> None:
    account, scheme = AccountFactory(), SchemeFactory()
    form = NormalBillingRunForm(
        {
            "accounts": f" {account.number},{account.number} ",
            "schemes": [scheme.pk],
            "advance_days": "5",
            "posting_date": "2026-02-03",
        }
    )

    assert form.is_valid(), form.errors
    assert form.criteria() == {"accounts": [account.number], "schemes": [scheme.pk]}
    assert form.kind_settings() == {"advance_days": 5, "posting_date": "2026-02-03"}
    known = form.initial_of(form.criteria(), form.kind_settings())
    assert known["accounts"] == account.number


def test_an_account_that_does_not_exist_is_refused_at_the_field() -> None:
    form = DeactivationForm({"accounts": "A-404", "min_amount": "-1"})

    assert not form.is_valid()
    assert form.errors["accounts"] == ["There is no account A-404."]
    assert "min_amount" in form.errors
    assert not Account.objects.exists()
