"""The rates of plans as the kernel's values."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from decimal import Decimal

from pricing.kernel.periods import Duration, Unit
from pricing.kernel.rates import AfterLast, Basis, Phase, Rate
from pricing.models import PricePlanRate, RatePhase

RateKey = tuple[int, int, int | None]
"""Plan, product, and the bundle the product is a component of (None: sold alone)."""


def kernel_rates(
    plan_ids: Collection[int], *, product_ids: Collection[int] | None = None
) -> dict[RateKey, Rate]:
    """Return the rates of the plans, by plan, product and bundle; two queries.

    `product_ids` limits them to these products and to the components of these bundles.
    """
    wanted = PricePlanRate.objects.filter(plan_id__in=plan_ids)
    if product_ids is not None:
        wanted = wanted.filter(product_id__in=product_ids) | wanted.filter(
            bundle_id__in=product_ids
        )
    rows = list(
        wanted.order_by("pk").values_list(
            "pk",
            "plan_id",
            "product_id",
            "bundle_id",
            "basis",
            "per_count",
            "per_unit",
            "base_amount",
            "after_last",
            "tax_inclusive",
            "setup_fee",
            "deposit",
            "tiered",
        )
    )
    phases = _phases([row[0] for row in rows if row[-1]])
    return {
        (plan_id, product_id, bundle_id): Rate(
            rate_id=rate_id,
            basis=Basis(basis),
            per=Duration(per_count, Unit(per_unit)),
            base_amount=base_amount,
            phases=phases.get(rate_id, ()),
            after_last=AfterLast(after_last),
            tax_inclusive=tax_inclusive,
            setup_fee=setup_fee,
            deposit=deposit,
        )
        for (
            rate_id,
            plan_id,
            product_id,
            bundle_id,
            basis,
            per_count,
            per_unit,
            base_amount,
            after_last,
            tax_inclusive,
            setup_fee,
            deposit,
            _tiered,
        ) in rows
    }


def find_rate(
    rates: Mapping[RateKey, Rate],
    *,
    plan_id: int,
    product_id: int,
    bundle_product_id: int | None = None,
) -> Rate | None:
    """Return the rate of a product sold alone, or as a component of `bundle_product_id`.

    A component costs what its own component rate says; without one it costs nothing (None), as
    the bundle's price covers it. The rate of the product sold alone never holds for a component.
    """
    return rates.get((plan_id, product_id, bundle_product_id))


def first_amount(rate: Rate) -> Decimal:
    """Return what a new service costs at first, per `first_duration`."""
    return rate.phases[0].amount if rate.phases else rate.base_amount


def first_duration(rate: Rate) -> Duration:
    """Return the period that `first_amount` pays for."""
    return rate.phases[0].duration if rate.phases else rate.per


def _phases(rate_ids: list[int]) -> dict[int, tuple[Phase, ...]]:
    found: dict[int, list[Phase]] = defaultdict(list)
    rows = (
        RatePhase.objects.filter(rate_id__in=rate_ids)
        .order_by("rate_id", "position")
        .values_list("rate_id", "count", "unit", "times", "amount")
    )
    for rate_id, count, unit, times, amount in rows:
        found[rate_id].append(Phase(Duration(count, Unit(unit)), times, amount))
    return {rate_id: tuple(phases) for rate_id, phases in found.items()}
