"""What billing does when a subscription changes; named in settings."""

from collections.abc import Sequence
from datetime import date

from billing.operations.errors import BillingError
from billing.operations.marking import mark_account, mark_changes, rate_expenses
from billing.operations.money_preview import next_bill_lines
from billing.operations.rating import mark_services
from billing.queries.items import unbilled_items_with
from pricing.models import AdditiveDiscount
from pricing.queries.errors import PricingError
from subscriptions.models import Account, SubscribedService
from subscriptions.operations.actions import (
    ActionHandler,
    ActionRefused,
    PerformedAction,
    PlannedAction,
    PreviewLine,
)


class NotBillable(ActionRefused):
    """Billing cannot price what the act adds."""


class MarkForRating(ActionHandler):
    """Lets the next run look at what an act changed, and says what it will cost."""

    def preview(self, planned: PlannedAction) -> Sequence[PreviewLine]:
        """Return what the act adds to the next bill."""
        try:
            return next_bill_lines(planned)
        except (BillingError, PricingError) as refusal:
            raise NotBillable(str(refusal)) from refusal

    def apply(self, performed: PerformedAction) -> None:
        """Mark the changed services, and rate the expenses."""
        mark_changes(performed)
        try:
            rate_expenses(performed, now=performed.now)
        except (BillingError, PricingError) as refusal:
            raise NotBillable(str(refusal)) from refusal


class RerateAccount:
    """Prices may follow the class of an account (ACCOUNT_CHANGED_HANDLERS)."""

    def classes_changed(self, account: Account, *, on: date) -> None:
        """Let the next run compare what was rated for days from `on` on."""
        mark_account(account, on=on)


class RateDiscounted:
    """Lets the next run look at services whose discounts changed (DISCOUNT_GIVEN_HANDLERS)."""

    def discount_changed(
        self, services: Sequence[SubscribedService], *, account_id: int, from_day: date
    ) -> None:
        """Mark them, to be rated again where that reaches into rated days."""
        mark_services([(service, from_day) for service in services], account_id)


class ItemsToBill:
    """What is rated less a discount and not billed yet (DISCOUNT_HOLDERS)."""

    what = ("rated item that is not billed yet", "rated items that are not billed yet")

    def count(self, discount: AdditiveDiscount) -> int:
        """Count the items."""
        return unbilled_items_with(discount.pk)
