"""Voice plans and usage catalogues as records: checks, freeze, clones; the plan of a product."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction

from config.shared.db import days
from pricing.kernel.voice_plans import Call, Outcome, rate_call
from pricing.models import ProductUsagePlan, UsageCatalog, VoicePlan
from pricing.operations.usage_catalogs import (
    NotUsage,
    UsageRateExists,
    add_usage_rate,
    change_catalog,
    change_usage_rate,
    clone_catalog,
    delete_catalog,
    remove_usage_rate,
)
from pricing.operations.usage_records import (
    UsagePlanInUse,
    WrongFigure,
    delete_usage_plan,
    mark_used,
)
from pricing.operations.voice_plans import (
    ClassRow,
    NotTermed,
    WrongClass,
    change_voice_plan,
    clone_voice_plan,
    set_usage_plan,
)
from pricing.queries.decks import prefix_index
from pricing.queries.usage_plans import plan_of_product, usage_rate_on, voice_rules_of
from tests.catalog.factories import ProductFactory, ProductTypeFactory
from tests.pricing.factories import (
    RateDeckFactory,
    TierPlanFactory,
    UsageCatalogFactory,
    VoicePlanFactory,
    read_deck,
)

pytestmark = pytest.mark.django_db
D = Decimal
NOW = datetime(2026, 1, 15, tzinfo=UTC)
TOLL_FREE = ClassRow("TOLL_FREE", "Toll free", ["1800", "1844"], "FREE")
SERVICE_CODES = ClassRow("N11", "Service codes", ["311$"], "OWN_RATE", rate=D("1.20"))


def usage_product():
    return ProductFactory(type=ProductTypeFactory(usage=True))


@pytest.mark.case("billmax:C22")
def test_a_stored_plan_rates_calls() -> None:
    deck = RateDeckFactory(minimum_seconds=60)
    version = read_deck(deck, "Prefix,Rate\n1,0\n49,0.03\n").version
    plan = VoicePlanFactory(deck=deck, classes=[TOLL_FREE, SERVICE_CODES])
    rules, find = voice_rules_of(plan), prefix_index(version).find

    rated = [
        rate_call(rules, Call(number, 10), find)
        for number in ("12125551234", "18005551234", "311", "4930123456")
    ]

    assert [one.outcome for one in rated] == [
        Outcome.PLAN_CALL,
        Outcome.FREE,
        Outcome.OWN_RATE,
        Outcome.LONG_DISTANCE,
    ]
    assert [one.amount for one in rated] == [0, 0, D("0.2"), D("0.03")]


@pytest.mark.parametrize(
    ("row", "field"),
    [
        pytest.param(ClassRow("PREMIUM", "Premium", ["19x"], "REFUSED"), "prefixes", id="letters"),
        pytest.param(ClassRow("PREMIUM", "Premium", [], "REFUSED"), "prefixes", id="none"),
        pytest.param(ClassRow("PREMIUM", "Again", ["1800"], "REFUSED"), "prefixes", id="twice"),
        pytest.param(
            ClassRow("PREMIUM", "Premium", ["1900"], "FREE", rate=D(1)), "rate", id="free at a rate"
        ),
        pytest.param(
            ClassRow("PREMIUM", "Premium", ["1900"], "OWN_RATE", rate=D(-1)), "rate", id="negative"
        ),
    ],
)
def test_classes_are_refused_at_the_row(row: ClassRow, field: str) -> None:
    with pytest.raises((WrongClass, WrongFigure)) as refusal:
        VoicePlanFactory(classes=[TOLL_FREE, row])

    assert (refusal.value.row, refusal.value.field) == (1, field)


def test_a_used_voice_plan_keeps_its_rules_but_not_whether_it_is_billed() -> None:
    plan = VoicePlanFactory(classes=[TOLL_FREE])
    mark_used(VoicePlan, [plan.pk], now=NOW)

    assert change_voice_plan(plan, do_not_bill=True).do_not_bill

    for changes in ({"plan_minutes": 5}, {"classes": []}):
        with pytest.raises(UsagePlanInUse):
            change_voice_plan(plan, **changes)
    with pytest.raises(UsagePlanInUse):
        delete_usage_plan(plan)
    copy = clone_voice_plan(plan, code="copy", name="Copy")
    assert [row.prefixes for row in copy.classes.all()] == [["1800", "1844"]]
    delete_usage_plan(change_voice_plan(copy, classes=[SERVICE_CODES]))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE pricing_voiceplan SET plan_minutes = 1",
        "DELETE FROM pricing_voiceplanclass",
        "UPDATE pricing_usagecatalog SET currency = 'USD'",
        "DELETE FROM pricing_usagecatalog",
        "UPDATE pricing_usagecatalogrow SET rate = 9",
        "DELETE FROM pricing_usagecatalogrow",
        (
            "INSERT INTO pricing_usagecatalogrow"
            " (catalog_id, product_id, rate, validity, provisioning_id, pre_rated)"
            " SELECT catalog_id, product_id, 1, 'empty', '', false FROM pricing_usagecatalogrow"
        ),
    ],
)
def test_raw_sql_cannot_change_what_is_used(statement: str) -> None:
    plan = VoicePlanFactory(classes=[TOLL_FREE])
    catalog = UsageCatalogFactory()
    add_usage_rate(catalog, product=usage_product(), rate=D(1))
    mark_used(VoicePlan, [plan.pk], now=NOW)
    mark_used(UsageCatalog, [catalog.pk], now=NOW)

    with (
        pytest.raises(IntegrityError, match="has been used"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


def test_a_catalogue_takes_usage_services_only() -> None:
    catalog = UsageCatalogFactory()

    with pytest.raises(NotUsage):
        add_usage_rate(catalog, product=ProductFactory(), rate=D(1))
    with pytest.raises(WrongFigure):
        add_usage_rate(catalog, product=usage_product(), rate=D(-1))


def test_rates_of_a_product_do_not_overlap_and_are_found_by_day() -> None:
    catalog, film = UsageCatalogFactory(), usage_product()
    first = add_usage_rate(
        catalog, product=film, rate=D(4), validity=days(date(2026, 1, 1), date(2026, 2, 1))
    )

    with pytest.raises(UsageRateExists):
        add_usage_rate(catalog, product=film, rate=D(5))
    add_usage_rate(catalog, product=film, rate=D(5), validity=days(date(2026, 2, 1), None))

    assert usage_rate_on(catalog, film, date(2026, 1, 31)) == first
    assert usage_rate_on(catalog, film, date(2026, 2, 1)).rate == D(5)
    assert usage_rate_on(catalog, film, date(2025, 12, 31)) is None


def test_a_used_catalogue_takes_other_products_and_keeps_its_rates() -> None:
    catalog, film = UsageCatalogFactory(), usage_product()
    row = add_usage_rate(catalog, product=film, rate=D(4))
    mark_used(UsageCatalog, [catalog.pk], now=NOW)

    add_usage_rate(catalog, product=usage_product(), rate=D(3))
    change_catalog(catalog, name="Films", validity=days(date(2026, 1, 1), None))

    acts = [
        lambda: add_usage_rate(catalog, product=film, rate=D(4)),
        lambda: change_usage_rate(row, rate=D(5)),
        lambda: remove_usage_rate(row),
        lambda: change_catalog(catalog, currency="USD"),
        lambda: delete_catalog(catalog),
    ]
    row.catalog.refresh_from_db()
    for act in acts:
        with pytest.raises(UsagePlanInUse):
            act()
    assert clone_catalog(catalog, code="copy", name="Copy").rows.count() == 2


def test_a_termed_product_has_one_usage_plan() -> None:
    product, tiers, voice = ProductFactory(), TierPlanFactory(), VoicePlanFactory()

    set_usage_plan(product, tiers)
    set_usage_plan(product, voice)

    assert plan_of_product(product).voice_plan == voice
    assert plan_of_product(product).tier_plan is None
    set_usage_plan(product, None)
    assert not ProductUsagePlan.objects.exists()
    with pytest.raises(NotTermed):
        set_usage_plan(usage_product(), voice)
