"""Pages of tax groups, places and location rules; exemptions on accounts and products."""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from config.shared.operations.clock import today
from pricing.models import LocationRule, TaxClass, TaxGroup, TaxRegion
from pricing.operations.tax_places import save_tax_class, save_tax_region
from tests.catalog.factories import ProductFactory
from tests.pricing.factories import vat_rate
from tests.subscriptions.factories import AccountFactory

pytestmark = pytest.mark.django_db
PAGES = (
    *("tax_groups", "tax_check", "tax_region_list", "tax_region_new", "tax_class_list"),
    *("tax_class_new", "location_rule_list", "location_rule_new"),
)


def test_the_pages_need_a_permission_and_open_when_empty(client: Client, admin_user: User) -> None:
    addresses = [reverse(f"pricing:{name}") for name in PAGES]
    client.force_login(User.objects.create_user("nobody"))
    assert {client.get(address).status_code for address in addresses} == {403}

    client.force_login(admin_user)

    assert {client.get(address).status_code for address in addresses} == {200}


def test_a_class_and_a_region_get_their_taxes_and_the_matrix_shows_them(admin: Client) -> None:
    admin.post(reverse("pricing:tax_class_new"), {"name": "Internet", "code": "net"})
    admin.post(reverse("pricing:tax_region_new"), {"name": "Region A", "code": "a"})
    rate = vat_rate()
    address = reverse("pricing:tax_group_set", args=["net", "a"])
    rows = {"rows-TOTAL_FORMS": "2", "rows-INITIAL_FORMS": "0", "rows-0-tax_rate": rate.pk}
    typed = {
        "starts_on": today().isoformat(),
        "rounding": "LINE",
        **rows,
        "rows-0-level": "1",
        "rows-1-level": "1",
    }

    again = {"rows-1-tax_rate": rate.pk, "rows-1-level": "2"}
    refused = admin.post(address, {**typed, **again}).content.decode()
    admin.post(address, typed)

    assert "Row 2: The group already has this tax." in refused
    group = TaxGroup.objects.get()
    assert (str(group), group.rounding) == ("Internet in Region A", "LINE")
    assert "VAT 10 %" in admin.get(reverse("pricing:tax_groups")).content.decode()
    for place in (TaxClass.objects.get(), TaxRegion.objects.get()):
        page = admin.get(place.get_absolute_url()).content.decode()
        assert "VAT 10 %" in page


def test_a_location_rule_is_added_and_ended(admin: Client) -> None:
    code = vat_rate().tax_code
    typed = {
        "name": "Spain",
        "position": "10",
        "country": "es",
        "tax_codes": [code.pk],
        "starts_on": today().isoformat(),
    }

    asked = admin.post(reverse("pricing:location_rule_new"), typed).content.decode()
    assert not LocationRule.objects.exists()
    done = admin.post(reverse("pricing:location_rule_new"), {**typed, "anyway": "on"}, follow=True)
    rule = LocationRule.objects.get()
    page = admin.get(rule.get_absolute_url()).content.decode()
    end = reverse("pricing:location_rule_end", args=[rule.pk])
    admin.post(end, {"ends_on": today().isoformat()})

    assert "I know that places without a rule cannot be billed" in asked
    assert "There is no rule for all other places" in done.content.decode()
    assert "ES" in page
    rule.refresh_from_db()
    assert (rule.period.upper - today()).days == 1
    assert (
        "No rule is without conditions" in admin.get(reverse("pricing:tax_check")).content.decode()
    )


def test_the_last_rule_for_all_places_is_not_ended_unawares(admin: Client) -> None:
    code = vat_rate().tax_code
    new, day = reverse("pricing:location_rule_new"), today().isoformat()
    common = {"tax_codes": [code.pk], "starts_on": day}
    admin.post(new, {**common, "name": "Anywhere", "position": "99"})
    default = LocationRule.objects.get()
    end = reverse("pricing:location_rule_end", args=[default.pk])
    admin.post(new, {**common, "name": "Spain", "position": "10", "country": "es"})

    asked = admin.post(end, {"ends_on": day}).content.decode()
    default.refresh_from_db()
    assert default.period.upper is None
    done = admin.post(end, {"ends_on": day, "anyway": "on"}, follow=True).content.decode()

    assert "I know that places without a rule cannot be billed" in asked
    assert "There is no rule for all other places" in done
    default.refresh_from_db()
    assert (default.period.upper - today()).days == 1


def test_a_product_takes_a_tax_class_and_an_exemption_on_its_page(admin: Client) -> None:
    product = ProductFactory()
    tax_class = save_tax_class(TaxClass(), code="net", name="Internet")
    address = product.get_absolute_url() + "?tab=pricing"

    admin.post(address, {"panel": "tax-class", "tax-class-tax_class": tax_class.pk})
    missing = {"panel": "tax-exemptions", "tax-exemptions-starts_on": "2026-01-01"}
    refused = admin.post(address, missing).content.decode()
    admin.post(address, {**missing, "tax-exemptions-reason": "Emergency line"})
    exemption = product.tax_exemptions.get()
    page = admin.get(address).content.decode()
    admin.post(address, {"panel": "tax-exemptions", "tax-exemptions-end": exemption.pk})

    assert product.taxed_as.tax_class == tax_class
    assert "This field is required." in refused
    assert "Emergency line" in page
    exemption.refresh_from_db()
    assert exemption.period.upper == today()


def test_an_account_takes_a_region_and_a_certificate_on_its_page(admin: Client) -> None:
    account = AccountFactory()
    region = save_tax_region(TaxRegion(), code="a", name="Region A")
    account.tax_region = region
    account.save(update_fields=["tax_region"])
    address = account.get_absolute_url() + "?tab=billing"

    admin.post(
        address,
        {
            "panel": "tax-exemptions",
            "tax-exemptions-certificate_number": "TX-77",
            "tax-exemptions-starts_on": "2026-01-01",
        },
    )

    page = admin.get(address).content.decode()
    assert "certificate TX-77" in page
    assert "Region A" in page
