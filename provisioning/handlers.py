"""What provisioning does when a subscription changes."""

from django.utils import timezone

from provisioning.operations.outbox import wishes, write_requests
from provisioning.tasks import wake_delivery_on_commit
from subscriptions.operations.requests import PerformedAction, PlannedAction, PreviewLine


class RequestProvisioning:
    """Writes the requests to providers in the action's transaction, and wakes delivery."""

    def check(self, planned: PlannedAction) -> None:
        """Refuse nothing: a provider's answer comes later and shows on the subscription."""

    def preview(self, planned: PlannedAction) -> list[PreviewLine]:
        """Say how many requests go to which provider."""
        counts: dict[str, int] = {}
        for wish in wishes(planned.changes):
            counts[wish.provider_name] = counts.get(wish.provider_name, 0) + 1
        sent = "sent" if planned.request.provision else "recorded, not sent,"
        return [
            PreviewLine(f"{count} request{'s' if count > 1 else ''} {sent} to {name}")
            for name, count in counts.items()
        ]

    def apply(self, performed: PerformedAction) -> None:
        """Write the requests and wake delivery when they are committed."""
        requests = write_requests(
            performed.action,
            account=performed.account,
            subscription=performed.subscription,
            changes=performed.changes,
            now=timezone.now(),
        )
        if requests and performed.action.provision:
            wake_delivery_on_commit()
