"""Rated items as their pages show them, and how each came to its amount."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from billing.kernel.grid import settled_maturity
from billing.kernel.wanted import Facts
from billing.models import CreditNoteLine, InvoiceLine, ItemKind, RatedBillingItem
from billing.queries.histories import kernel_histories
from pricing.kernel.rates import PricedCycle, Rate, cycle_amount, price_at
from pricing.models import RatePhase
from pricing.queries.currencies import coin_of
from subscriptions.models import BillingTerms, ServiceSpell
from subscriptions.queries.timeline import histories

DocumentLine = InvoiceLine | CreditNoteLine


@dataclass(frozen=True, slots=True)
class Explanation:
    """How an item came to its amount.

    `days` of `cycle_days` were charged. `phase` is the price phase it was rated in, `multiple`
    how many of the rate's own periods the cycle holds; `price_override` what was agreed instead
    of the plan's price; `line` where it stands on a document.
    """

    days: int
    cycle_days: int
    terms: BillingTerms | None
    phase: RatePhase | None
    multiple: int
    price_override: Decimal | None
    line: DocumentLine | None
    reversal: RatedBillingItem | None

    @property
    def is_part(self) -> bool:
        """Whether only a part of the cycle was charged."""
        return self.days != self.cycle_days


def rated_items() -> QuerySet[RatedBillingItem]:
    """Return all rated items, the newest first, with what their list shows."""
    return RatedBillingItem.objects.select_related(
        "account", "subscription", "service", "product"
    ).order_by("-pk")


def items_to_explain() -> QuerySet[RatedBillingItem]:
    """Return rated items with all that their own page shows."""
    return rated_items().select_related(
        "run", "service__parent__product", "rate__plan", "rate__bundle", "reverses"
    )


def explain(item: RatedBillingItem) -> Explanation:
    """Return how an item of `items_to_explain` came to its amount; a dozen queries."""
    terms = (
        BillingTerms.objects.filter(
            subscription_id=item.subscription_id, period__contains=item.period.lower
        )
        .select_related("scheme", "plan")
        .first()
    )
    priced, phase = _phase(item, terms)
    return Explanation(
        days=_days(item.period),
        cycle_days=_days(item.cycle),
        terms=terms,
        phase=phase,
        multiple=priced.multiple if priced else 1,
        price_override=_override(item),
        line=_line(item),
        reversal=RatedBillingItem.objects.filter(reverses=item).first(),
    )


def _days(period: Any) -> int:
    return int((period.upper - period.lower).days)


def _phase(
    item: RatedBillingItem, terms: BillingTerms | None
) -> tuple[PricedCycle | None, RatePhase | None]:
    """Return the price and the phase in which the item's cycle lies, where facts still say so."""
    if item.kind != ItemKind.RECURRING or item.service_id is None or item.rate is None:
        return None, None
    facts = histories([item.account_id], service_ids=[item.service_id])
    found = kernel_histories(facts, {item.account_id: coin_of(item.currency)})
    history = found.get(item.service_id)
    if history is None or terms is None or not history.spells:
        return None, None
    rate: Rate | None = history.rates.get((item.rate.plan_id, item.product_id))  # type: ignore[union-attr]
    mine = next((each for each in history.terms if each.plan_id == item.rate.plan_id), None)
    if rate is None or mine is None:
        return None, None
    starts = Facts(history, (), (), item.period.lower).starts
    priced = price_at(
        rate,
        item.cycle.lower,
        maturity_start=settled_maturity(rate, starts, history.maturity_from),
        frequency=mine.frequency,
    )
    if priced is None:
        return None, None
    if abs(item.rate_amount) != cycle_amount(rate, priced, item.quantity):
        return priced, None
    phases = list(item.rate.phases.order_by("position"))
    in_order = priced.phase is not None and priced.phase < len(phases)
    return priced, phases[priced.phase] if in_order else None  # type: ignore[index]


def _override(item: RatedBillingItem) -> Decimal | None:
    if item.service_id is None or item.kind != ItemKind.RECURRING:
        return None
    return (
        ServiceSpell.objects.filter(service_id=item.service_id, period__contains=item.period.lower)
        .values_list("price_override", flat=True)
        .first()
    )


def _line(item: RatedBillingItem) -> DocumentLine | None:
    for model in (InvoiceLine, CreditNoteLine):
        line = model.objects.filter(item=item).select_related("document__bill", "tax_rate").first()
        if line is not None:
            return line
    return None
