"""Importing and exporting usage plans and catalogues: every row is an operation call."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from pricing.models import (
    ProductUsagePlan,
    RateDeck,
    TierPlan,
    UsageCatalog,
    UsageCatalogRow,
    VoicePlan,
)
from pricing.operations.usage_records import mark_used
from tests.catalog.factories import ProductFactory
from tests.pricing.factories import (
    CurrencyFactory,
    RateDeckFactory,
    TierPlanFactory,
    UsageCatalogFactory,
    VoicePlanFactory,
)
from tests.pricing.imports.rows import changes, checked, exported, outcomes, refused, stored

NOW = datetime(2026, 2, 1, 9, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db
D = Decimal
CLASSES = "plan,class,name,prefixes,treatment,rate,steps\n"


def test_tier_plans_come_with_their_tiers():
    CurrencyFactory()
    head = "code,name,currency,samples,style,unit price,tiers\n"
    stored(
        "tier-plans",
        head + "data,Data,EUR,,,0.60,\n"
        "burst,Burst,EUR,Percentile,Marginal,,100: 0.50; 500: 0.40 + 5; *: 0.30\n",
    )

    again = checked("tier-plans", exported("tier-plans"))
    other = checked("tier-plans", "code,name,currency,tiers\nburst,Burst,EUR,100: 0.5; *: 0.2\n")
    mark_used(TierPlan, [TierPlan.objects.get(code="data").pk], now=NOW)
    wrong = checked(
        "tier-plans",
        head + "data,Data,EUR,,,0.70,\n"
        "a,A,EUR,,Marginal,,100: 1; 50: 2\n"
        "b,B,EUR,,,1,100: 1\n"
        "c,C,ZZZ,,,1,\n"
        "d,D,EUR,,,-1,\n"
        "e,E,EUR,,Marginal,,2> 100: 1\n",
    )

    burst = TierPlan.objects.get(code="burst")
    assert (burst.reduction, burst.percentile, burst.style) == ("PERCENTILE", 95, "MARGINAL")
    assert list(burst.tiers.order_by("position").values_list("up_to", "rate", "fixed")) == [
        (D(100), D("0.5"), D(0)),
        (D(500), D("0.4"), D(5)),
        (None, D("0.3"), D(0)),
    ]
    assert outcomes(again) == ["SAME", "SAME"]
    assert changes(other)[2]["tiers"] == [
        "100: 0.5; 500: 0.4 + 5; *: 0.3",
        "100: 0.5; *: 0.2",
    ]
    assert refused(wrong) == {
        2: [""],
        3: ["tiers"],
        4: ["tiers"],
        5: ["currency"],
        6: ["unit price"],
        7: ["tiers"],
    }


def test_decks_come_with_their_time_bands():
    CurrencyFactory()
    head = "code,name,currency,time bands\n"
    bands = "peak Mon-Fri 08:00-20:00; weekend Sat, Sun 00:00-24:00"
    stored("rate-decks", head + f'world,World,EUR,"{bands}"\n')

    again = checked("rate-decks", exported("rate-decks"))
    other = checked("rate-decks", head + "world,World,EUR,peak mon–thu 9:00-20:00\n")
    wrong = checked(
        "rate-decks",
        head + "a,A,EUR,peak 08:00-20:00\n"
        "b,B,EUR,peak Mon 20:00-08:00\n"
        "c,C,EUR,peak Mon 08:00-20:00; low Mon 19:00-24:00\n"
        "d,D,EUR,peak Noday 08:00-20:00\n"
        "e,E,ZZZ,\n",
    )

    deck = RateDeck.objects.get()
    assert list(deck.bands.order_by("pk").values_list("code", "weekdays", "end_minute")) == [
        ("peak", [0, 1, 2, 3, 4], 1200),
        ("weekend", [5, 6], 1440),
    ]
    assert outcomes(again) == ["SAME"]
    assert changes(other) == {
        2: {
            "time bands": [
                "peak Mon-Fri 08:00-20:00; weekend Sat-Sun 00:00-24:00",
                "peak Mon-Thu 09:00-20:00",
            ]
        }
    }
    assert refused(wrong) == {**{line: ["time bands"] for line in range(2, 6)}, 6: ["currency"]}


def test_voice_plans_come_with_classes_of_numbers():
    RateDeckFactory(code="world")
    stored(
        "voice-plans",
        "code,name,deck,minutes,rate beyond,shared\nhome,Home,WORLD,500,0.03,Yes\n",
    )
    stored(
        "voice-classes",
        CLASSES + "home,Toll free,Free,1800; 1888,Free,,\n"
        "home,International,Greece,30,Own rate,0.12,60\n",
    )

    assert outcomes(checked("voice-plans", exported("voice-plans"))) == ["SAME"]
    assert outcomes(checked("voice-classes", exported("voice-classes"))) == ["SAME", "SAME"]
    batch = stored(
        "voice-classes", CLASSES + "home,International,Greece,30; 3069,Own rate,0.1,60\n"
    )
    assert changes(batch) == {2: {"prefixes": ["30", "30; 3069"], "rate": ["0.12", "0.1"]}}
    plan = VoicePlan.objects.get()
    assert (plan.plan_minutes, plan.overage_rate, plan.pooled) == (500, D("0.03"), True)
    assert list(plan.classes.order_by("position").values_list("name", "prefixes", "rate")) == [
        ("Free", ["1800", "1888"], D(0)),
        ("Greece", ["30", "3069"], D("0.1")),
    ]


def test_a_class_that_cannot_stand_is_refused_at_its_column():
    VoicePlanFactory(code="home")
    used = VoicePlanFactory(code="used")
    mark_used(VoicePlan, [used.pk], now=NOW)

    batch = checked(
        "voice-classes",
        CLASSES + "home,Premium,A,+900,Free,,\n"
        "home,Premium,B,900,Free,1,\n"
        "home,Premium,C,900,Own rate,1,0\n"
        "home,Premium,D,900,Free,,\n"
        "home,Premium,E,900,Free,,\n"
        "home,Weather,F,901,Free,,\n"
        "used,Premium,G,900,Free,,\n",
    )

    assert refused(batch) == {
        2: ["prefixes"],
        3: ["rate"],
        4: ["steps"],
        6: ["prefixes"],
        7: ["class"],
        8: [""],
    }


def test_catalogues_come_with_rates_on_days_and_events():
    CurrencyFactory()
    ProductFactory(code="MATCH", usage=True)
    stored(
        "usage-catalogues",
        "code,name,currency,valid\nsport,Sport,EUR,2026-08-01..2027-05-31\n",
    )
    head = "catalogue,product,rate,valid,event from,event until,provisioning id,pre-rated\n"
    stored(
        "usage-rates",
        head + "sport,match,9.99,..2026-08-31,,,,\n"
        "SPORT,MATCH,12.5,2026-09-01..,2026-09-12 20:45,2026-09-12 22:45,M-1,Yes\n",
    )

    early, late = UsageCatalogRow.objects.order_by("rate")
    assert outcomes(checked("usage-catalogues", exported("usage-catalogues"))) == ["SAME"]
    assert outcomes(checked("usage-rates", exported("usage-rates"))) == ["SAME", "SAME"]
    assert (early.rate, late.rate) == (D("9.99"), D("12.5"))
    assert late.event.lower == datetime(2026, 9, 12, 17, 45, tzinfo=UTC)
    assert (late.pre_rated, late.provisioning_id) == (True, "M-1")
    batch = checked("usage-rates", head + "sport,MATCH,8,..2026-08-15,,,,\n")
    assert changes(batch) == {2: {"rate": ["9.99", "8"], "valid": ["..2026-08-31", "..2026-08-15"]}}


def test_a_usage_rate_that_cannot_stand_is_refused_at_its_column():
    catalog, used = UsageCatalogFactory(code="films"), UsageCatalogFactory(code="used")
    ProductFactory(code="FILM", usage=True)
    ProductFactory(code="TV-1")
    mark_used(UsageCatalog, [used.pk], now=NOW)

    batch = checked(
        "usage-rates",
        "catalogue,product,rate,valid,event from\n"
        "films,TV-1,1,,\n"
        "films,FILM,-1,,\n"
        "films,FILM,1,2026-01-01..2026-12-31,\n"
        "films,FILM,1,2026-06-01..,\n"
        "films,FILM,1,2027-13-01..,\n"
        "films,FILM,1,2028-01-01..2027-01-01,\n"
        "films,FILM,1,2025-01-01..2025-01-31,tonight\n",
    )

    assert not catalog.rows.exists()
    assert refused(batch) == {
        2: ["product"],
        3: ["rate"],
        5: ["product"],
        6: ["valid"],
        7: ["valid"],
        8: ["event from"],
    }


def test_products_get_their_usage_plan():
    TierPlanFactory(code="data")
    voice = VoicePlanFactory(code="home")
    ProductFactory(code="NET")
    ProductFactory(code="VISIT", one_time=True)
    head = "product,tier plan,voice plan\n"
    stored("usage-plans", head + "NET,data,\n")

    again = checked("usage-plans", exported("usage-plans"))
    wrong = checked("usage-plans", head + "NET,data,home\nVISIT,data,\nNET-2,data,\n")
    stored("usage-plans", head + "NET,,home\n")

    assert outcomes(again) == ["SAME"]
    assert refused(wrong) == {2: ["voice plan"], 3: [""], 4: ["product"]}
    assert ProductUsagePlan.objects.get().voice_plan == voice
    stored("usage-plans", head + "NET,,\n")
    assert not ProductUsagePlan.objects.exists()
