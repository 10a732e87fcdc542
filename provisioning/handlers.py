"""What provisioning does when a subscription changes."""

from django.utils import timezone

from catalog.models import Product
from catalog.operations.cloning import ClonedPart
from provisioning.operations.outbox import wishes, write_requests
from provisioning.operations.providers import distribute_product
from provisioning.queries.distributions import distributions_by_provider
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


class ClonedProviders(ClonedPart):
    """Where a product is provisioned (PRODUCT_CLONED_PARTS)."""

    slug = "providers"
    label = "Providers and distributors, with the new code as the providers' id"

    def count(self, product: Product) -> int:
        """Count the providers."""
        return len(distributions_by_provider(product))

    def copy(self, source: Product, clone: Product) -> None:
        """Put the clone on the same providers; there it has an id of its own."""
        for row in distributions_by_provider(source).values():
            distribute_product(
                clone,
                provider=row.provider,
                external_id=clone.code,
                distributors=list(row.distributors.all()),
            )
