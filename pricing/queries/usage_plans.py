"""Tier plans, voice plans and usage catalogues: as lists, and as the kernel's values."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from catalog.models import Classification, Product, ServiceType
from config.shared.statements import Given, Statement
from pricing.kernel.tiers import Tier
from pricing.kernel.usage import Direction, Reduction, Sample, Style, UsagePlan, reduce_samples
from pricing.kernel.voice import DeckEntry
from pricing.kernel.voice_plans import Covered, NumberClass, Treatment, VoiceRules
from pricing.models import (
    ProductUsagePlan,
    TierPlan,
    UsageCatalog,
    UsageCatalogRow,
    VoicePlan,
    VoicePlanClass,
)
from pricing.queries.decks import bands_of


def tier_plans() -> QuerySet[TierPlan]:
    """Return all tier plans with `tier_count` and `product_count`, by code."""
    return TierPlan.objects.annotate(
        tier_count=_count_of("tiers", TierPlan),
        product_count=_count_of("product_plans", TierPlan),
    ).order_by("code", "pk")


def voice_plans() -> QuerySet[VoicePlan]:
    """Return all voice plans with their deck and `product_count`, by code."""
    return (
        VoicePlan.objects.select_related("deck")
        .annotate(product_count=_count_of("product_plans", VoicePlan))
        .order_by("code", "pk")
    )


def usage_catalogs() -> QuerySet[UsageCatalog]:
    """Return all usage catalogues with `row_count`, by code."""
    return UsageCatalog.objects.annotate(row_count=_count_of("rows", UsageCatalog)).order_by(
        "code", "pk"
    )


def usage_plan_of(plan: TierPlan) -> UsagePlan:
    """Return a tier plan as the kernel's value; one query unless the tiers are prefetched."""
    tiers = sorted(plan.tiers.all(), key=lambda tier: tier.position)
    return UsagePlan(
        Style(plan.style),
        unit_price=plan.unit_price,
        free_units=plan.free_units,
        tiers=tuple(Tier(tier.up_to, tier.rate, tier.fixed) for tier in tiers),
        can_go_down=plan.can_go_down,
    )


def usage_plan_values(ids: Iterable[int]) -> dict[int, UsagePlan]:
    """Return tier plans as the kernel's values, by primary key; two queries."""
    plans = TierPlan.objects.filter(pk__in=list(ids)).prefetch_related("tiers")
    return {plan.pk: usage_plan_of(plan) for plan in plans.order_by("pk")}


def reduced(plan: TierPlan, samples: Iterable[Sample]) -> Decimal:
    """Return the one number that samples come to under a plan."""
    return reduce_samples(
        list(samples),
        Reduction(plan.reduction),
        Direction(plan.direction),
        percentile=plan.percentile,
    )


def classes_of(plan: VoicePlan) -> QuerySet[VoicePlanClass]:
    """Return the classes of a voice plan in order."""
    return plan.classes.order_by("position", "pk")


def voice_rules_of(plan: VoicePlan) -> VoiceRules:
    """Return a voice plan as the kernel's value, with the time bands of its deck; two queries,
    and one where the deck is not joined.
    """
    return VoiceRules(
        plan_seconds=plan.plan_minutes * 60,
        covers=Covered(plan.covers),
        overage_rate=plan.overage_rate,
        minimum=plan.minimum_seconds,
        increment=plan.increment_seconds,
        long_distance_minimum=plan.long_distance_minimum or plan.deck.minimum_seconds,
        inbound_rate=plan.inbound_rate,
        classes=tuple(_number_class(row) for row in classes_of(plan)),
        bands=bands_of(plan.deck_id),
    )


def catalog_rows(catalog: UsageCatalog) -> QuerySet[UsageCatalogRow]:
    """Return the rows of a catalogue with their products, by name."""
    return catalog.rows.select_related("catalog", "product").order_by("product__name", "pk")


def usage_rows_of(product: Product) -> QuerySet[UsageCatalogRow]:
    """Return a product's rows in all catalogues, by the catalogue's name."""
    return (
        UsageCatalogRow.objects.filter(product=product)
        .select_related("catalog", "product")
        .order_by("catalog__name", "pk")
    )


def usage_rate_on(catalog: UsageCatalog, product: Product, day: date) -> UsageCatalogRow | None:
    """Return the row that rates a product on a day; None where the catalogue has none."""
    return catalog.rows.filter(product=product, validity__contains=day).order_by("pk").first()


def usage_services() -> QuerySet[Product]:
    """Return the products that a usage catalogue takes."""
    return (
        Product.objects.filter(
            type__classification=Classification.SERVICE, type__service_type=ServiceType.USAGE
        )
        .select_related("type")
        .order_by("name", "pk")
    )


def products_of_plan(plan: TierPlan | VoicePlan) -> QuerySet[ProductUsagePlan]:
    """Return the products billed by a plan, by name."""
    return plan.product_plans.select_related("product").order_by("product__name", "pk")


def plan_of_product(product: Product) -> ProductUsagePlan | None:
    """Return how a product's usage is billed, with its plan; None where it is not."""
    return next(iter(_OF_PRODUCT.ask(product=product.pk)), None)


def _number_class(row: VoicePlanClass) -> NumberClass:
    entry = None
    if row.treatment == Treatment.OWN_RATE:
        entry = DeckEntry(
            "", row.name, row.rate, row.minimum_seconds, row.increment_seconds, row.connect_fee
        )
    return NumberClass(row.name, tuple(row.prefixes), Treatment(row.treatment), entry)


def _count_of(relation: str, model: Any) -> Coalesce:
    """Return a count by subquery, so that several do not multiply each other."""
    counted = (
        model.objects.filter(pk=OuterRef("pk"))
        .order_by()
        .annotate(counted=Count(relation))
        .values("counted")
    )
    return Coalesce(Subquery(counted), 0)


_OF_PRODUCT = Statement(
    lambda: ProductUsagePlan.objects.filter(product=Given("product")).select_related(
        "tier_plan", "voice_plan__deck"
    )
)
