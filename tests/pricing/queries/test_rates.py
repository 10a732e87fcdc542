"""Rates of a plan; currencies; choices of the models."""

from datetime import date
from decimal import Decimal
from importlib import import_module

import pytest

from pricing.kernel.periods import Duration, Unit
from pricing.kernel.rates import AfterLast, Basis, Phase
from pricing.models import PricePlanRate, RatePhase
from pricing.queries.currencies import UnknownCurrency, coin_of
from pricing.queries.rates import kernel_rates
from tests.pricing.factories import CurrencyFactory, PricePlanFactory, RateFactory

pytestmark = pytest.mark.django_db
TODAY = date(2026, 1, 15)
MONTH = Duration(1, Unit.MONTH)


@pytest.mark.parametrize("count", [1, 20])
def test_rates_of_a_plan_take_two_queries(count: int, django_assert_num_queries) -> None:
    plan = PricePlanFactory()
    for _ in range(count):
        RateFactory(plan=plan, phases=[Phase(MONTH, 0, Decimal(20))])

    with django_assert_num_queries(2):
        rates = kernel_rates([plan.pk])

    assert len(rates) == count


def test_the_smallest_unit_is_that_of_the_currency() -> None:
    CurrencyFactory()
    CurrencyFactory(yen=True)
    CurrencyFactory(kuwaiti_dinar=True)

    coins = [coin_of(code) for code in ("EUR", "JPY", "KWD")]

    assert coins == [Decimal("0.01"), Decimal(1), Decimal("0.001")]


def test_a_currency_that_is_not_listed_is_refused() -> None:
    with pytest.raises(UnknownCurrency, match="XXX is not a currency"):
        coin_of("XXX")


@pytest.mark.parametrize(
    ("model", "field", "enum"),
    [
        (PricePlanRate, "basis", Basis),
        (PricePlanRate, "per_unit", Unit),
        (PricePlanRate, "after_last", AfterLast),
        (RatePhase, "unit", Unit),
    ],
)
def test_choices_of_the_models_are_those_of_the_kernel(model, field: str, enum) -> None:
    choices = model._meta.get_field(field).choices

    assert [value for value, _ in choices] == [member.value for member in enum]


def test_the_common_currencies_come_with_their_digits() -> None:
    listed = import_module("pricing.migrations.0003_common_currencies")

    assert {"EUR", "USD", "GBP", "CHF"} <= set(listed.TWO_DIGITS)
    assert {"JPY", "KRW", "ISK"} <= set(listed.NO_DIGITS)
    assert {"KWD", "BHD", "JOD"} <= set(listed.THREE_DIGITS)
