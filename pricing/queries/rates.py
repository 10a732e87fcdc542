"""The rates of plans as the kernel's values."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from config.shared.db import array_of
from config.shared.statements import Statement, among_given
from pricing.kernel.periods import Duration, Unit
from pricing.kernel.rates import (
    RECURRING_BASES,
    AfterLast,
    BasePer,
    Basis,
    Phase,
    Rate,
    SetUpFee,
    TimeUnit,
    quantity_amount,
)
from pricing.kernel.tiers import Tier, TierRule
from pricing.models import PricePlanRate, RatePhase, RateTier

RateKey = tuple[int, int, int | None]
"""Plan, product, and the bundle the product is a component of (None: sold alone)."""

_COLUMNS = (
    *("pk", "basis", "per_count", "per_unit", "base_amount", "after_last", "tax_inclusive"),
    *("setup_fee", "deposit", "tier_rule", "minimum", "base_per", "setup", "time_unit", "tiered"),
)


def kernel_rates(
    plan_ids: Collection[int], *, product_ids: Collection[int] | None = None
) -> dict[RateKey, Rate]:
    """Return the rates of the plans, by plan, product and bundle; two queries, three
    where quantity tiers are among them.

    `product_ids` limits them to these products and to the components of these bundles.
    """
    if product_ids is None:
        rows = _OF_PLANS.ask(plans=array_of(plan_ids))
    else:
        rows = _OF_PRODUCTS.ask(plans=array_of(plan_ids), products=array_of(product_ids))
    tiered = {row[3]: row[4] for row in rows if row[-1]}
    tiers = _tiers([rate_id for rate_id, basis in tiered.items() if basis != Basis.MATURITY])
    phases = _phases([each for each, basis in tiered.items() if basis in RECURRING_BASES], tiers)
    return {(row[0], row[1], row[2]): _rate(row[3:], phases, tiers) for row in rows}


def _rate(
    columns: Sequence[Any],
    phases: Mapping[int, tuple[Phase, ...]],
    tiers: Mapping[tuple[int, int], tuple[Tier, ...]],
) -> Rate:
    values = dict(zip(_COLUMNS, columns, strict=True))
    rate_id = values["pk"]
    return Rate(
        rate_id=rate_id,
        basis=Basis(values["basis"]),
        per=Duration(values["per_count"], Unit(values["per_unit"])),
        base_amount=values["base_amount"],
        phases=phases.get(rate_id, ()),
        after_last=AfterLast(values["after_last"]),
        tax_inclusive=values["tax_inclusive"],
        setup_fee=values["setup_fee"],
        deposit=values["deposit"],
        tiers=tiers.get((rate_id, 0), ()),
        tier_rule=TierRule(values["tier_rule"]),
        minimum=values["minimum"],
        base_per=BasePer(values["base_per"]),
        setup=SetUpFee(values["setup"]),
        time_unit=TimeUnit(values["time_unit"]),
    )


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


def first_amount(rate: Rate, quantity: Decimal = Decimal(1)) -> Decimal:
    """Return what a quantity of a new service costs at first, per `first_duration`."""
    phase = 0 if rate.phases else None
    unit_amount = rate.base_amount if phase is None else rate.phases[phase].amount
    return quantity_amount(rate, unit_amount, quantity, phase=phase)


def first_duration(rate: Rate) -> Duration:
    """Return the period that `first_amount` pays for."""
    return rate.phases[0].duration if rate.phases else rate.per


def _phases(
    rate_ids: list[int], tiers: Mapping[tuple[int, int], tuple[Tier, ...]]
) -> dict[int, tuple[Phase, ...]]:
    found: dict[int, tuple[Phase, ...]] = {}
    rows = (
        RatePhase.objects.filter(rate_id__in=rate_ids)
        .order_by("rate_id", "position")
        .values_list("rate_id", "count", "unit", "times", "amount")
    )
    for rate_id, count, unit, times, amount in rows:
        before = found.get(rate_id, ())
        own = tiers.get((rate_id, len(before) + 1), ())
        found[rate_id] = (*before, Phase(Duration(count, Unit(unit)), times, amount, own))
    return found


def _tiers(rate_ids: list[int]) -> dict[tuple[int, int], tuple[Tier, ...]]:
    """Return the quantity tiers by rate and number of the phase, 0 for the rate itself."""
    found: dict[tuple[int, int], list[Tier]] = defaultdict(list)
    rows = (
        RateTier.objects.filter(rate_id__in=rate_ids)
        .order_by("rate_id", "phase", "position")
        .values_list("rate_id", "phase", "up_to", "unit_rate", "fixed", "block")
    )
    for rate_id, phase, up_to, unit_rate, fixed, block in rows:
        found[rate_id, phase].append(Tier(up_to, unit_rate, fixed, block))
    return {key: tuple(tiers) for key, tiers in found.items()}


def _of_plans() -> QuerySet[PricePlanRate, tuple[Any, ...]]:
    rates = PricePlanRate.objects.filter(among_given("plan_id", "plans")).order_by("pk")
    return rates.values_list("plan_id", "product_id", "bundle_id", *_COLUMNS)


_OF_PLANS = Statement(_of_plans)
_OF_PRODUCTS = Statement(
    lambda: _of_plans().filter(
        among_given("product_id", "products") | among_given("bundle_id", "products")
    )
)
