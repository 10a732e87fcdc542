"""Plans, as lists and as choices, and their rates as pages show them."""

from datetime import date

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from catalog.models import Classification, Composition, Product, ServiceType
from catalog.queries.families import family_and_above
from pricing.models import PlanCondition, PlanKind, PlanState, PricePlan, PricePlanRate


def price_plans() -> QuerySet[PricePlan]:
    """Return all plans with their bases and `rate_count`, by code."""
    plans = PricePlan.objects.annotate(rate_count=Count("rates")).select_related("base")
    return plans.order_by("code", "pk")


def base_plans() -> QuerySet[PricePlan]:
    """Return the plans that can be the base of a conditional one, by name."""
    effective = PricePlan.objects.filter(kind=PlanKind.BASE, state=PlanState.EFFECTIVE)
    return effective.order_by("name", "pk")


def conditions_of(plan: PricePlan) -> QuerySet[PlanCondition]:
    """Return the conditions of a plan, those to choose it first."""
    return plan.conditions.order_by("-use", "position")


def plans_on_offer(*, currency: str, on: date) -> QuerySet[PricePlan]:
    """Return the plans that may be put on billing terms on a day: effective, and valid then."""
    return PricePlan.objects.filter(
        Q(validity=None) | Q(validity__contains=on), state=PlanState.EFFECTIVE, currency=currency
    ).order_by("name", "pk")


def open_plans() -> QuerySet[PricePlan]:
    """Return the plans that take products: all but the expired ones, by name."""
    return PricePlan.objects.exclude(state=PlanState.EXPIRED).order_by("name", "pk")


def plans_that_take(product: Product) -> QuerySet[PricePlan]:
    """Return the plans that a product can be added to: used ones only if it is not in them."""
    in_it = PricePlanRate.objects.filter(plan=OuterRef("pk"), product=product)
    return open_plans().exclude(Q(used_at__isnull=False) & Exists(in_it))


def rates_of_plan(plan: PricePlan) -> QuerySet[PricePlanRate]:
    """Return the rates of a plan with product, bundle and phases, by name of the product."""
    return _rates().filter(plan=plan).order_by("product__name", "bundle__name", "pk")


def rates_of_product(product: Product) -> QuerySet[PricePlanRate]:
    """Return the rates of a product with plan, base, bundle and phases; expired plans last.

    Conditional plans stand behind their base plan.
    """
    return (
        _rates()
        .filter(product=product)
        .select_related("plan__base")
        .annotate(
            is_expired=Q(plan__state=PlanState.EXPIRED),
            base_name=Coalesce("plan__base__name", "plan__name"),
        )
        .order_by("is_expired", "base_name", "plan__kind", "plan__name", "bundle__name", "pk")
    )


def priced_products() -> QuerySet[Product]:
    """Return the products that can have a rate in a plan: all but usage services."""
    return (
        Product.objects.exclude(
            type__classification=Classification.SERVICE, type__service_type=ServiceType.USAGE
        )
        .select_related("type")
        .order_by("name", "pk")
    )


def bundles() -> QuerySet[Product]:
    """Return the products that have components."""
    return Product.objects.exclude(type__composition=Composition.FLAT).order_by("name", "pk")


def bundles_with(product: Product) -> QuerySet[Product]:
    """Return the bundles that have a product as a component, by itself or by type or family.

    A row by family takes the families below it.
    """
    families = family_and_above(product.family_id)
    return (
        Product.objects.filter(
            Q(components__product=product)
            | Q(components__product=None)
            & (Q(components__type=None) | Q(components__type=product.type_id))
            & (Q(components__family=None) | Q(components__family__in=families)),
            components__isnull=False,
        )
        .distinct()
        .order_by("name", "pk")
    )


def _rates() -> QuerySet[PricePlanRate]:
    return PricePlanRate.objects.select_related("plan", "product__type", "bundle").prefetch_related(
        "phases", "tiers"
    )
