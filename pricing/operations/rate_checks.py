"""What a rate of a plan may be, whoever enters it: on a page, pasted, or from a file."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from catalog.models import Classification, Product, ServiceType
from catalog.queries.choices import flexible_bundle
from pricing.kernel.rates import RECURRING_BASES, Basis, Phase
from pricing.kernel.tiers import Tier, TiersNotPossible, check_tiers
from pricing.operations.lengths import fault_of_length
from pricing.operations.tier_plans import WrongTiers
from pricing.queries.errors import PricingError

# What a rate may depend on, by what is sold; usage services are priced in usage catalogues.
BASES: Final[dict[str, tuple[Basis, ...]]] = {
    ServiceType.TERMED: (Basis.MATURITY, Basis.QUANTITY_AND_MATURITY),
    ServiceType.EXPENSE: (Basis.FLAT_FEE, Basis.QUANTITY),
    ServiceType.ONE_TIME: (Basis.FLAT_FEE, Basis.QUANTITY, Basis.DURATION),
    ServiceType.USAGE: (),
    Classification.PHYSICAL_GOOD: (Basis.FLAT_FEE, Basis.QUANTITY),
}
TIERED_BASES: Final = frozenset({Basis.QUANTITY, Basis.QUANTITY_AND_MATURITY, Basis.DURATION})
"""Bases that ask how much, so that tiers and a minimum charge make sense."""


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

    def __init__(self, message: str, *, field: str = "base_amount") -> None:
        super().__init__(message)
        self.field = field


class NoSetUpFee(PricingError):
    """What is paid once has no set-up fee beside it."""

    field = "setup_fee"


class TooLong(PricingError):
    """A price for a period that leaves the calendar."""

    field = "per_count"


class NoMinimum(PricingError):
    """A price that does not ask how much has no minimum charge."""

    field = "minimum"


class WrongPhases(PricingError):
    """The phases of a rate do not fit together."""


@dataclass(frozen=True, slots=True)
class RateTierRow:
    """A quantity tier as somebody enters it: of the phase with that number, 0 = of the rate.

    Where `above` is given, it has to be the end of the tier before.
    """

    up_to: Decimal | None
    rate: Decimal = Decimal(0)
    fixed: Decimal = Decimal(0)
    block: Decimal = Decimal(1)
    phase: int = 0
    above: Decimal | None = None


def bases_for(product: Product) -> tuple[Basis, ...]:
    """Return the bases on which a product may be priced in a plan; none for usage services."""
    product_type = product.type
    return BASES[product_type.service_type or product_type.classification]


def usual_basis(product: Product) -> Basis:
    """Return the basis on which a product is priced where none is asked for."""
    return next(iter(bases_for(product)), Basis.FLAT_FEE)


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
    basis: Basis,
    amounts: dict[str, Decimal],
    phases: Sequence[Phase],
    tiers: Sequence[Tier],
) -> None:
    """Raise WrongAmount, NoSetUpFee, NoMinimum, WrongPhases or WrongTiers if the prices cannot
    stand. `amounts` has base_amount, setup_fee, deposit and minimum.
    """
    for field, amount in amounts.items():
        _check_amount(amount, field)
    for phase in phases:
        _check_amount(phase.amount, "base_amount")
    if amounts["setup_fee"] and basis not in RECURRING_BASES:
        raise NoSetUpFee("What is paid once has no set-up fee.")
    if amounts["minimum"] and basis not in TIERED_BASES:
        raise NoMinimum("Only a price by quantity or duration has a minimum charge.")
    if phases and basis not in RECURRING_BASES:
        raise WrongPhases("Only a rate by maturity has phases.")
    if any(phase.times == 0 for phase in phases[:-1]):
        raise WrongPhases("Only the last phase may go on until cancelled.")
    for number, phase in enumerate(phases, start=1):
        length = phase.duration.count * (phase.times or 1)
        if fault := fault_of_length(length, phase.duration.unit):
            raise WrongPhases(f"Phase {number} is too long. {fault}")
    _check_tiers(basis, phases, tiers)


def tiers_by_phase(rows: Sequence[RateTierRow], phase_count: int) -> dict[int, tuple[Tier, ...]]:
    """Return the tiers of each phase, 0 for those of the rate itself, in their order.

    Raises WrongTiers with the row at fault.
    """
    places: dict[int, list[int]] = {}
    for place, row in enumerate(rows):
        if row.phase > phase_count:
            raise WrongTiers(f"There is no phase {row.phase}.", row=place, field="phase")
        if phase_count and not row.phase:
            raise WrongTiers("Name the phase that the tier belongs to.", row=place, field="phase")
        places.setdefault(row.phase, []).append(place)
    for own in places.values():
        _check_places(rows, own)
    return {
        phase: tuple(
            Tier(rows[place].up_to, rows[place].rate, rows[place].fixed, rows[place].block)
            for place in own
        )
        for phase, own in places.items()
    }


def _check_places(rows: Sequence[RateTierRow], places: Sequence[int]) -> None:
    """Check the tiers of one phase, which stand at these places."""
    end: Decimal | None = Decimal(0)
    for place in places:
        row = rows[place]
        if row.above is not None and end is not None and row.above != end:
            fault = "leaves a gap" if row.above > end else "overlaps"
            raise WrongTiers(
                f"It {fault}: the tier before ends at {end.normalize():f}.",
                row=place,
                field="above",
            )
        end = row.up_to
    tiers = [Tier(rows[at].up_to, rows[at].rate, rows[at].fixed, rows[at].block) for at in places]
    try:
        check_tiers(tiers)
    except TiersNotPossible as fault:
        raise WrongTiers(str(fault), row=places[fault.row]) from None


def check_tiered(basis: Basis) -> None:
    """Raise WrongTiers if a price on this basis does not ask how much."""
    if basis not in TIERED_BASES:
        raise WrongTiers(
            "Tiers need a price by quantity, by quantity and maturity, or by duration.",
            field="basis",
        )


def _check_tiers(basis: Basis, phases: Sequence[Phase], tiers: Sequence[Tier]) -> None:
    groups = [tiers, *(phase.tiers for phase in phases)]
    if any(groups):
        check_tiered(basis)
    if tiers and phases:
        raise WrongTiers("With phases, each tier belongs to a phase.", row=0, field="phase")
    for group in filter(None, groups):
        _check_figures(group)
        try:
            check_tiers(group)
        except TiersNotPossible as fault:
            raise WrongTiers(str(fault), row=fault.row) from None


def _check_figures(tiers: Iterable[Tier]) -> None:
    for place, tier in enumerate(tiers):
        for amount in (tier.rate, tier.fixed):
            if not _fits(amount, 10):
                raise WrongTiers(f"A tier's price has {_TOO_LONG}", row=place, field="rate")
        for units in (tier.up_to, tier.block):
            if units is not None and not _fits(units, 8):
                raise WrongTiers(
                    "A number of units has at most 14 digits before the point and 8 after it.",
                    row=place,
                )


_TOO_LONG = "at most 14 digits before the point and 10 after it."


def _check_amount(amount: Decimal, field: str) -> None:
    if not amount.is_finite() or amount < 0:
        raise WrongAmount("An amount cannot be less than 0.", field=field)
    if not _fits(amount, 10):
        raise WrongAmount(f"An amount has {_TOO_LONG}", field=field)


def _fits(number: Decimal, decimals: int) -> bool:
    return (
        number.is_finite()
        and number < 10**14
        and number == number.quantize(Decimal(1).scaleb(-decimals))
    )
