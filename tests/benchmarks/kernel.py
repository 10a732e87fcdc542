"""The kernels alone, on one core: services reconciled and documents taxed a second."""

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from statistics import median
from typing import Final

from billing.kernel.history import BillingMethod, BillMode, ServiceHistory, Spell, Terms
from billing.kernel.reconcile import reconcile
from pricing.kernel.discount_days import DatedDiscount
from pricing.kernel.discounts import Discount, DiscountKind
from pricing.kernel.periods import Duration, Period, Unit
from pricing.kernel.pricer import forget_prices
from pricing.kernel.rates import AfterLast, Basis, Phase, Rate
from pricing.kernel.taxes import TaxedLine, tax_document
from pricing.kernel.tiers import Tier, TierRule
from pricing.kernel.versions import AnyRate, ConditionalRate
from tests.benchmarks.tables import Figures, show

CENT = Decimal("0.01")
MONTH = Duration(1, Unit.MONTH)
JANUARY, FEBRUARY = date(2026, 1, 1), date(2026, 2, 1)
ALWAYS = Period(JANUARY, None)
CALLS: Final = 10_000
MIXED_CALLS: Final = 500
ROUNDS: Final = 3


def kernel(accounts: int) -> Figures:
    """Measure, print and return calls a second; the number of accounts does not matter."""
    history = service_history()
    lines = [
        TaxedLine(place, Decimal(amount), tax_inclusive=False, rate_key=rate)
        for place, (amount, rate) in enumerate([("24.99", 1), ("9.95", 1), ("13.33", 2)])
    ]
    rates = {1: Decimal("0.19"), 2: Decimal("0.05")}
    mix = plans_mix()
    figures = {
        "reconcile_forward": _per_second(
            lambda: reconcile(history, horizon=FEBRUARY, since=FEBRUARY)
        ),
        "reconcile_first_bill": _per_second(lambda: reconcile(history, horizon=JANUARY)),
        "tax_document": _per_second(lambda: tax_document(lines, rates, CENT)),
        "charges_of_20_plans": len(mix) * _per_second(lambda: _charge_all(mix), MIXED_CALLS),
        "charges_of_20_plans_not_memoised": len(mix)
        * _per_second(lambda: _charge_all(mix, forget=True), MIXED_CALLS),
    }
    show(
        f"Kernels, one core, median of {ROUNDS}",
        ("", "calls/s"),
        [
            ("reconcile, looking forward", figures["reconcile_forward"]),
            ("reconcile, first bill", figures["reconcile_first_bill"]),
            ("tax of a document of 3 lines", figures["tax_document"]),
            ("charges of 20 plans with their steps", figures["charges_of_20_plans"]),
            ("the same, nothing remembered", figures["charges_of_20_plans_not_memoised"]),
        ],
    )
    return figures


def service_history() -> ServiceHistory:
    """Return a service at 24.99 a month, billed before its use on the 1st, from 1 January on."""
    rate = Rate(
        rate_id=1,
        basis=Basis.MATURITY,
        per=MONTH,
        base_amount=Decimal("24.99"),
        phases=(),
        after_last=AfterLast.KEEP,
        tax_inclusive=False,
        setup_fee=Decimal(0),
        deposit=Decimal(0),
    )
    always = Period(JANUARY, None)
    return ServiceHistory(
        service_id=1,
        spells=(Spell(always, BillMode.BILL, 1, Decimal(1), None, 1),),
        terms=(
            Terms(
                always,
                BillingMethod.PERIOD,
                billing_day=1,
                frequency=MONTH,
                prorate=True,
                bill_next_term=False,
                pre_bill=True,
                plan_id=1,
            ),
        ),
        rates={(1, 1): rate},
        maturity_from=JANUARY,
        coin=CENT,
    )


def plans_mix() -> list[ServiceHistory]:
    """Return a service under each of 20 plans: flat prices, phases, the four tier rules, and
    conditional plans, half of them less two discounts.
    """
    return [_under(rate, discounted=place % 2 == 1) for place, rate in enumerate(_rates())]


def _rates() -> list[AnyRate]:
    found: list[AnyRate] = [
        Rate(number, Basis.MATURITY, MONTH, Decimal("9.95") + number) for number in range(6)
    ]
    for number in range(4):
        phases = (Phase(MONTH, 3, Decimal(10 + number)), Phase(MONTH, 0, Decimal(20 + number)))
        found.append(Rate(10 + number, Basis.MATURITY, MONTH, Decimal(0), phases))
    for number, rule in enumerate([*TierRule, TierRule.GRADUATED, TierRule.VOLUME]):
        tiers = tuple(
            Tier(up_to, Decimal(8 - place), Decimal(4 + place), Decimal(5))
            for place, up_to in enumerate((Decimal(5), Decimal(10), Decimal(20 + number), None))
        )
        basis = Basis.QUANTITY_AND_MATURITY
        found.append(Rate(20 + number, basis, MONTH, Decimal(0), tiers=tiers, tier_rule=rule))
    holds = (Period(JANUARY, None),)
    found += [ConditionalRate(found[number + 10], found[number], holds) for number in range(4)]
    return found


def _under(rate: AnyRate, *, discounted: bool) -> ServiceHistory:
    history = service_history()
    given = [(DiscountKind.PERCENTAGE, "0.1"), (DiscountKind.AMOUNT, "2.50")] if discounted else []
    return replace(
        history,
        spells=(replace(history.spells[0], quantity=Decimal(12)),),
        rates={(1, 1): rate},
        discounts=tuple(
            DatedDiscount(Discount(number, kind, Decimal(value)), "", ALWAYS, JANUARY)
            for number, (kind, value) in enumerate(given)
        ),
    )


def _charge_all(mix: Sequence[ServiceHistory], *, forget: bool = False) -> None:
    for history in mix:
        if forget:
            forget_prices()
        reconcile(history, horizon=FEBRUARY, since=FEBRUARY)


def _per_second(call: Callable[[], object], calls: int = CALLS) -> float:
    taken = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        for _ in range(calls):
            call()
        taken.append(time.perf_counter() - start)
    return calls / median(taken)
