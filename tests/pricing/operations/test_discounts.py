"""Additive discounts as records: drafted, made effective, frozen, replaced, deleted."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from config.shared.db import days
from pricing.models import AdditiveDiscount, DiscountApplication, DiscountOption, DiscountState
from pricing.operations.discounts import (
    DiscountInUse,
    HeldRow,
    NameTaken,
    Parts,
    ProductRow,
    WrongDiscount,
    WrongDiscountState,
    change_discount,
    create_discount,
    delete_discount,
    draft_version,
    end_discount,
    make_discount_effective,
    mark_given,
    parts_of,
)
from pricing.operations.plan_records import CodeTaken
from pricing.operations.usage_records import WrongFigure
from pricing.queries.currencies import UnknownCurrency
from pricing.queries.discounts import definitions, discounts_of_product
from pricing.queries.errors import PricingError
from tests.catalog.factories import (
    AccountClassFactory,
    FamilyFactory,
    ProductFactory,
    ProductTypeFactory,
)
from tests.pricing.discounts import amount_off, by_hand, discount, draft_discount, only_for

pytestmark = pytest.mark.django_db

TODAY = date(2026, 1, 15)
NOW = datetime(2026, 1, 15, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("fields", "error", "field"),
    [
        pytest.param({"value": Decimal(101)}, WrongFigure, "value", id="over a hundred per cent"),
        pytest.param({"value": Decimal(0)}, WrongFigure, "value", id="nothing"),
        pytest.param({"value": None}, WrongFigure, "value", id="no value"),
        pytest.param({"value": Decimal("NaN")}, WrongFigure, "value", id="no number"),
        pytest.param(
            {"option": DiscountOption.AMOUNT, "currency": ""},
            WrongDiscount,
            "currency",
            id="an amount of what",
        ),
        pytest.param(
            {"option": DiscountOption.AMOUNT, "currency": "XXX"},
            UnknownCurrency,
            "currency",
            id="an amount of an unknown currency",
        ),
        pytest.param(
            {"option": DiscountOption.FREE_USAGE, "applies_to": "NON_USAGE"},
            WrongDiscount,
            "applies_to",
            id="free usage of what is not used",
        ),
        pytest.param({"for_count": 3}, WrongDiscount, "for_count", id="three of what"),
        pytest.param({"renewal": "EVERY"}, WrongDiscount, "renewal_count", id="every when"),
        pytest.param(
            {"validity": days(date(2026, 2, 1), date(2026, 1, 1))},
            WrongDiscount,
            "valid_until",
            id="valid on no day",
        ),
        pytest.param(
            {"least_quantity": Decimal(5), "most_quantity": Decimal(4)},
            WrongDiscount,
            "most_quantity",
            id="at most less than at least",
        ),
        pytest.param({"on_recurring": False}, WrongDiscount, "on_recurring", id="off nothing"),
        pytest.param(
            {"option": DiscountOption.PERCENTAGE, "on_once": True},
            WrongDiscount,
            "on_recurring",
            id="once off two",
        ),
        pytest.param(
            {"on_recurring": False, "on_setup": True, "applies_to": "USAGE"},
            WrongDiscount,
            "applies_to",
            id="set-up fees of usage",
        ),
    ],
)
def test_a_discount_that_makes_no_sense_is_refused_at_the_field(
    fields: dict[str, Any], error: type[PricingError], field: str
) -> None:
    with pytest.raises(error) as refusal:
        create_discount(code="loyal", name="Loyal", **{"value": Decimal(20), **fields})

    assert refusal.value.field == field


def test_names_and_codes_are_each_discounts_own() -> None:
    draft_discount("loyal", name="Loyalty", alternative_code="L1")

    with pytest.raises(CodeTaken):
        draft_discount("loyal", name="Other")
    with pytest.raises(NameTaken) as name:
        draft_discount("other", name="LOYALTY")
    with pytest.raises(NameTaken) as alternative:
        draft_discount("other", name="Other", alternative_code="l1")

    assert (name.value.field, alternative.value.field) == ("name", "alternative_code")


def test_what_the_option_does_not_ask_for_is_left_empty() -> None:
    once = draft_discount(
        option=DiscountOption.PERCENTAGE, currency="EUR", for_count=3, for_unit="MONTH"
    )
    free = draft_discount("free", "7", option=DiscountOption.FREE_PERIOD, needs_approval=True)

    assert (once.currency, once.for_count, once.renewal) == ("", None, "NEVER")
    assert (free.value, free.needs_approval) == (None, False)


def test_it_goes_from_draft_to_its_end() -> None:
    made = draft_discount()

    made = make_discount_effective(made, on=TODAY)
    with pytest.raises(WrongDiscountState, match="not a draft"):
        make_discount_effective(made, on=TODAY)
    made = end_discount(made, on=date(2026, 3, 1))
    with pytest.raises(WrongDiscountState, match="not effective"):
        end_discount(made, on=TODAY)

    assert (made.state, made.effective_on, made.ended_on) == (
        DiscountState.NOT_EFFECTIVE,
        TODAY,
        date(2026, 3, 1),
    )


def test_one_that_has_been_given_takes_a_new_name_and_nothing_else() -> None:
    gold = AccountClassFactory()
    made = discount(parts=Parts(account_classes=[gold]))
    assert mark_given([made.pk], now=NOW) == 1
    assert mark_given([made.pk], now=NOW) == 0

    change_discount(made, name="Renamed", description="Notes.")
    with pytest.raises(DiscountInUse, match="new version"):
        change_discount(made, value=Decimal(30))
    with pytest.raises(DiscountInUse, match="new version"):
        change_discount(made, parts=Parts())

    made.refresh_from_db()
    assert (made.name, made.value) == ("Renamed", 20)
    assert list(made.account_classes.all()) == [gold]


@pytest.mark.parametrize(
    "attack",
    [
        "UPDATE pricing_additivediscount SET value = 30",
        "UPDATE pricing_additivediscount SET used_at = NULL",
        "UPDATE pricing_additivediscount SET on_setup = true",
        "UPDATE pricing_additivediscount SET effective_on = '2024-01-01'",
        "DELETE FROM pricing_additivediscount",
        "DELETE FROM pricing_discountedproduct",
        "UPDATE pricing_heldproduct SET least_quantity = 9",
        "DELETE FROM pricing_additivediscount_account_classes",
        "UPDATE pricing_discountedproduct SET position = 9",
    ],
)
def test_raw_sql_does_not_change_what_was_given(attack: str) -> None:
    product = ProductFactory()
    parts = Parts([ProductRow(product)], [HeldRow(product)], [AccountClassFactory()])
    mark_given([discount(parts=parts).pk], now=NOW)

    refused = pytest.raises(IntegrityError, match="has been used")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(attack)


def test_raw_sql_does_not_store_more_than_a_hundred_per_cent() -> None:
    made = discount()

    with pytest.raises(IntegrityError, match="discount_value"), transaction.atomic():
        AdditiveDiscount.objects.filter(pk=made.pk).update(value=Decimal(101))


@pytest.mark.parametrize(
    ("option", "taken_off", "constraint"),
    [
        ("FREE_PERIOD", {"on_recurring": False}, "discount_taken_off"),
        ("AMOUNT", {"on_setup": True}, "discount_once_taken_off_one"),
    ],
)
def test_raw_sql_does_not_take_once_off_nothing_or_off_two(
    option: str, taken_off: dict[str, bool], constraint: str
) -> None:
    made = discount(value="5", option=option)

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        AdditiveDiscount.objects.filter(pk=made.pk).update(**taken_off)


@pytest.mark.parametrize(
    ("trait", "taken_off", "field"),
    [
        ("expense", {}, "on_once"),
        ("traceable", {"on_setup": True}, "on_once"),
        ("one_time", {"on_recurring": False, "on_setup": True}, "on_once"),
        ("usage", {"on_recurring": False, "on_once": True}, "on_recurring"),
        ("", {"on_recurring": False, "on_once": True}, "on_recurring"),
    ],
)
def test_a_product_or_type_that_it_could_never_be_taken_off_is_refused(
    trait: str, taken_off: dict[str, bool], field: str
) -> None:
    product = ProductFactory(**({trait: True} if trait else {}))
    by_type = Parts([ProductRow(type=product.type)])

    for parts in (only_for(product), by_type):
        with pytest.raises(WrongDiscount) as refusal:
            draft_discount(parts=parts, **taken_off)
        assert refusal.value.field == field
    draft_discount(parts=only_for(product), on_once=True)


def test_a_new_version_takes_over_when_it_is_made_effective() -> None:
    product = ProductFactory()
    old = discount(parts=only_for(product), on_setup=True)
    mark_given([old.pk], now=NOW)

    new = draft_version(old, code="loyal-2", name="Loyal 2")
    with pytest.raises(WrongDiscountState, match="another version already"):
        draft_version(old, code="loyal-3", name="Loyal 3")
    change_discount(new, value=Decimal(25))
    make_discount_effective(new, on=TODAY)

    old.refresh_from_db()
    assert (old.state, old.ended_on, old.value) == ("NOT_EFFECTIVE", TODAY, 20)
    assert parts_of(new).products == [ProductRow(product)]
    assert (new.on_recurring, new.on_setup, new.on_once) == (True, True, False)


def test_a_draft_is_changed_and_not_replaced() -> None:
    with pytest.raises(WrongDiscountState, match="is a draft"):
        draft_version(draft_discount(), code="loyal-2", name="Loyal 2")


def test_one_that_was_never_given_can_be_deleted_and_frees_what_it_was_to_replace() -> None:
    old = discount()
    new = draft_version(old, code="loyal-2", name="Loyal 2")

    delete_discount(new)

    old.refresh_from_db()
    assert old.replaced_by is None
    mark_given([old.pk], now=NOW)
    with pytest.raises(DiscountInUse, match="End it instead"):
        delete_discount(old)


def test_the_window_of_one_that_applies_by_itself() -> None:
    valid = days(date(2026, 2, 1), date(2026, 5, 1))
    discount("a", on=TODAY)
    discount("b", on=TODAY, validity=valid)
    end_discount(discount("c", on=TODAY, validity=valid), on=date(2026, 3, 1))
    draft_discount("d")
    by_hand("e")

    found = {each.code: each.window for each in definitions(AdditiveDiscount.objects.all())}

    assert {code: str(window) for code, window in found.items()} == {
        "a": "[2026-01-15, )",
        "b": "[2026-02-01, 2026-05-01)",
        "c": "[2026-02-01, 2026-03-01)",
        "d": "None",
        "e": "None",
    }


def test_a_product_has_the_discounts_that_name_it_its_type_or_a_family_above_it() -> None:
    upper = FamilyFactory()
    family = FamilyFactory(parent=upper)
    product = ProductFactory(family=family)
    usage = ProductTypeFactory(usage=True)
    discount("all")
    discount("named", parts=only_for(product))
    discount("family", parts=Parts(products=[ProductRow(family=upper)]))
    discount("type", parts=Parts(products=[ProductRow(type=product.type, family=family)]))
    discount("other-type", parts=Parts(products=[ProductRow(type=usage, family=upper)]))
    discount("usage-only", applies_to="USAGE")
    discount("over", validity=days(date(2025, 1, 1), date(2026, 1, 1)))
    amount_off("other", "5.00", parts=only_for(ProductFactory()))
    draft_discount("draft")

    found = discounts_of_product(product, on=TODAY)

    assert {each.code for each in found} == {"all", "named", "family", "type"}


def test_those_given_by_hand_are_told_apart() -> None:
    made = by_hand(needs_approval=True)

    assert (made.application, made.needs_approval) == (DiscountApplication.AD_HOC, True)
