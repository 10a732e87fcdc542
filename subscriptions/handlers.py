"""What subscriptions do when something below them changes; named in settings."""

from datetime import date

from django.contrib.auth.models import User

from catalog.models import Product
from catalog.operations.cloning import ClonedPart
from pricing.models import PricePlan
from subscriptions.operations.schemes import (
    add_product_to_scheme,
    add_product_to_type,
    follow_replaced_plan,
)
from subscriptions.queries.products import live_services
from subscriptions.queries.schemes import schemes_of_product


class FollowReplacedPlan:
    """Schemes that offer a replaced price plan offer the new one (PLAN_REPLACED_HANDLERS)."""

    def plan_replaced(self, old: PricePlan, new: PricePlan, *, by: User | None, on: date) -> None:
        """Move defaults and allowed plans; agreed terms keep theirs."""
        follow_replaced_plan(old, new, by=by, on=on)


class LiveServices:
    """Who has a product (PRODUCT_HOLDERS)."""

    what = ("service that is not closed", "services that are not closed")

    def count(self, product: Product) -> int:
        """Count the services of customers, drafts among them."""
        return live_services(product).count()


class ClonedSchemes(ClonedPart):
    """How billing term schemes bill a product (PRODUCT_CLONED_PARTS)."""

    slug = "schemes"
    label = "Billing term schemes"

    def count(self, product: Product) -> int:
        """Count the schemes."""
        return schemes_of_product(product).count()

    def copy(self, source: Product, clone: Product) -> None:
        """Put the clone on the same schemes, billed alike."""
        for row in schemes_of_product(source):
            add_product_to_scheme(
                row.scheme,
                clone,
                timing=row.timing,
                exclude_from_deactivation=row.exclude_from_deactivation,
            )


class ClonedTypes(ClonedPart):
    """The subscription types that allow a product (PRODUCT_CLONED_PARTS)."""

    slug = "subscription-types"
    label = "Subscription types"

    def count(self, product: Product) -> int:
        """Count the types."""
        return product.subscription_types.count()

    def copy(self, source: Product, clone: Product) -> None:
        """Allow the clone where its source is allowed; their schemes get it too."""
        for subscription_type in source.subscription_types.order_by("pk"):
            add_product_to_type(subscription_type, clone)
