"""Pages of tax codes and currencies."""

from datetime import date
from decimal import Decimal

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from config.shared.operations.clock import today
from pricing.models import TaxCode
from tests.pricing.factories import CurrencyFactory, TaxCodeFactory, vat_rate

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", ["tax_code_list", "tax_code_new", "currency_list"])
def test_the_pages_need_a_permission(client: Client, name: str) -> None:
    client.force_login(User.objects.create_user("nobody"))

    assert client.get(reverse(f"pricing:{name}")).status_code == 403


def test_a_tax_code_is_made_and_gets_a_rate(admin: Client) -> None:
    typed = {"name": "VAT", "code": "vat", "kind": "VAT", "rate_date": "POSTING"}
    admin.post(reverse("pricing:tax_code_new"), typed)
    tax_code = TaxCode.objects.get()

    response = admin.post(
        tax_code.get_absolute_url(),
        {
            "panel": "rates",
            "rates-name": "Standard",
            "rates-code": "standard",
            "rates-percentage": "8.25",
            "rates-starts_on": "2026-01-01",
        },
    )

    assert response.status_code == 302
    assert tax_code.rates.get().versions.get().fraction == Decimal("0.0825")
    assert "8.25\N{NO-BREAK SPACE}%" in admin.get(tax_code.get_absolute_url()).content.decode()


def test_a_percentage_changes_from_a_day_to_come(admin: Client) -> None:
    rate = vat_rate("0.10")
    typed = {"panel": "percentage", "percentage-tax_rate": rate.pk, "percentage-percentage": "19"}
    address = rate.tax_code.get_absolute_url()

    refused = admin.post(address, {**typed, "percentage-starts_on": "2020-01-01"})
    taken = admin.post(address, {**typed, "percentage-starts_on": today().isoformat()})

    assert "at the earliest" in refused.content.decode()
    assert taken.status_code == 302
    in_force = [rate.versions.get(period__contains=day) for day in (date(2020, 1, 1), today())]
    assert [version.fraction for version in in_force] == [Decimal("0.10"), Decimal("0.19")]


def test_a_tax_code_is_renamed(admin: Client) -> None:
    tax_code = TaxCodeFactory()

    admin.post(
        reverse("pricing:tax_code_change", args=[tax_code.code]), {"name": "ΦΠΑ", "code": "vat-cy"}
    )

    tax_code.refresh_from_db()
    assert (tax_code.name, tax_code.code) == ("ΦΠΑ", "vat-cy")


def test_currencies_are_listed_with_their_digits(admin: Client) -> None:
    CurrencyFactory(kuwaiti_dinar=True)

    page = admin.get(reverse("pricing:currency_list") + "?q=KWD").content.decode()

    assert "Kuwaiti dinar" in page
