"""Two price plans side by side, rate by rate; reads only."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from catalog.models import Product
from config.shared.money_format import figure_text
from pricing.kernel.periods import Duration
from pricing.kernel.rates import AfterLast, BasePer, Basis, Phase, SetUpFee
from pricing.kernel.tiers import Tier
from pricing.models import PricePlan, PricePlanRate
from pricing.operations.rates import RateTerms, terms_of
from pricing.queries.plans import rates_of_plan

RateKey = tuple[int, int | None]
AS_IN_BASE: Final = "as in the base"


@dataclass(frozen=True, slots=True)
class ComparedRate:
    """What a product, alone or in a bundle, costs in two plans; no texts where a plan lacks it.

    A conditional plan has the rates of its base for what it does not name; `in_base` says where
    that is so. `difference` is that of the plain amounts where both are in one currency and ask
    alike for it.
    """

    product: Product
    bundle: Product | None
    old: tuple[str, ...]
    new: tuple[str, ...]
    old_amount: Decimal | None
    new_amount: Decimal | None
    difference: Decimal | None
    is_same: bool
    in_base: bool

    @property
    def what(self) -> str:
        """What became of it, in a word."""
        if not self.old:
            return "added"
        if not self.new:
            return "gone"
        if not self.is_same:
            return "changed"
        return AS_IN_BASE if self.in_base else "same"


def compare_plans(old: PricePlan, new: PricePlan) -> list[ComparedRate]:
    """Return all rates of two plans by name of the product; at most six queries for each plan."""
    before, after = _rates(old), _rates(new)
    names: dict[RateKey, tuple[str, str]] = {}
    for key, rate in (*before.items(), *after.items()):
        names[key] = rate.product.name, rate.bundle.name if rate.bundle else ""
    return [
        _compared((old, before.get(key)), (new, after.get(key)))
        for key in sorted(names, key=lambda key: (names[key], key[0], key[1] or 0))
    ]


def rate_lines(terms: RateTerms, currency: str) -> tuple[str, ...]:
    """Return what a rate asks, in lines of a few words."""
    lines = [*_price_lines(terms, currency), *_extra_lines(terms, currency)]
    if terms.tax_inclusive:
        lines.append("tax inclusive")
    return tuple(lines)


def _rates(plan: PricePlan) -> dict[RateKey, PricePlanRate]:
    """Return what holds under a plan: what it does not name costs what its base says."""
    rates = rates_of_plan(plan).prefetch_related("tiers")
    own = {(rate.product_id, rate.bundle_id): rate for rate in rates}
    return own if plan.base is None else _rates(plan.base) | own


def _compared(
    before_in: tuple[PricePlan, PricePlanRate | None],
    after_in: tuple[PricePlan, PricePlanRate | None],
) -> ComparedRate:
    (old_plan, old), (new_plan, new) = before_in, after_in
    one_currency = old_plan.currency == new_plan.currency
    either = old or new
    if either is None:
        raise ValueError("a rate that is in neither plan cannot be compared")
    before, after = (None if rate is None else terms_of(rate) for rate in (old, new))
    amounts = [_plain_amount(terms) for terms in (before, after)]
    return ComparedRate(
        product=either.product,
        bundle=either.bundle,
        old=_lines(old_plan, old, before),
        new=_lines(new_plan, new, after),
        old_amount=amounts[0],
        new_amount=amounts[1],
        difference=_difference(before, after) if one_currency else None,
        is_same=one_currency and before == after,
        in_base=_is_of_base(old_plan, old) or _is_of_base(new_plan, new),
    )


def _is_of_base(plan: PricePlan, rate: PricePlanRate | None) -> bool:
    return rate is not None and rate.plan_id != plan.pk


def _lines(plan: PricePlan, rate: PricePlanRate | None, terms: RateTerms | None) -> tuple[str, ...]:
    if terms is None:
        return ()
    lines = rate_lines(terms, plan.currency)
    return (AS_IN_BASE, *lines) if _is_of_base(plan, rate) else lines


def _plain_amount(terms: RateTerms | None) -> Decimal | None:
    if terms is None or terms.phases or terms.tiers:
        return None
    return terms.base_amount


def _difference(old: RateTerms | None, new: RateTerms | None) -> Decimal | None:
    before, after = _plain_amount(old), _plain_amount(new)
    if old is None or new is None or before is None or after is None:
        return None
    is_alike = (old.basis, old.per, old.tax_inclusive) == (new.basis, new.per, new.tax_inclusive)
    return (after - before or Decimal(0)) if is_alike else None


def _price_lines(terms: RateTerms, currency: str) -> Iterable[str]:
    if terms.phases:
        for phase in terms.phases:
            yield _phase_line(phase, terms, currency)
        if terms.phases[-1].times:
            yield {
                AfterLast.STOP: "then no more",
                AfterLast.KEEP: "then the last price",
                AfterLast.REPEAT: "then from the start",
            }[terms.after_last]
        return
    paid = _paid_for(terms.basis, terms.per, terms.time_unit.value)
    if terms.tiers:
        yield f"{_tier_text(terms.tiers, terms, currency)} {paid}"
    else:
        yield f"{figure_text(terms.base_amount, currency)} {paid}"


def _phase_line(phase: Phase, terms: RateTerms, currency: str) -> str:
    times = {0: "until cancelled", 1: "once"}.get(phase.times, f"{phase.times} times")
    price = figure_text(phase.amount, currency)
    if phase.tiers:
        price = _tier_text(phase.tiers, terms, currency)
    return f"{price} {_per(phase.duration)}, {times}"


def _tier_text(tiers: Iterable[Tier], terms: RateTerms, currency: str) -> str:
    parts = []
    for tier in tiers:
        bound = "above" if tier.up_to is None else f"up to {tier.up_to.normalize():f}"
        fixed = f" and {figure_text(tier.fixed, currency)} fixed" if tier.fixed else ""
        parts.append(f"{bound}: {figure_text(tier.rate, currency)}{fixed}")
    return f"{terms.tier_rule.value.lower()}: {'; '.join(parts)}"


def _extra_lines(terms: RateTerms, currency: str) -> Iterable[str]:
    if terms.minimum:
        yield f"at least {figure_text(terms.minimum, currency)}"
    if terms.basis is Basis.QUANTITY_AND_MATURITY and terms.base_per is BasePer.PERIOD:
        yield "whatever the quantity"
    if terms.setup_fee:
        when = {SetUpFee.WAIVE: ", waived", SetUpFee.ON_OPEN: ", on opening"}.get(terms.setup, "")
        yield f"set-up fee {figure_text(terms.setup_fee, currency)}{when}"
    if terms.deposit:
        yield f"deposit {figure_text(terms.deposit, currency)}"


def _paid_for(basis: Basis, per: Duration, time_unit: str) -> str:
    if basis is Basis.FLAT_FEE:
        return "once"
    if basis is Basis.QUANTITY:
        return "each"
    return f"per {time_unit.lower()}" if basis is Basis.DURATION else _per(per)


def _per(duration: Duration) -> str:
    return f"per {duration.unit.value.lower()}" if duration.count == 1 else f"per {duration}"
