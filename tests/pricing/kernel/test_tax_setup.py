"""Which taxes a line takes: groups by class and region, location rules, exemptions, dates."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from pricing.kernel.money import round_money
from pricing.kernel.periods import Period
from pricing.kernel.tax_rules import RuleKind, TaxLayer, TaxRule
from pricing.kernel.tax_setup import (
    UNTAXED,
    Code,
    CodeKind,
    Exemption,
    Group,
    GroupItem,
    Level,
    LineFacts,
    LineTaxes,
    PlaceRule,
    Rate,
    TaxedProduct,
    TaxPlace,
    TaxSetup,
    TaxUnknown,
    taxes_for,
)

D = Decimal
CENT = D("0.01")
JAN, FEB = date(2026, 1, 1), date(2026, 2, 1)
EVER = Period(date(2020, 1, 1), None)
HOME, ABROAD, ISLAND = (
    TaxPlace("CY"),
    TaxPlace("ES", "28001"),
    TaxPlace("ES", "35001"),
)
CODES = {
    1: Code("VAT CY"),
    2: Code("VAT ES"),
    3: Code("City", CodeKind.SALES_TAX),
    4: Code("Exempt", CodeKind.EXEMPT),
    5: Code("Harbour", CodeKind.SALES_TAX, by_days=True),
}


def rate(rate_id: int, code_id: int, fraction: str, period: Period = EVER) -> Rate:
    return Rate(rate_id, f"Rate {rate_id}", code_id, (Level(period, D(fraction)),))


RATES = {
    10: rate(10, 1, "0.19"),
    20: rate(20, 2, "0.21"),
    30: rate(30, 3, "0.02"),
    40: rate(40, 4, "0"),
    50: rate(50, 5, "0.0825", Period(date(2026, 1, 16), None)),
}
TELEVISION = TaxedProduct("Television", applied=((1, 10), (2, 20), (3, 30)))
SETUP = TaxSetup(products={7: TELEVISION}, codes=CODES, rates=RATES)
RULES = (
    PlaceRule("Canaries", (4,), country="ES", postal_prefix="35"),
    PlaceRule("Spain", (2, 3), country="ES"),
    PlaceRule("Cyprus", (1,), country="CY"),
)


def rates_of(
    setup: TaxSetup, place: TaxPlace = HOME, exemptions: tuple[Exemption, ...] = ()
) -> list[object]:
    found = taxes_for(LineFacts(7, place, JAN, exemptions), setup)
    return [layer.key for layer in found.fixed]


def test_without_location_rules_the_first_vat_and_every_sales_tax_count() -> None:
    assert rates_of(SETUP) == [10, 30]


@pytest.mark.parametrize(
    ("place", "rates"), [(HOME, [10]), (ABROAD, [20, 30]), (ISLAND, [40])], ids=str
)
def test_the_first_location_rule_that_fits_names_the_codes(
    place: TaxPlace, rates: list[int]
) -> None:
    assert rates_of(replace(SETUP, place_rules=RULES, exempt_rates={4: 40}), place) == rates


def test_an_exempt_code_without_a_rate_leaves_no_trace() -> None:
    assert rates_of(replace(SETUP, place_rules=RULES), ISLAND) == []


def test_a_rule_without_conditions_is_the_default() -> None:
    rules = (*RULES, PlaceRule("Elsewhere", (1,)))

    assert rates_of(replace(SETUP, place_rules=rules), TaxPlace("JP")) == [10]


@pytest.mark.parametrize(
    ("place", "said"),
    [
        (TaxPlace("JP"), "JP"),
        (TaxPlace("JP", "100"), "JP 100"),
        (TaxPlace(), "without a country"),
    ],
    ids=str,
)
def test_a_place_that_no_rule_fits_is_not_taxed_by_guess(place: TaxPlace, said: str) -> None:
    with pytest.raises(TaxUnknown, match=f"^Television: no location rule fits a place {said}.$"):
        rates_of(replace(SETUP, place_rules=RULES), place)


def test_a_product_needs_a_rate_of_the_vat_that_the_place_asks_for() -> None:
    setup = replace(SETUP, products={7: TaxedProduct("Film", applied=((1, 10),))})

    with pytest.raises(TaxUnknown, match="Film has no rate of VAT ES"):
        rates_of(replace(setup, place_rules=RULES), ABROAD)


REGION_A = TaxPlace("US", "75001", 1)
GROUPS = {
    (1, 1): Group((GroupItem(30), GroupItem(10, 2))),
    (2, 1): Group((), per_line=True),
}


def test_class_and_region_name_a_group_before_any_location_rule() -> None:
    sales = TaxedProduct("Phone", applied=((1, 10),), class_id=1)
    setup = replace(SETUP, products={7: sales}, groups=GROUPS, place_rules=RULES)

    found = taxes_for(LineFacts(7, REGION_A, JAN), setup)

    assert [(layer.key, layer.level) for layer in found.fixed] == [(30, 1), (10, 2)]
    assert not found.is_simple


def test_an_empty_group_is_not_taxed_and_a_missing_one_is_told() -> None:
    empty = TaxedProduct("Internet", class_id=2)
    missing = TaxedProduct("Television", class_id=3)

    found = taxes_for(
        LineFacts(7, REGION_A, JAN), replace(SETUP, products={7: empty}, groups=GROUPS)
    )

    assert (found.fixed, found.per_line) == ((), True)
    with pytest.raises(TaxUnknown, match="Television: there is no tax group"):
        rates_of(replace(SETUP, products={7: missing}, groups=GROUPS), REGION_A)


@pytest.mark.parametrize(
    ("setup", "class_id", "place"),
    [
        pytest.param(SETUP, 1, REGION_A, id="no groups"),
        pytest.param(SETUP, None, REGION_A, id="neither groups nor a class"),
        pytest.param(replace(SETUP, groups=GROUPS), None, REGION_A, id="no class"),
        pytest.param(replace(SETUP, groups=GROUPS), 1, HOME, id="no region"),
    ],
)
def test_codes_of_the_product_count_where_class_and_region_name_no_group(
    setup: TaxSetup, class_id: int | None, place: TaxPlace
) -> None:
    product = replace(TELEVISION, class_id=class_id)

    assert rates_of(replace(setup, products={7: product}), place) == [10, 30]


def test_a_layer_has_rate_percentage_level_and_rule_by_posting_date_or_by_days() -> None:
    half = TaxRule(RuleKind.PERCENTAGE, D("0.5"))
    setup = replace(
        SETUP,
        products={7: TaxedProduct("Line", class_id=1)},
        rates={
            30: Rate(30, "City", 3, (Level(EVER, D("0.02"), half),)),
            50: Rate(50, "Harbour", 5, (Level(EVER, D("0.08"), half),)),
        },
        groups={(1, 1): Group((GroupItem(30, 2), GroupItem(50, 3)))},
    )

    found = taxes_for(LineFacts(7, REGION_A, JAN), setup)

    by_date, by_days = TaxLayer(30, D("0.02"), 2, half), TaxLayer(50, D("0.08"), 3, half)
    assert found.fixed == (by_date,)
    assert found.on(JAN) == (by_date, by_days)


ONE = TaxLayer(10, D("0.19"))


@pytest.mark.parametrize(
    ("taxes", "is_simple"),
    [
        pytest.param(UNTAXED, True, id="none"),
        pytest.param(LineTaxes((ONE,)), True, id="one"),
        pytest.param(LineTaxes((ONE, ONE)), False, id="two"),
        pytest.param(LineTaxes((ONE,), per_line=True), False, id="rounded on the line"),
        pytest.param(
            LineTaxes((replace(ONE, rule=TaxRule(RuleKind.PERCENTAGE, D("0.5"))),)),
            False,
            id="on a part",
        ),
        pytest.param(
            taxes_for(
                LineFacts(7, HOME, JAN),
                replace(SETUP, products={7: TaxedProduct("Line", applied=((5, 50),))}),
            ),
            False,
            id="by days",
        ),
    ],
)
def test_one_whole_tax_of_a_document_is_simple(taxes: LineTaxes, *, is_simple: bool) -> None:
    assert taxes.is_simple is is_simple


def test_a_setup_says_what_has_to_be_looked_up_for_it() -> None:
    monthly = Level(EVER, D("0.02"), TaxRule(RuleKind.MONTHLY_MAXIMUM, D(10)))
    months = replace(SETUP, rates={**RATES, 30: Rate(30, "City", 3, (monthly,))})

    assert (SETUP.heeds_places, SETUP.has_monthly_rules) == (False, False)
    assert replace(SETUP, place_rules=RULES).heeds_places
    assert replace(SETUP, groups=GROUPS).heeds_places
    assert months.has_monthly_rules


def test_exemptions_take_out_one_code_or_everything_on_their_days() -> None:
    january, february = Period(JAN, FEB), Period(FEB, None)

    assert rates_of(SETUP, exemptions=(Exemption(january, 1),)) == [30]
    assert rates_of(SETUP, exemptions=(Exemption(february, 1),)) == [10, 30]
    assert rates_of(SETUP, exemptions=(Exemption(february),)) == [10, 30]
    assert taxes_for(LineFacts(7, HOME, JAN, (Exemption(january),)), SETUP) == UNTAXED
    free = replace(TELEVISION, exemptions=(Exemption(january, 3),))
    assert rates_of(replace(SETUP, products={7: free})) == [10]


def test_a_rate_without_a_percentage_on_the_posting_date_is_told() -> None:
    setup = replace(SETUP, rates={**RATES, 10: rate(10, 1, "0.19", Period(FEB, None))})

    with pytest.raises(TaxUnknown, match="Rate 10 has no percentage on 2026-01-01"):
        rates_of(setup)


@pytest.mark.case("billmax:X8")
def test_a_tax_by_days_of_service_takes_the_days_from_its_start() -> None:
    setup = replace(SETUP, products={7: TaxedProduct("Line", applied=((5, 50),))})

    found = taxes_for(LineFacts(7, HOME, JAN), setup)
    untaxed, taxed = found.parts(D("31.00"), Period(JAN, FEB), CENT)

    assert untaxed == (D("15.00"), ())
    assert (taxed[0], round_money(taxed[0] * taxed[1][0].fraction, CENT)) == (
        D("16.00"),
        D("1.32"),
    )


def test_days_of_exemption_cut_what_is_taxed_by_days() -> None:
    setup = replace(SETUP, products={7: TaxedProduct("Line", applied=((5, 50),))})
    free = Exemption(Period(date(2026, 1, 20), date(2026, 1, 25)), 5)

    found = taxes_for(LineFacts(7, HOME, JAN, (free,)), setup)

    assert [
        (amount, len(layers)) for amount, layers in found.parts(D("31.00"), Period(JAN, FEB), CENT)
    ] == [(D("15.00"), 0), (D("4.00"), 1), (D("5.00"), 0), (D("7.00"), 1)]


def test_days_taxed_alike_are_one_part() -> None:
    third, fifth = date(2026, 1, 3), date(2026, 1, 5)
    levels = (
        Level(Period(JAN, third), D("0.19")),
        Level(Period(third, fifth), D("0.19")),
        Level(Period(fifth, None), D("0.20")),
    )
    setup = replace(
        SETUP,
        products={7: TaxedProduct("Line", applied=((5, 50),))},
        rates={50: Rate(50, "Harbour", 5, levels)},
    )

    found = taxes_for(LineFacts(7, HOME, JAN), setup)
    parts = found.parts(D("10.00"), Period(JAN, date(2026, 1, 11)), CENT)

    assert [(amount, layer.fraction) for amount, (layer,) in parts] == [
        (D("4.00"), D("0.19")),
        (D("6.00"), D("0.20")),
    ]


def test_parts_add_up_whatever_the_percentages() -> None:
    levels = (
        Level(Period(date(2025, 1, 1), date(2026, 1, 2)), D("0.19")),
        Level(Period(date(2026, 1, 2), date(2026, 1, 3)), D("0.20")),
    )
    setup = replace(
        SETUP,
        products={7: TaxedProduct("Line", applied=((5, 50),))},
        rates={50: Rate(50, "Harbour", 5, levels)},
    )

    found = taxes_for(LineFacts(7, HOME, JAN), setup)
    parts = found.parts(D("10.00"), Period(JAN, date(2026, 1, 4)), CENT)

    assert [(amount, [layer.fraction for layer in layers]) for amount, layers in parts] == [
        (D("3.33"), [D("0.19")]),
        (D("3.33"), [D("0.20")]),
        (D("3.34"), []),
    ]
