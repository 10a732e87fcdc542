"""The kernels alone, on one core: services reconciled and documents taxed a second."""

import time
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from statistics import median
from typing import Final

from billing.kernel.history import BillingMethod, BillMode, ServiceHistory, Spell, Terms
from billing.kernel.reconcile import reconcile
from pricing.kernel.periods import Duration, Period, Unit
from pricing.kernel.rates import AfterLast, Basis, Rate
from pricing.kernel.taxes import TaxedLine, tax_document
from tests.benchmarks.tables import Figures, show

CENT = Decimal("0.01")
MONTH = Duration(1, Unit.MONTH)
JANUARY, FEBRUARY = date(2026, 1, 1), date(2026, 2, 1)
CALLS: Final = 10_000
ROUNDS: Final = 3


def kernel(accounts: int) -> Figures:
    """Measure, print and return calls a second; the number of accounts does not matter."""
    history = service_history()
    lines = [
        TaxedLine(place, Decimal(amount), tax_inclusive=False, rate_key=rate)
        for place, (amount, rate) in enumerate([("24.99", 1), ("9.95", 1), ("13.33", 2)])
    ]
    rates = {1: Decimal("0.19"), 2: Decimal("0.05")}
    figures = {
        "reconcile_forward": _per_second(
            lambda: reconcile(history, horizon=FEBRUARY, since=FEBRUARY)
        ),
        "reconcile_first_bill": _per_second(lambda: reconcile(history, horizon=JANUARY)),
        "tax_document": _per_second(lambda: tax_document(lines, rates, CENT)),
    }
    show(
        f"Kernels, one core, median of {ROUNDS}",
        ("", "calls/s"),
        [
            ("reconcile, looking forward", figures["reconcile_forward"]),
            ("reconcile, first bill", figures["reconcile_first_bill"]),
            ("tax of a document of 3 lines", figures["tax_document"]),
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


def _per_second(call: Callable[[], object]) -> float:
    taken = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        for _ in range(CALLS):
            call()
        taken.append(time.perf_counter() - start)
    return CALLS / median(taken)
