"""Rates of a price plan: add, change, remove."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Final

from django.db import transaction

from catalog.models import Classification, Product, ServiceType
from catalog.queries.choices import flexible_bundle
from config.shared.db import refused_by, take_ids
from pricing.kernel.periods import Duration, Unit
from pricing.kernel.rates import AfterLast, Basis, Phase
from pricing.models import PricePlan, PricePlanRate, RatePhase
from pricing.operations.locking import PlanInUse, lock_editable_plan, lock_open_plan
from pricing.queries.errors import PricingError

MONTHLY: Final = Duration(1, Unit.MONTH)
# What a rate may depend on, by what is sold; usage services are priced in usage catalogues.
BASES: Final[dict[str, tuple[Basis, ...]]] = {
    ServiceType.TERMED: (Basis.MATURITY,),
    ServiceType.EXPENSE: (Basis.FLAT_FEE,),
    ServiceType.ONE_TIME: (Basis.FLAT_FEE,),
    ServiceType.USAGE: (),
    Classification.PHYSICAL_GOOD: (Basis.FLAT_FEE,),
}
CHANGEABLE: Final = frozenset(
    ["product", "bundle", "basis", "base_amount", "after_last", "tax_inclusive", "setup_fee"]
)


class RateExists(PricingError):
    """The plan already has a rate for the product."""

    field = "product"


class UsageNotInPlan(PricingError):
    """Usage services are priced in a usage service catalogue only."""

    field = "product"


class BasisNotAllowed(PricingError):
    """The product is not priced on this basis."""

    field = "basis"


class NotAComponent(PricingError):
    """The product is not a component of the bundle."""

    field = "bundle"


class WrongAmount(PricingError):
    """An amount is negative or has too many digits."""

    field = "base_amount"


class NoSetUpFee(PricingError):
    """What is paid once has no set-up fee beside it."""

    field = "setup_fee"


class WrongPhases(PricingError):
    """The phases of a rate do not fit together."""


def bases_for(product: Product) -> tuple[Basis, ...]:
    """Return the bases on which a product may be priced in a plan; none for usage services."""
    product_type = product.type
    return BASES[product_type.service_type or product_type.classification]


def usual_basis(product: Product) -> Basis:
    """Return the basis on which a product is priced where none is asked for."""
    return next(iter(bases_for(product)), Basis.FLAT_FEE)


@transaction.atomic
def add_rate(
    plan: PricePlan,
    *,
    product: Product,
    basis: Basis | str,
    base_amount: Decimal = Decimal(0),
    bundle: Product | None = None,
    per: Duration = MONTHLY,
    phases: Sequence[Phase] = (),
    after_last: AfterLast | str = AfterLast.KEEP,
    tax_inclusive: bool = False,
    setup_fee: Decimal = Decimal(0),
) -> PricePlanRate:
    """Add the price of a product to a plan, sold alone or as a component of `bundle`.

    `base_amount` is the price of one `per`; with phases, they say what is asked instead. A plan
    that has been used takes only products that are not in it yet, in any role.

    Raises PlanExpired, PlanInUse, RateExists, UsageNotInPlan, BasisNotAllowed, NotAComponent,
    WrongAmount, NoSetUpFee or WrongPhases.
    """
    plan = lock_open_plan(plan.pk)
    basis = Basis(basis)
    check_product(product, basis, bundle)
    check_prices(basis, base_amount, setup_fee, phases)
    if plan.used_at is not None and plan.rates.filter(product=product).exists():
        raise PlanInUse(
            f"{plan} has been used and already has a rate for {product}. "
            "Replace the plan to change it."
        )
    rate = PricePlanRate(
        pk=take_ids(PricePlanRate, 1)[0],
        plan=plan,
        product=product,
        bundle=bundle,
        basis=basis.value,
        tiered=bool(phases),
        per_count=per.count,
        per_unit=per.unit.value,
        base_amount=base_amount,
        tax_inclusive=tax_inclusive,
        setup_fee=setup_fee,
        after_last=AfterLast(after_last).value,
    )
    _insert(rate, phases)
    return rate


@transaction.atomic
def change_rate(
    rate: PricePlanRate, *, phases: Sequence[Phase] | None = None, **changes: Any
) -> PricePlanRate:
    """Change a rate of a plan that has not been used; `changes` are arguments of `add_rate`.

    None keeps the phases, () removes them.

    Raises what `add_rate` raises.
    """
    plan = lock_editable_plan(rate.plan_id)
    rate = PricePlanRate.objects.select_related("product__type", "bundle").get(pk=rate.pk)
    rate.plan = plan
    per: Duration | None = changes.pop("per", None)
    if per is not None:
        rate.per_count, rate.per_unit = per.count, per.unit.value
    for name, value in changes.items():
        if name not in CHANGEABLE:
            raise TypeError(f"change_rate() cannot change {name!r}")
        setattr(rate, name, value)
    kept = phases_of(rate) if phases is None else tuple(phases)
    check_product(rate.product, Basis(rate.basis), rate.bundle)
    check_prices(Basis(rate.basis), rate.base_amount, rate.setup_fee, kept)
    rate.tiered = bool(kept)
    with refused_by("price_plan_rate_once", _exists(rate)):
        rate.save()
    if phases is not None:
        for phase in rate.phases.all():
            phase.delete()
        _insert_phases(rate, kept)
    return rate


@transaction.atomic
def remove_rate(rate: PricePlanRate) -> None:
    """Take a rate out of a plan that has not been used.

    Raises PlanExpired or PlanInUse.
    """
    lock_editable_plan(rate.plan_id)
    rate.delete()


def phases_of(rate: PricePlanRate) -> tuple[Phase, ...]:
    """Return the phases of a rate as the kernel's values; one query unless prefetched."""
    rows = sorted(rate.phases.all(), key=lambda row: row.position)
    return tuple(Phase(Duration(row.count, Unit(row.unit)), row.times, row.amount) for row in rows)


def check_product(product: Product, basis: Basis, bundle: Product | None) -> None:
    """Raise UsageNotInPlan, BasisNotAllowed or NotAComponent if the product has no such rate."""
    allowed = bases_for(product)
    if not allowed:
        raise UsageNotInPlan(
            f"{product} is a usage service: its price belongs in a usage service catalogue only."
        )
    if basis not in allowed:
        names = " or ".join(each.name.replace("_", " ").lower() for each in allowed)
        raise BasisNotAllowed(f"{product} is priced by {names}.")
    if bundle is not None and not flexible_bundle(bundle).may_contain(product):
        raise NotAComponent(f"{product} is not a component of {bundle}.")


def check_prices(
    basis: Basis, base_amount: Decimal, setup_fee: Decimal, phases: Sequence[Phase]
) -> None:
    """Raise WrongAmount, NoSetUpFee or WrongPhases if the prices cannot stand."""
    for amount in (base_amount, setup_fee, *(phase.amount for phase in phases)):
        if not amount.is_finite() or amount < 0:
            raise WrongAmount("An amount cannot be less than 0.")
        if amount >= 10**14 or amount != amount.quantize(Decimal("1E-10")):
            raise WrongAmount("An amount has at most 14 digits before the point and 10 after it.")
    if setup_fee and basis is Basis.FLAT_FEE:
        raise NoSetUpFee("A flat fee is paid once: it has no set-up fee.")
    if phases and basis is not Basis.MATURITY:
        raise WrongPhases("Only a rate by maturity has phases.")
    if any(phase.times == 0 for phase in phases[:-1]):
        raise WrongPhases("Only the last phase may go on until cancelled.")


def _insert(rate: PricePlanRate, phases: Sequence[Phase]) -> None:
    """Write phases before their rate: the freeze takes none for a rate that is there."""
    _insert_phases(rate, phases)
    with refused_by("price_plan_rate_once", _exists(rate)):
        rate.save(force_insert=True)


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


def _exists(rate: PricePlanRate) -> RateExists:
    role = f" as a component of {rate.bundle}" if rate.bundle else ""
    return RateExists(f"{rate.plan} already has a rate for {rate.product}{role}.")
