"""Prices as they are shown to somebody who is about to add a product."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from pricing.kernel.periods import Duration
from pricing.kernel.rates import Phase, Rate
from pricing.models import PricePlan
from pricing.queries.rates import first_amount, first_duration, kernel_rates
from pricing.queries.taxes import TaxLevel, tax_levels


@dataclass(frozen=True, slots=True)
class OfferedPrice:
    """What a product costs in a plan for a service that starts today, before proration.

    `amount` is asked once (`per` None) or for each `per`; `next_phases` are the prices that follow
    the first, `until` how long the first lasts (None: no end). `tax` is None where none is charged.
    """

    rate_id: int
    currency: str
    amount: Decimal
    per: Duration | None
    setup_fee: Decimal
    tax_inclusive: bool
    first_phase: Phase | None
    next_phases: tuple[Phase, ...]
    tax: TaxLevel | None


def price_on_offer(
    plan: PricePlan, product_ids: Collection[int], *, on: date
) -> dict[int, OfferedPrice]:
    """Return the prices of products sold alone, for those that have one in the plan; nine queries.

    Raises NoPercentage.
    """
    rates = kernel_rates([plan.pk], product_ids=product_ids)
    taxes = tax_levels(product_ids, on=on)
    return {
        product_id: _offered(rate, plan.currency, taxes.get(product_id))
        for (_, product_id, bundle_id), rate in rates.items()
        if bundle_id is None
    }


def _offered(rate: Rate, currency: str, tax: TaxLevel | None) -> OfferedPrice:
    return OfferedPrice(
        rate_id=rate.rate_id,
        currency=currency,
        amount=first_amount(rate),
        per=None if rate.is_once else first_duration(rate),
        setup_fee=rate.setup_fee,
        tax_inclusive=rate.tax_inclusive,
        first_phase=rate.phases[0] if rate.phases else None,
        next_phases=rate.phases[1:],
        tax=tax,
    )
