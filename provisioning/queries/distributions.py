"""Reads of providers and of which product is which there."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from provisioning.models import ActivationMethod, ProductDistribution, Provider


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
