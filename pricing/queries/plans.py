"""Plans, as lists and as choices, and their rates as pages show them."""

from datetime import date

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, prefetch_related_objects
from django.db.models.functions import Coalesce

from catalog.models import BundleComponent, Classification, Composition, Product, ServiceType
from catalog.queries.families import family_and_above
from config.shared.db import array_of
from config.shared.statements import Given, Statement, among_given
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


def plans_on_offer(*, currency: str | Given, on: date | Given) -> QuerySet[PricePlan]:
    """Return the plans that may be put on billing terms on a day: effective, and valid then."""
    return PricePlan.objects.filter(
        Q(validity=None) | Q(validity__contains=on), state=PlanState.EFFECTIVE, currency=currency
    ).order_by("name", "pk")


def open_plans() -> QuerySet[PricePlan]:
    """Return the plans that take products: all but the expired ones, by name."""
    return PricePlan.objects.exclude(state=PlanState.EXPIRED).order_by("name", "pk")


def plans_that_take(product: Product) -> list[PricePlan]:
    """Return the plans that a product can be added to: used ones only if it is not in them."""
    return _TAKING.ask(product=product.pk)


def rates_of_plan(plan: PricePlan) -> QuerySet[PricePlanRate]:
    """Return the rates of a plan with product, bundle and phases, by name of the product."""
    rates = _rates().prefetch_related("phases", "tiers").filter(plan=plan)
    return rates.order_by("product__name", "bundle__name", "pk")


def rates_of_product(product: Product) -> list[PricePlanRate]:
    """Return the rates of a product with plan, base and bundle, tiered ones with their phases;
    expired plans last.

    Conditional plans stand behind their base plan.
    """
    rates = _OF_PRODUCT.ask(product=product.pk)
    prefetch_related_objects([rate for rate in rates if rate.tiered], "phases", "tiers")
    return rates


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


def bundles_with(product: Product) -> QuerySet[Product] | None:
    """Return the bundles that have a product as a component, by itself or by type or family; None
    where there is none. Two queries.

    A row by family takes the families below it.
    """
    families = family_and_above(product.family_id)
    # Counted: for the first one the planner would walk through all components.
    if not _COMPONENTS.count(product=product.pk, type=product.type_id, families=array_of(families)):
        return None
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
    return PricePlanRate.objects.select_related("plan", "product__type", "bundle")


_TAKING = Statement(
    lambda: open_plans().exclude(
        Q(used_at__isnull=False)
        & Exists(PricePlanRate.objects.filter(plan=OuterRef("pk"), product=Given("product")))
    )
)
_OF_PRODUCT: Statement[PricePlanRate] = Statement(
    lambda: (
        _rates()
        .filter(product=Given("product"))
        .select_related("plan__base")
        .annotate(
            is_expired=Q(plan__state=PlanState.EXPIRED),
            base_name=Coalesce("plan__base__name", "plan__name"),
        )
        .order_by("is_expired", "base_name", "plan__kind", "plan__name", "bundle__name", "pk")
    )
)
_COMPONENTS = Statement(
    lambda: BundleComponent.objects.filter(
        Q(product=Given("product"))
        | Q(product=None)
        & (Q(type=None) | Q(type=Given("type")))
        & (Q(family=None) | Q(among_given("family_id", "families")))
    ).values_list("pk")
)
