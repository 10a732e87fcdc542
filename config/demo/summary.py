"""What the demo holds, in one small mapping that is printed as JSON."""

from typing import Any

from django.db.models import Count, Sum

from billing.models import Bill, CreditNoteLine, InvoiceLine
from provisioning.models import ProvisioningRequest
from subscriptions.models import Account, ServiceState, StateReason, SubscribedService


def summarise() -> dict[str, Any]:
    """Return counts, and money as text with two decimals (the demo bills in EUR)."""
    money = Bill.objects.aggregate(
        net=Sum("net_amount"), tax=Sum("tax_amount"), gross=Sum("total_billed")
    )
    requests = ProvisioningRequest.objects.values_list("state").annotate(Count("id"))
    off = SubscribedService.objects.filter(
        state=ServiceState.NOT_EFFECTIVE, reason=StateReason.OVERDUE
    )
    return {
        "accounts": Account.objects.count(),
        "bills": Bill.objects.count(),
        "lines": InvoiceLine.objects.count() + CreditNoteLine.objects.count(),
        **{name: f"{amount or 0:.2f}" for name, amount in money.items()},
        "deactivated_services": off.count(),
        "provisioning_requests": dict(sorted(requests)),
    }
