"""Importing and exporting conditions of price plans: every row is an operation call."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from config.shared.db import days
from pricing.models import PlanKind, PricePlan
from pricing.operations.condition_texts import condition_texts
from pricing.operations.plans import add_condition, mark_used
from tests.catalog.factories import AccountClassFactory, FamilyFactory, ProductFactory
from tests.pricing.factories import PricePlanFactory
from tests.pricing.imports.rows import (
    changes,
    checked,
    errors,
    exported,
    outcomes,
    refused,
    stored,
)
from tests.subscriptions.factories import SchemeFactory

NOW = datetime(2026, 2, 1, 9, 0, tzinfo=UTC)

pytestmark = pytest.mark.django_db
HEAD = "plan,number,asked,kind,values,at least,at most,days\n"


@pytest.fixture
def plan() -> PricePlan:
    """The conditional plan “staff” with what its conditions may name."""
    AccountClassFactory(code="gold", name="Gold")
    AccountClassFactory(code="staff", name="Staff")
    ProductFactory(code="INTERNET", name="Internet")
    FamilyFactory(code="pay-tv", name="Pay TV")
    SchemeFactory(code="annual", name="Annual")
    base = PricePlanFactory(code="retail")
    return PricePlanFactory(code="staff", name="Staff", kind=PlanKind.CONDITIONAL, base=base)


GOOD = (
    HEAD + "staff,1,To choose the plan,Account class,GOLD; staff,,,\n"
    "staff,2,,Services on the subscription,product internet; family PAY-TV,2,,\n"
    "staff,3,,Months of the binding period,,12,24,\n"
    "staff,4,,Billing term scheme,annual,,,\n"
    "staff,5,,Billing frequency,monthly; Annual,,,\n"
    "staff,6,,Days,,,,2026-01-01..2026-12-31\n"
)


def test_rows_of_every_kind_become_conditions_and_are_exported_as_the_same(send, apply, plan):
    apply(send("plan-conditions", GOOD))

    made = list(plan.conditions.order_by("position"))
    assert condition_texts(made) == [
        "the account class is Gold or Staff",
        "the subscription has at least 2 of Internet or Pay TV and below",
        "the binding period has 12 to 24 months",
        "the billing term scheme is Annual",
        "the billing frequency is Annual or Monthly",
        "the day is from 1 Jan 2026 to 31 Dec 2026",
    ]
    assert [each.use for each in made] == ["SELECTION", *["RATES"] * 5]
    assert made[5].days == days(date(2026, 1, 1), date(2027, 1, 1))
    assert made[0].values.first().history.get().history_change_reason.startswith("import I-")
    assert made[3].term_values.get().history.get().history_change_reason.startswith("import I-")
    assert outcomes(checked("plan-conditions", exported("plan-conditions"))) == ["SAME"] * 6


def test_a_condition_that_is_there_changes_in_what_the_rows_name(plan):
    stored("plan-conditions", GOOD)

    batch = stored(
        "plan-conditions",
        "plan,number,kind,values,at least\n"
        "staff,1,Account class,gold,\n"
        "staff,3,Months of the binding period,,18\n",
    )

    assert changes(batch) == {
        2: {"values": ["gold; staff", "gold"]},
        3: {"at least": ["12", "18"]},
    }
    assert plan.conditions.get(position=3).least == Decimal(18)


def test_what_makes_no_sense_is_refused_at_its_column(plan):
    add_condition(plan, use="RATES", kind="BINDING", least=Decimal(12))
    used = PricePlanFactory(code="used", kind=PlanKind.CONDITIONAL, base=plan.base)
    mark_used([used.pk], now=NOW)

    batch = checked(
        "plan-conditions",
        HEAD + "nowhere,1,,Days,,,,2026-01-01..\n"
        "retail,1,,Days,,,,2026-01-01..\n"
        "used,1,,Days,,,,2026-01-01..\n"
        "staff,1,,Days,,,,2026-01-01..\n"
        "staff,2,,Account class,gold; silver,,,\n"
        "staff,3,,Account class,,,,\n"
        "staff,4,,Days,gold,,,2026-01-01..\n"
        "staff,5,,Services on the subscription,INTERNET,1,,\n"
        "staff,6,,Months of the binding period,,24,12,\n"
        "staff,7,,Days,,,,2026-02-30..\n"
        "staff,8,,Weather,,,,\n"
        "staff,8,,Days,,,,2026-01-01..\n",
    )

    found = errors(batch)
    assert refused(batch) == {
        2: ["plan"],
        3: [""],
        4: [""],
        5: ["kind"],
        6: ["values"],
        7: ["values"],
        8: ["values"],
        9: ["values"],
        10: ["at most"],
        11: ["days"],
        12: ["kind"],
        13: ["number"],
    }
    assert found[6] == {"values": ["There is no account class “silver”."]}
    assert found[9] == {
        "values": ["“INTERNET” names no services; write product CODE or family CODE."]
    }
    assert "has been used" in found[4][""][0]
