"""Reads of providers and of which product is which there."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, OuterRef, Prefetch, QuerySet, Subquery
from django.db.models.functions import Coalesce

from catalog.models import Product
from provisioning.models import (
    ActivationMethod,
    Distributor,
    ProductDistribution,
    Provider,
    ProvisioningRequest,
    RequestState,
)

_BY_NAME = Prefetch("distributors", Distributor.objects.order_by("name", "id"))


@dataclass(frozen=True, slots=True)
class Distribution:
    """A product at an effective provider: `external_id` there, codes of applied distributors."""

    provider_id: int
    provider_name: str
    whole_subscription: bool
    external_id: str
    distributors: tuple[str, ...]


def providers() -> QuerySet[Provider]:
    """Return all providers by name."""
    return Provider.objects.order_by("name", "id")


def providers_with_distributors() -> QuerySet[Provider]:
    """Return all providers by name with their distributors at hand; two queries."""
    return providers().prefetch_related(_BY_NAME)


def listed_providers() -> QuerySet[Provider]:
    """Return all providers by name, with how many distributors, products and failures each has."""
    failed = ProvisioningRequest.objects.filter(
        provider=OuterRef("pk"), state__in=[RequestState.REJECTED, RequestState.DEAD]
    )
    return providers().annotate(
        distributor_count=_count(Distributor.objects.filter(provider=OuterRef("pk"))),
        product_count=_count(ProductDistribution.objects.filter(provider=OuterRef("pk"))),
        failed_count=_count(failed),
    )


def distributors_of(provider: Provider) -> QuerySet[Distributor]:
    """Return a provider's distributors by name, with how many products are applied to each."""
    return provider.distributors.annotate(product_count=Count("distributions")).order_by(
        "name", "id"
    )


def distributions_at(provider: Provider) -> QuerySet[ProductDistribution]:
    """Return the products that a provider carries, by name, with their distributors."""
    return (
        ProductDistribution.objects.filter(provider=provider)
        .select_related("product")
        .prefetch_related(_BY_NAME)
        .order_by("product__name", "id")
    )


def distributions_by_provider(product: Product) -> dict[int, ProductDistribution]:
    """Return where a product is provisioned, by provider; two queries."""
    rows = ProductDistribution.objects.filter(product=product).select_related("provider")
    return {row.provider_id: row for row in rows.prefetch_related(_BY_NAME).order_by("id")}


def _count(rows: QuerySet[Any]) -> Coalesce:
    counted = rows.order_by().values("provider").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted), 0)


def distributions_of(product_ids: Iterable[int]) -> dict[int, list[Distribution]]:
    """Return, by product id, where each product is provisioned; effective providers only."""
    found: dict[int, list[Distribution]] = defaultdict(list)
    rows = (
        ProductDistribution.objects.filter(
            product_id__in=set(product_ids),
            provider__effective=True,
            product__type__provisioned=True,
        )
        .select_related("provider")
        .prefetch_related("distributors")
        .order_by("provider_id", "id")
    )
    for row in rows:
        found[row.product_id].append(
            Distribution(
                provider_id=row.provider_id,
                provider_name=row.provider.name,
                whole_subscription=row.provider.method == ActivationMethod.WHOLE_SUBSCRIPTION,
                external_id=row.external_id,
                distributors=tuple(sorted(d.code for d in row.distributors.all())),
            )
        )
    return found
