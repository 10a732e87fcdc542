"""Conditional plans: their base, their conditions, and what freezes with them."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError

from config.shared.db import days
from pricing.kernel.conditions import ConditionKind, ConditionUse
from pricing.models import PlanCondition, PlanKind, PlanState, PricePlan
from pricing.operations.condition_texts import condition_texts
from pricing.operations.plans import (
    BaseInUse,
    ConditionError,
    NoConditions,
    NotConditional,
    PlanInUse,
    WrongBase,
    add_condition,
    change_condition,
    clone_plan,
    create_plan,
    delete_plan,
    draft_replacement,
    make_effective,
    mark_used,
    remove_condition,
    replacement_effects,
    take_over,
    update_plan,
)
from tests.catalog.factories import AccountClassFactory, ProductFactory
from tests.pricing.factories import CurrencyFactory, PricePlanFactory, RateFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 1, 15, 9, tzinfo=UTC)
ON = date(2026, 1, 15)
RATES = ConditionUse.RATES


def conditional(base: PricePlan | None = None, **options: object) -> PricePlan:
    """Return a draft of a conditional plan in euros for the account class Staff."""
    base = base or PricePlanFactory()
    given = {"code": f"staff-{base.code}", "name": "Staff", "currency": "EUR", **options}
    plan = create_plan(kind=PlanKind.CONDITIONAL, base=base, **given)
    staff = AccountClassFactory(name=f"Staff {plan.code}")
    add_condition(plan, use=RATES, kind="ACCOUNT_CLASS", values=[f"account_class:{staff.pk}"])
    return plan


@pytest.mark.case("crmcom:R8")
def test_a_conditional_plan_without_a_base_plan_is_refused() -> None:
    CurrencyFactory()

    with pytest.raises(WrongBase, match="has a base plan") as refusal:
        create_plan(code="staff", name="Staff", currency="EUR", kind=PlanKind.CONDITIONAL)

    assert refusal.value.field == "base"
    assert not PricePlan.objects.exists()


def test_a_conditional_plan_cannot_be_the_base_of_another() -> None:
    plan = make_effective(conditional())

    with pytest.raises(WrongBase, match="is a conditional plan"):
        conditional(plan, code="loop")


def test_a_plan_cannot_be_its_own_base() -> None:
    plan = PricePlanFactory()

    with pytest.raises(WrongBase, match="is a conditional plan"):
        update_plan(plan, kind=PlanKind.CONDITIONAL, base=plan)


def test_a_base_in_another_currency_is_refused() -> None:
    CurrencyFactory(yen=True)

    with pytest.raises(WrongBase, match="is in EUR, this plan in JPY"):
        conditional(PricePlanFactory(), currency="JPY")


@pytest.mark.parametrize("state", [PlanState.DRAFT, PlanState.EXPIRED])
def test_a_base_that_is_not_effective_is_refused(state: PlanState) -> None:
    with pytest.raises(WrongBase, match="choose an effective plan"):
        conditional(PricePlanFactory(state=state))


def test_a_base_plan_has_no_base_and_no_conditions() -> None:
    base = PricePlanFactory()

    with pytest.raises(WrongBase, match="no base plan itself"):
        create_plan(code="other", name="Other", currency="EUR", base=base)
    with pytest.raises(NotConditional, match="its rates always hold"):
        add_condition(base, use=RATES, kind="DAYS", days=days(ON, None))


def test_the_base_of_a_plan_keeps_kind_and_currency_and_is_not_deleted() -> None:
    CurrencyFactory(yen=True)
    plan = conditional()
    base = plan.base
    assert base is not None

    with pytest.raises(BaseInUse, match="is the base of Staff"):
        update_plan(base, currency="JPY")
    PricePlan.objects.filter(pk=base.pk).update(state=PlanState.DRAFT)
    with pytest.raises(BaseInUse, match="cannot be deleted"):
        delete_plan(base)
    with pytest.raises(ProtectedError):
        base.delete()


def test_a_plan_with_conditions_does_not_become_a_base_plan() -> None:
    plan = conditional()

    with pytest.raises(WrongBase, match="remove them first"):
        update_plan(plan, kind=PlanKind.BASE, base=None)
    remove_condition(plan.conditions.get())
    update_plan(plan, kind=PlanKind.BASE, base=None)

    plan.refresh_from_db()
    assert (plan.kind, plan.base) == (PlanKind.BASE, None)


def test_a_conditional_plan_without_conditions_does_not_become_effective() -> None:
    plan = conditional()
    remove_condition(plan.conditions.get())

    with pytest.raises(NoConditions, match="add one"):
        make_effective(plan)


@pytest.mark.parametrize(
    ("condition", "field"),
    [
        pytest.param({"kind": "ACCOUNT_CLASS"}, "values", id="no value"),
        pytest.param({"kind": "ACCOUNT_CLASS", "values": ["family:1"]}, "values", id="other kind"),
        pytest.param(
            {"kind": "ACCOUNT_CLASS", "values": ["account_class:0"]}, "values", id="gone value"
        ),
        pytest.param({"kind": "FREQUENCY", "values": ["frequency:NEVER"]}, "values", id="no word"),
        pytest.param({"kind": "BINDING"}, "least", id="no bound"),
        pytest.param({"kind": "BINDING", "least": Decimal(-1)}, "least", id="negative"),
        pytest.param(
            {"kind": "BINDING", "least": Decimal(12), "most": Decimal(6)}, "most", id="no number"
        ),
        pytest.param({"kind": "BINDING", "least": Decimal("NaN")}, "least", id="not a number"),
        pytest.param(
            {"kind": "DAYS", "days": days(ON, None), "least": Decimal(1)}, "least", id="number"
        ),
        pytest.param({"kind": "DAYS"}, "valid_from", id="no day"),
        pytest.param({"kind": "DAYS", "days": days(None, None)}, "valid_from", id="all days"),
        pytest.param({"kind": "DAYS", "days": days(ON, ON)}, "valid_until", id="no day left"),
        pytest.param(
            {"kind": "BINDING", "least": Decimal(1), "days": days(ON, None)},
            "valid_from",
            id="days of a number",
        ),
    ],
)
def test_a_condition_that_cannot_hold_is_refused_at_its_field(
    condition: dict[str, Any], field: str
) -> None:
    plan = conditional()

    with pytest.raises(ConditionError) as refusal:
        add_condition(plan, use=RATES, **condition)

    assert refusal.value.field == field
    assert plan.conditions.count() == 1


def test_conditions_say_in_words_what_they_ask_for() -> None:
    plan = conditional()
    product = ProductFactory(name="Sports")
    add_condition(plan, use=RATES, kind="FREQUENCY", values=["frequency:ANNUAL", "frequency:DAILY"])
    add_condition(plan, use=RATES, kind="BINDING", least=Decimal(12))
    add_condition(
        plan, use=RATES, kind="SERVICES", values=[f"product:{product.pk}"], most=Decimal(2)
    )
    add_condition(plan, use=RATES, kind="DAYS", days=days(ON, date(2026, 2, 1)))

    texts = condition_texts(list(plan.conditions.order_by("position")))

    assert texts == [
        f"the account class is Staff {plan.code}",
        "the billing frequency is Annual or Daily",
        "the binding period has at least 12 months",
        "the subscription has at most 2 of Sports",
        "the day is from 15 Jan 2026 to 31 Jan 2026",
    ]


def test_a_used_plan_keeps_its_base_and_conditions() -> None:
    plan = make_effective(conditional())
    condition = plan.conditions.get()

    assert mark_used([plan.pk], now=NOW) == 2  # with the base, whose rates may hold

    other = PricePlanFactory()
    with pytest.raises(PlanInUse, match="its base plan stays"):
        update_plan(plan, base=other)
    with pytest.raises(PlanInUse):
        add_condition(plan, use=RATES, kind="DAYS", days=days(ON, None))
    with pytest.raises(PlanInUse):
        change_condition(condition, use=ConditionUse.SELECTION, values=["account_class:1"])
    with pytest.raises(PlanInUse):
        remove_condition(condition)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE pricing_plancondition SET use = 'SELECTION' WHERE plan_id = %(plan)s",
        "DELETE FROM pricing_planconditionvalue WHERE condition_id = %(condition)s",
        (
            "INSERT INTO pricing_plancondition (plan_id, position, use, kind, days) "
            "VALUES (%(plan)s, 9, 'RATES', 'DAYS', '[2026-01-01,)')"
        ),
        (
            "INSERT INTO pricing_planconditionvalue (condition_id, product_id) "
            "SELECT %(condition)s, id FROM catalog_product LIMIT 1"
        ),
        (
            "INSERT INTO subscriptions_planconditionterm (condition_id, frequency) "
            "VALUES (%(condition)s, 'ANNUAL')"
        ),
        "UPDATE pricing_priceplan SET base_id = %(other)s WHERE id = %(plan)s",
    ],
)
def test_raw_sql_does_not_change_what_a_used_plan_rests_on(statement: str) -> None:
    plan = make_effective(conditional())
    ProductFactory()
    mark_used([plan.pk], now=NOW)
    names = {
        "plan": plan.pk,
        "condition": plan.conditions.get().pk,
        "other": PricePlanFactory().pk,
    }

    with (
        pytest.raises(IntegrityError, match="has been used"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement, names)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE pricing_priceplan SET base_id = id WHERE id = %(plan)s",
        "UPDATE pricing_priceplan SET base_id = NULL WHERE id = %(plan)s",
        "UPDATE pricing_priceplan SET base_id = %(yen)s WHERE id = %(plan)s",
        (
            "UPDATE pricing_priceplan SET kind = 'CONDITIONAL', base_id = %(other)s "
            "WHERE id = %(base)s"
        ),
        "UPDATE pricing_priceplan SET currency = 'JPY' WHERE id = %(base)s",
        "DELETE FROM pricing_priceplan WHERE id = %(base)s; SET CONSTRAINTS ALL IMMEDIATE",
    ],
)
def test_raw_sql_does_not_bend_the_base(statement: str) -> None:
    plan = conditional()
    names = {
        "plan": plan.pk,
        "base": plan.base_id,
        "other": PricePlanFactory().pk,
        "yen": PricePlanFactory(currency=CurrencyFactory(yen=True).code).pk,
    }

    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, names)


def test_a_clone_has_the_rates_base_and_conditions_of_its_plan() -> None:
    plan = conditional()
    rate = RateFactory(plan=plan, base_amount=Decimal("9.90"))
    add_condition(plan, use=RATES, kind="BINDING", least=Decimal(12), most=Decimal(24))

    clone = clone_plan(plan, code="copy", name="Copy")

    assert (clone.state, clone.kind, clone.base) == (PlanState.DRAFT, plan.kind, plan.base)
    assert clone.rates.get().base_amount == rate.base_amount
    texts = [condition_texts(list(one.conditions.order_by("position"))) for one in (plan, clone)]
    assert texts[0] == texts[1]
    assert len(texts[0]) == 2


def test_when_a_base_is_replaced_unused_conditional_plans_follow_and_used_ones_stay() -> None:
    base = PricePlanFactory()
    draft = conditional(base, code="draft")
    used = make_effective(conditional(base, code="used"))
    mark_used([used.pk], now=NOW)
    new = draft_replacement(base, code="new", name="New")

    effects = replacement_effects(base, new)
    take_over(new, by=None, on=ON)

    moved = [(each.what, each.moves, each.count) for each in effects]
    assert moved == [("conditional plans", True, 1), ("conditional plans", False, 1)]
    draft.refresh_from_db()
    used.refresh_from_db()
    assert (draft.base, used.base) == (new, base)


def test_the_replacement_of_a_conditional_plan_rests_on_what_replaced_its_base() -> None:
    base = PricePlanFactory()
    used = make_effective(conditional(base))
    mark_used([used.pk], now=NOW)
    new_base = take_over(draft_replacement(base, code="new", name="New"), by=None, on=ON)

    replacement = draft_replacement(used, code="staff-2", name="Staff 2")

    assert replacement.base == new_base
    assert replacement.conditions.count() == 1
    take_over(replacement, by=None, on=ON)
    replacement.refresh_from_db()
    assert replacement.state == PlanState.EFFECTIVE


def test_a_condition_is_changed_as_a_whole() -> None:
    plan = conditional()
    condition = plan.conditions.get()
    gold = AccountClassFactory(name="Gold")

    change_condition(condition, use=ConditionUse.SELECTION, values=[f"account_class:{gold.pk}"] * 2)

    stored = PlanCondition.objects.get(plan=plan)
    assert (stored.use, stored.kind) == ("SELECTION", ConditionKind.ACCOUNT_CLASS.value)
    assert condition_texts([stored]) == ["the account class is Gold"]
