"""Rated items as their pages show them, and how each came to its amount."""

from dataclasses import dataclass

from django.db.models import QuerySet

from billing.models import CreditNoteLine, InvoiceLine, RatedBillingItem
from billing.queries.steps import steps_of
from pricing.kernel.steps import Step
from subscriptions.models import BillingTerms

DocumentLine = InvoiceLine | CreditNoteLine


@dataclass(frozen=True, slots=True)
class Explanation:
    """How an item came to its amount: by `steps`, the last of which ends at it (of a reversal, at
    what it gives back), under `terms`. `line` is where it stands on a document.
    """

    steps: tuple[Step, ...]
    terms: BillingTerms | None
    line: DocumentLine | None
    reversal: RatedBillingItem | None


def rated_items() -> QuerySet[RatedBillingItem]:
    """Return all rated items, the newest first, with what their list shows."""
    return RatedBillingItem.objects.select_related(
        "account", "subscription", "service", "product"
    ).order_by("-pk")


def items_to_explain() -> QuerySet[RatedBillingItem]:
    """Return rated items with all that their own page shows."""
    return rated_items().select_related(
        "run", "service__parent__product", "rate__plan", "rate__bundle", "reverses__rate"
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
    return Explanation(
        steps=steps_of(item),
        terms=terms,
        line=_line(item),
        reversal=RatedBillingItem.objects.filter(reverses=item).first(),
    )


def _line(item: RatedBillingItem) -> DocumentLine | None:
    for model in (InvoiceLine, CreditNoteLine):
        line = model.objects.filter(item=item).select_related("document__bill", "tax_rate").first()
        if line is not None:
            return line
    return None
