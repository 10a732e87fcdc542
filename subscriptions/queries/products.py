"""What a subscription may take: the product, type and plan side of an addition, in sets."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date

from django.db.models import Q, QuerySet

from catalog.models import Availability, Composition, Product
from catalog.queries.products import components_of, valid_on
from config.shared.db import array_of
from config.shared.statements import Given, Statement, among_given
from pricing.models import PricePlanRate
from subscriptions.models import SubscribedService, SubscriptionType
from subscriptions.queries.shown_services import CLOSED


def not_allowed_on(
    subscription_type: SubscriptionType, product_ids: Collection[int]
) -> frozenset[int]:
    """Return those of the products that subscriptions of the type cannot have."""
    allowed = subscription_type.products.filter(pk__in=product_ids)
    return frozenset(product_ids) - frozenset(allowed.values_list("pk", flat=True))


def live_services(product: Product | Given) -> QuerySet[SubscribedService]:
    """Return the services of customers that have the product and are not closed."""
    return SubscribedService.objects.filter(product=product).exclude(state__in=CLOSED)


def not_valid_on(product_ids: Collection[int], day: date) -> frozenset[int]:
    """Return those of the products that are not valid on the day."""
    if not product_ids:
        return frozenset()
    valid = _VALID.ask(products=array_of(product_ids), on=day)
    return frozenset(product_ids) - frozenset(valid)


def without_rate(plan_id: int, product_ids: Collection[int]) -> frozenset[int]:
    """Return those of the products that the plan has no rate for when they are sold alone.

    What a conditional plan leaves out has the rate of its base plan.
    """
    plan = Q(plan_id=plan_id) | Q(plan__conditional_plans=plan_id)
    rates = PricePlanRate.objects.filter(plan, product_id__in=product_ids, bundle=None)
    return frozenset(product_ids) - frozenset(rates.values_list("product_id", flat=True))


def component_faults(products: Iterable[Product], day: date) -> dict[int, list[str]]:
    """Return what keeps packages from being sold on the day, by package: parts that always come.

    Each fault names a component: "News, which is not valid on 17 Feb 2026". Two queries, none
    where no product is a package.
    """
    packages = [each.pk for each in products if each.type.composition != Composition.FLAT]
    if not packages:
        return {}
    parts = {
        package: [row.product for row in rows if row.product is not None and row.mandatory]
        for package, rows in components_of(packages).items()
    }
    return part_faults(parts, day)


def part_faults(parts: Mapping[int, Sequence[Product]], day: date) -> dict[int, list[str]]:
    """Return what keeps parts of packages from being sold on the day, by package; one query."""
    invalid = not_valid_on({part.pk for found in parts.values() for part in found}, day)
    faults: dict[int, list[str]] = {}
    for package, found in parts.items():
        for part in found:
            if part.availability != Availability.AVAILABLE:
                state = part.get_availability_display().lower()
                fault = f"{part}, which is not sold any more ({state})"
            elif part.pk in invalid:
                fault = f"{part}, which is not valid on {day:%-d %b %Y}"
            else:
                continue
            faults.setdefault(package, []).append(fault)
    return faults


_VALID = Statement(
    lambda: Product.objects.filter(
        valid_on(Given("on")), among_given("pk", "products")
    ).values_list("pk", flat=True)
)
