"""Pages of tier plans, voice plans and usage catalogues, and the product's panels."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from pricing.models import RateDeck, RateDeckVersion, TierPlan, UsageCatalog, VoicePlan
from pricing.operations.tier_plans import TierRow
from pricing.operations.usage_catalogs import add_usage_rate
from pricing.operations.usage_records import mark_used
from pricing.operations.voice_plans import ClassRow
from pricing.queries.usage_plans import plan_of_product
from tests.catalog.factories import ProductFactory, ProductTypeFactory
from tests.pricing.factories import (
    CurrencyFactory,
    RateDeckFactory,
    TierPlanFactory,
    UsageCatalogFactory,
    VoicePlanFactory,
    read_deck,
)
from tests.pricing.views.form_rows import rows

pytestmark = pytest.mark.django_db
D = Decimal
NOW = datetime(2026, 1, 15, tzinfo=UTC)
BANDS = "Prefix,Description,Rate,Minimum seconds,Increment seconds\n"
KINDS = {
    "tier_plan": (TierPlanFactory, TierPlan),
    "voice_plan": (VoicePlanFactory, VoicePlan),
    "deck": (RateDeckFactory, RateDeck),
    "catalog": (UsageCatalogFactory, UsageCatalog),
}


def usage_product(**options):
    return ProductFactory(type=ProductTypeFactory(usage=True), **options)


def tier_data(*tiers: dict[str, str], **changes: str) -> dict[str, str]:
    data = {
        "name": "Traffic",
        "code": "traffic",
        "currency": CurrencyFactory().code,
        "reduction": "SUM",
        "percentile": "95",
        "direction": "BOTH",
        "units": "GB",
        "style": "MARGINAL",
        "unit_price": "0",
        "free_units": "0",
        "can_go_down": "on",
        **rows(*tiers),
    }
    return {**data, **changes}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("use", ["unused", "used"])
def test_the_pages_open(admin: Client, kind: str, use: str) -> None:
    factory, model = KINDS[kind]
    record = factory()
    if use == "used":
        if kind == "deck":
            version = read_deck(record, BANDS + "49,Germany,0.03,0,1\n").version
            mark_used(RateDeckVersion, [version.pk], now=NOW)
        else:
            mark_used(model, [record.pk], now=NOW)
    acts = ["detail", "change", "delete", *([] if kind == "deck" else ["clone"])]

    for address in [
        reverse(f"pricing:{kind}_list"),
        reverse(f"pricing:{kind}_new"),
        *(reverse(f"pricing:{kind}_{act}", args=[record.code]) for act in acts),
        reverse(f"pricing:{kind}_detail", args=[record.code]) + "?tab=history",
    ]:
        assert admin.get(address).status_code == 200, address


@pytest.mark.parametrize("kind", KINDS)
def test_a_csr_reads_and_changes_nothing(reader: Client, kind: str) -> None:
    record = KINDS[kind][0]()

    assert reader.get(reverse(f"pricing:{kind}_detail", args=[record.code])).status_code == 200
    assert reader.get(reverse(f"pricing:{kind}_new")).status_code == 403
    for act in ("change", "delete"):
        address = reverse(f"pricing:{kind}_{act}", args=[record.code])
        assert reader.get(address).status_code == 403


@pytest.mark.parametrize("kind", KINDS)
def test_lists_take_the_same_queries_for_any_number(
    admin: Client, kind: str, django_assert_num_queries
) -> None:
    for _ in range(5):
        KINDS[kind][0]()

    with django_assert_num_queries(4):
        admin.get(reverse(f"pricing:{kind}_list"))


def test_a_tier_plan_is_made_with_its_tiers(admin: Client) -> None:
    data = tier_data({"above": "0", "up_to": "10", "rate": "1"}, {"above": "10", "rate": "0.8"}, {})

    response = admin.post(reverse("pricing:tier_plan_new"), data)

    plan = TierPlan.objects.get(code="traffic")
    assert response.url == plan.get_absolute_url()
    assert [tier.up_to for tier in plan.tiers.order_by("position")] == [D(10), None]


def test_a_gap_between_tiers_is_shown_at_its_row(admin: Client) -> None:
    data = tier_data({"up_to": "10", "rate": "1"}, {"above": "12", "rate": "0.8"})

    response = admin.post(reverse("pricing:tier_plan_new"), data)

    assert response.context["form"].rows.forms[1].errors["above"]
    assert "leaves a gap" in response.content.decode()
    assert not TierPlan.objects.exists()


def test_a_plan_that_becomes_linear_loses_its_tiers(admin: Client) -> None:
    plan = TierPlanFactory(
        style="MARGINAL", unit_price=D(0), free_units=D(0), tiers=[TierRow(None, D(1))]
    )
    data = tier_data({"above": "0", "rate": "1"}, style="LINEAR", unit_price="0.5", code=plan.code)
    data["rows-INITIAL_FORMS"] = "1"

    admin.post(reverse("pricing:tier_plan_change", args=[plan.code]), data)

    plan.refresh_from_db()
    assert (plan.style, plan.unit_price, plan.tiers.count()) == ("LINEAR", D("0.5"), 0)


def test_a_used_plan_is_renamed_without_its_rows(admin: Client) -> None:
    plan = TierPlanFactory()
    mark_used(TierPlan, [plan.pk], now=NOW)
    address = reverse("pricing:tier_plan_change", args=[plan.code])

    admin.post(address, {"name": "Renamed", "code": plan.code, "description": ""})

    plan.refresh_from_db()
    assert (plan.name, plan.unit_price) == ("Renamed", D("0.60"))


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        pytest.param({"amount": "75"}, ["39.00 EUR", "65"], id="amount"),
        pytest.param({"samples": "10\t20\n30;40\n"}, ["54.00 EUR", "2 samples"], id="samples"),
        pytest.param({"samples": "10 x"}, ["Line 1 is not"], id="no number"),
        pytest.param({"amount": "9" * 16}, ["more than a bill can hold"], id="too much"),
        pytest.param({}, ["Type an amount or paste samples"], id="nothing"),
    ],
)
def test_a_tier_plan_is_tried(admin: Client, asked: dict[str, str], words: list[str]) -> None:
    page = admin.post(reverse("pricing:tier_plan_try", args=[TierPlanFactory().code]), asked)

    text = " ".join(page.content.decode().replace("\N{NO-BREAK SPACE}", " ").split())
    assert all(word in text for word in words)


def test_a_voice_plan_is_made_with_its_classes(admin: Client) -> None:
    data = {
        "name": "Home",
        "code": "home",
        "deck": RateDeckFactory().code,
        "plan_minutes": "500",
        "covers": "OUTBOUND",
        "overage_rate": "0.03",
        "minimum_seconds": "0",
        "increment_seconds": "60",
        "long_distance_minimum": "30",
        "inbound_rate": "0",
        **rows(
            {
                "call_class": "TOLL_FREE",
                "name": "Toll free",
                "treatment": "FREE",
                "prefixes": "1800, +1 844",
                "increment_seconds": "1",
            },
            {"treatment": "PLAN_CALL"},
        ),
    }

    admin.post(reverse("pricing:voice_plan_new"), data)

    plan = VoicePlan.objects.get(code="home")
    assert plan.classes.get().prefixes == ["1800", "1844"]
    assert plan.increment_seconds == 60


def test_a_call_is_tried_under_a_voice_plan(admin: Client) -> None:
    deck = RateDeckFactory()
    read_deck(deck, BANDS + "49,Germany,0.03,60,6\n")
    plan = VoicePlanFactory(deck=deck, classes=[ClassRow("LOCAL", "Local", ["1"], "PLAN_CALL")])
    address = reverse("pricing:voice_plan_detail", args=[plan.code])
    asked = {"seconds": "67", "on": "2026-01-15", "at": "12:00", "minutes_used": "499"}

    abroad = admin.get(address, {**asked, "number": "+49 30 123456"}).content.decode()
    local = admin.get(address, {**asked, "number": "15125551234"}).content.decode()

    assert "0.036" in abroad
    assert "Germany" in abroad
    assert "7 of them are beyond the plan minutes" in " ".join(local.split())


def test_a_usage_product_is_added_to_a_catalogue_from_both_pages(admin: Client) -> None:
    catalog, film = UsageCatalogFactory(), usage_product()
    of_catalog = reverse("pricing:catalog_detail", args=[catalog.code])

    refused = admin.post(
        of_catalog,
        {"panel": "rates", "rates-product": ProductFactory().code, "rates-rate": "4"},
    )
    admin.post(
        of_catalog,
        {
            "panel": "rates",
            "rates-product": film.code,
            "rates-rate": "4",
            "rates-event_from": "2026-01-15T20:00",
            "rates-event_until": "2026-01-15T22:00",
        },
    )
    other = UsageCatalogFactory()
    admin.post(
        reverse("catalog:product_detail", args=[film.code]) + "?tab=pricing",
        {
            "panel": "usage-catalogs",
            "usage-catalogs-catalog": other.code,
            "usage-catalogs-rate": "5",
            "usage-catalogs-valid_until": "2026-01-31",
        },
    )

    assert "is not a usage service" in refused.content.decode()
    assert catalog.rows.get().event.upper is not None
    assert other.rows.get().validity.upper == date(2026, 2, 1)
    page = admin.get(reverse("catalog:product_detail", args=[film.code]) + "?tab=pricing")
    assert str(other) in page.content.decode()


def test_a_rate_of_a_catalogue_is_changed_and_removed(admin: Client) -> None:
    row = add_usage_rate(UsageCatalogFactory(), product=usage_product(), rate=D(4))
    address = reverse("pricing:catalog_rate_change", args=[row.catalog.code, row.pk])

    assert admin.get(address).status_code == 200
    admin.post(address, {"rate": "4.5"})
    row.refresh_from_db()
    assert row.rate == D("4.5")
    admin.post(reverse("pricing:catalog_rate_remove", args=[row.catalog.code, row.pk]), {})
    assert not row.catalog.rows.exists()


def test_a_termed_product_gets_a_usage_plan_on_its_page(admin: Client) -> None:
    product, tiers, voice = ProductFactory(), TierPlanFactory(), VoicePlanFactory()
    address = reverse("catalog:product_detail", args=[product.code]) + "?tab=pricing"
    name = "usage-billing"

    both = admin.post(
        address,
        {"panel": name, f"{name}-tier_plan": tiers.code, f"{name}-voice_plan": voice.code},
    )
    admin.post(address, {"panel": name, f"{name}-tier_plan": tiers.code})

    assert "not both" in both.content.decode()
    assert plan_of_product(product).tier_plan == tiers
    assert tiers.name in admin.get(address).content.decode()


@pytest.mark.parametrize(
    ("name", "factory"),
    [
        ("choose_tier_plan", TierPlanFactory),
        ("choose_voice_plan", VoicePlanFactory),
        ("choose_deck", RateDeckFactory),
        ("choose_catalog", UsageCatalogFactory),
        ("choose_usage_service", usage_product),
    ],
)
def test_fields_that_search_find_by_code(admin: Client, name: str, factory) -> None:
    code = factory().code

    answer = admin.get(reverse(f"pricing:{name}"), {"q": code}).json()

    assert [choice["value"] for choice in answer["choices"]] == [code]
