"""Importing and exporting price plans: every row is an operation call."""

from datetime import date

import pytest

from config.shared.db import days
from config.shared.imports.resources import load_resources
from config.shared.imports.writers import csv_text
from pricing.models import PlanKind, PricePlan
from pricing.operations.plans import mark_used
from tests.catalog.imports.conftest import NOW, errors, outcomes
from tests.pricing.factories import CurrencyFactory, PricePlanFactory

pytestmark = pytest.mark.django_db
HEAD = "code,name,currency,kind,base,valid\n"


def test_rows_are_drafts_conditional_ones_with_their_base(send, apply):
    base = PricePlanFactory(code="retail")

    apply(send("price-plans", HEAD + "staff,Staff,EUR,Conditional,retail,2026-01-01..2026-12-31\n"))

    made = PricePlan.objects.get(code="staff")
    assert (made.kind, made.base, made.state) == (PlanKind.CONDITIONAL, base, "DRAFT")
    assert made.validity == days(date(2026, 1, 1), date(2027, 1, 1))


def test_what_makes_no_sense_is_refused_at_its_column(send):
    PricePlanFactory(code="retail")
    CurrencyFactory(yen=True)
    used = PricePlanFactory(code="used")
    mark_used([used.pk], now=NOW)

    batch = send(
        "price-plans",
        HEAD + "a,A,EUR,Conditional,,\n"
        "b,B,JPY,Conditional,retail,\n"
        "c,C,EUR,Base,nowhere,\n"
        "d,D,ZZZ,Base,,\n"
        "used,Used,JPY,Base,,\n"
        "e,E,EUR,Base,,2026-01-01..2026-02-01; 2026-03-01..2026-04-01\n",
    )

    assert {line: list(found) for line, found in errors(batch).items()} == {
        2: ["base"],
        3: ["base"],
        4: ["base"],
        5: ["currency"],
        6: [""],
        7: ["valid"],
    }


def test_what_is_exported_can_be_imported_again_and_changes_nothing(send):
    base = PricePlanFactory(code="retail", validity=days(date(2026, 1, 1), None))
    PricePlanFactory(code="staff", kind=PlanKind.CONDITIONAL, base=base)
    resource = load_resources()["price-plans"]()

    text = "".join(csv_text(resource.export_head(), resource.export_rows(resource.all_records())))
    batch = send("price-plans", text)

    assert outcomes(batch) == ["SAME", "SAME"]
