"""The panels of a payment's page."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest

from billing.models import Payment
from billing.queries.payments import paid_by
from config.shared.panels import Panel


class PaymentDetailsPanel(Panel):
    """What is known of the payment."""

    title = "Payment"
    slug = "payment"
    order = 10
    wide = False
    template_name = "billing/partials/payment_details.html"


class PaymentAllocations(Panel):
    """What the payment paid."""

    title = "Paid with it"
    slug = "allocations"
    order = 20
    wide = False
    template_name = "billing/partials/payment_allocations.html"

    def context(self, obj: Payment, request: HttpRequest) -> Mapping[str, Any]:
        """Return the allocations."""
        allocations = list(paid_by(obj))
        return {"allocations": allocations, "count": len(allocations)}
