"""Lists of pricing export what can be imported, with the filter that is in force."""

import pytest
from django.test import Client
from django.urls import reverse

from config.shared.imports.resources import load_resources
from pricing.models import PricePlan
from pricing.operations.plans import create_plan, make_effective
from tests.people import person
from tests.pricing.factories import CurrencyFactory, PricePlanFactory, RateDeckFactory
from tests.pricing.imports.rows import errors, outcomes, sample, stored

LISTS = {
    "plan": "price-plans",
    "tax_code": "tax-codes",
    "tax_region": "tax-regions",
    "tax_class": "tax-classes",
    "location_rule": "location-rules",
    "tier_plan": "tier-plans",
    "voice_plan": "voice-plans",
    "deck": "rate-decks",
    "catalog": "usage-catalogues",
    "discount": "discounts",
}


@pytest.fixture
def catalogue(client: Client, db: None) -> Client:
    """The browser of who keeps prices."""
    client.force_login(person("Catalogue admin"))
    return client


def lines(client: Client, name: str, **query: str) -> list[str]:
    answer = client.get(reverse(f"pricing:{name}_list"), {**query, "export": "csv"})
    return b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()


def test_every_list_exports_the_columns_that_it_imports(catalogue: Client) -> None:
    for name, slug in LISTS.items():
        assert lines(catalogue, name)[0].split(",") == load_resources()[slug]().export_head()
    page = catalogue.get(reverse("pricing:plan_list")).content.decode()
    assert reverse("imports:new", query={"kind": "price-plans"}) in page


def test_an_export_holds_what_the_filter_leaves(catalogue: Client) -> None:
    PricePlanFactory(code="retail")
    PricePlanFactory(code="staff")
    RateDeckFactory(code="world")
    RateDeckFactory(code="near")

    assert [line.split(",")[0] for line in lines(catalogue, "plan", q="staff")] == ["code", "staff"]
    assert len(lines(catalogue, "deck", q="near")) == 2


def test_tax_groups_lead_to_their_file(catalogue: Client) -> None:
    page = catalogue.get(reverse("pricing:tax_groups")).content.decode()

    assert reverse("imports:kind", args=["tax-groups"]) in page
    assert catalogue.get(reverse("imports:kind", args=["tax-groups"])).status_code == 200


@pytest.mark.django_db
def test_the_samples_fit_together_on_an_empty_database():
    """What rests on an effective plan comes last: files only draft plans."""
    CurrencyFactory()
    last = "plan-conditions"
    for slug in [*(each for each in load_resources() if each != last), last]:
        if slug == last:
            base = make_effective(PricePlan.objects.get(code="sample-retail"))
            create_plan(
                code="sample-staff", name="Staff", currency="EUR", kind="CONDITIONAL", base=base
            )
        reports = stored(slug, sample(slug))
        assert errors(reports) == {}, slug
        assert set(outcomes(reports)) == {"NEW"}, slug
