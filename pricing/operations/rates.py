"""Rates of a price plan: add, change, remove."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from decimal import Decimal
from enum import Enum
from typing import Any, Final

from django.db import transaction

from catalog.models import Product
from config.shared.db import refused_by, take_ids
from pricing.kernel.periods import Duration, Unit
from pricing.kernel.rates import AfterLast, BasePer, Basis, Phase, SetUpFee, TimeUnit
from pricing.kernel.tiers import Tier, TierRule
from pricing.models import EffectiveFrom, PricePlan, PricePlanRate, RatePhase, RateTier
from pricing.operations.lengths import fault_of_length
from pricing.operations.locking import PlanInUse, lock_editable_plan, lock_open_plan
from pricing.operations.rate_checks import TooLong, check_prices, check_product
from pricing.queries.errors import PricingError

MONTHLY: Final = Duration(1, Unit.MONTH)
ZERO: Final = Decimal(0)


class RateExists(PricingError):
    """The plan already has a rate for the product."""

    field = "product"


@dataclass(frozen=True, slots=True, kw_only=True)
class RateTerms:
    """What a rate asks for its product. `base_amount` is the price of one `per`.

    Phases, or tiers of the quantity, say what is asked instead; tiers of a phase stand with it.
    """

    basis: Basis
    base_amount: Decimal = ZERO
    per: Duration = MONTHLY
    phases: Sequence[Phase] = ()
    after_last: AfterLast = AfterLast.KEEP
    tiers: Sequence[Tier] = ()
    tier_rule: TierRule = TierRule.GRADUATED
    minimum: Decimal = ZERO
    base_per: BasePer = BasePer.PERIOD_AND_ITEM
    time_unit: TimeUnit = TimeUnit.HOUR
    tax_inclusive: bool = False
    setup_fee: Decimal = ZERO
    setup: SetUpFee = SetUpFee.CHARGE
    deposit: Decimal = ZERO
    effective_from: EffectiveFrom = EffectiveFrom.SERVICE

    def fields(self) -> dict[str, Any]:
        """Return the values by name, as `add_rate` and `change_rate` take them."""
        return {each.name: getattr(self, each.name) for each in fields(self)}


_ENUMS: Final[Mapping[str, type[Enum]]] = {
    "basis": Basis,
    "after_last": AfterLast,
    "tier_rule": TierRule,
    "base_per": BasePer,
    "time_unit": TimeUnit,
    "setup": SetUpFee,
    "effective_from": EffectiveFrom,
}
_COLUMNS: Final = frozenset(each.name for each in fields(RateTerms)) - {"per", "phases", "tiers"}


@transaction.atomic
def add_rate(
    plan: PricePlan, *, product: Product, bundle: Product | None = None, **terms: Any
) -> PricePlanRate:
    """Add the price of a product to a plan, sold alone or as a component of `bundle`.

    `terms` are the fields of RateTerms. A plan that has been used takes only products that are
    not in it yet, in any role.

    Raises PlanExpired, PlanInUse, RateExists, UsageNotInPlan, BasisNotAllowed, NotAComponent,
    WrongAmount, TooLong, NoSetUpFee, NoMinimum, WrongPhases or WrongTiers.
    """
    plan = lock_open_plan(plan.pk)
    asked = RateTerms(**_coerced(terms))
    _check(product, bundle, asked)
    if plan.used_at is not None and plan.rates.filter(product=product).exists():
        raise PlanInUse(
            f"{plan} has been used and already has a rate for {product}. "
            "Replace the plan to change it."
        )
    rate = PricePlanRate(
        pk=take_ids(PricePlanRate, 1)[0], plan=plan, product=product, bundle=bundle
    )
    _set(rate, asked)
    # Before their rate: the freeze takes no phases and tiers for a rate that is there.
    _insert_phases(rate, asked.phases)
    _insert_tiers(rate, asked)
    with refused_by("price_plan_rate_once", _exists(rate)):
        rate.save(force_insert=True)
    return rate


@transaction.atomic
def change_rate(rate: PricePlanRate, **changes: Any) -> PricePlanRate:
    """Change a rate of a plan that has not been used; `changes` are arguments of `add_rate`.

    What is not given stays as it is.

    Raises what `add_rate` raises.
    """
    plan = lock_editable_plan(rate.plan_id)
    rate = PricePlanRate.objects.select_related("product__type", "bundle").get(pk=rate.pk)
    rate.plan = plan
    for name in ("product", "bundle"):
        setattr(rate, name, changes.pop(name, getattr(rate, name)))
    stored = terms_of(rate)
    asked = replace(stored, **_coerced(changes))
    _check(rate.product, rate.bundle, asked)
    _set(rate, asked)
    with refused_by("price_plan_rate_once", _exists(rate)):
        rate.save()
    if _plain_phases(asked) != _plain_phases(stored):
        _remove(rate.phases.all())
        _insert_phases(rate, asked.phases)
    if _grouped_tiers(asked) != _grouped_tiers(stored):
        _remove(rate.tiers.all())
        _insert_tiers(rate, asked)
    return rate


@transaction.atomic
def remove_rate(rate: PricePlanRate) -> None:
    """Take a rate out of a plan that has not been used.

    Raises PlanExpired or PlanInUse.
    """
    lock_editable_plan(rate.plan_id)
    rate.delete()


def terms_of(rate: PricePlanRate) -> RateTerms:
    """Return what a stored rate asks; two queries unless phases and tiers are prefetched."""
    columns = {name: getattr(rate, name) for name in _COLUMNS}
    return RateTerms(
        **_coerced(columns),
        per=Duration(rate.per_count, Unit(rate.per_unit)),
        phases=phases_of(rate),
        tiers=_tiers_of(rate).get(0, ()),
    )


def phases_of(rate: PricePlanRate) -> tuple[Phase, ...]:
    """Return the phases of a rate with their tiers; two queries unless prefetched."""
    rows = sorted(rate.phases.all(), key=lambda row: row.position)
    tiers = _tiers_of(rate)
    return tuple(
        Phase(Duration(row.count, Unit(row.unit)), row.times, row.amount, tiers.get(number, ()))
        for number, row in enumerate(rows, start=1)
    )


def _tiers_of(rate: PricePlanRate) -> dict[int, tuple[Tier, ...]]:
    """Return the tiers of each phase, 0 for those of the rate itself."""
    found: dict[int, tuple[Tier, ...]] = {}
    for row in sorted(rate.tiers.all(), key=lambda row: (row.phase, row.position)):
        tier = Tier(row.up_to, row.unit_rate, row.fixed, row.block)
        found[row.phase] = (*found.get(row.phase, ()), tier)
    return found


def _coerced(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values with the kernel's enums in place of their texts."""
    return {
        name: _ENUMS[name](value) if name in _ENUMS else value for name, value in values.items()
    }


def _check(product: Product, bundle: Product | None, asked: RateTerms) -> None:
    check_product(product, asked.basis, bundle)
    amounts = {
        name: getattr(asked, name) for name in ("base_amount", "setup_fee", "deposit", "minimum")
    }
    check_prices(asked.basis, amounts, asked.phases, asked.tiers)
    if fault := fault_of_length(asked.per.count, asked.per.unit):
        raise TooLong(fault)


def _set(rate: PricePlanRate, asked: RateTerms) -> None:
    for name in _COLUMNS:
        value = getattr(asked, name)
        setattr(rate, name, value.value if isinstance(value, Enum) else value)
    rate.per_count, rate.per_unit = asked.per.count, asked.per.unit.value
    rate.tiered = bool(asked.phases or asked.tiers)


def _plain_phases(terms: RateTerms) -> list[Phase]:
    return [replace(phase, tiers=()) for phase in terms.phases]


def _grouped_tiers(terms: RateTerms) -> dict[int, tuple[Tier, ...]]:
    """Return the tiers by phase, 0 for those of the rate itself."""
    groups = {0: terms.tiers}
    groups |= {number: phase.tiers for number, phase in enumerate(terms.phases, start=1)}
    return {phase: tuple(tiers) for phase, tiers in groups.items() if tiers}


def _remove(rows: Iterable[RatePhase | RateTier]) -> None:
    for row in rows:
        row.delete()


def _insert_phases(rate: PricePlanRate, phases: Sequence[Phase]) -> None:
    for position, phase in enumerate(phases, start=1):
        RatePhase.objects.create(
            rate_id=rate.pk,
            position=position,
            count=phase.duration.count,
            unit=phase.duration.unit.value,
            times=phase.times,
            amount=phase.amount,
        )


def _insert_tiers(rate: PricePlanRate, terms: RateTerms) -> None:
    for phase, tiers in _grouped_tiers(terms).items():
        for position, tier in enumerate(tiers, start=1):
            RateTier.objects.create(
                rate_id=rate.pk,
                phase=phase,
                position=position,
                up_to=tier.up_to,
                unit_rate=tier.rate,
                fixed=tier.fixed,
                block=tier.block,
            )


def _exists(rate: PricePlanRate) -> RateExists:
    role = f" as a component of {rate.bundle}" if rate.bundle else ""
    return RateExists(f"{rate.plan} already has a rate for {rate.product}{role}.")
