"""Providers, their distributors, and putting products on them."""

from collections.abc import Sequence

from django.db import transaction

from catalog.models import Classification, Product, ServiceType
from config.shared.db import refused_by
from provisioning.models import Distributor, ProductDistribution, Provider


class ProviderError(Exception):
    """Base of what a user may be told about providers."""


class NoDistributorApplied(ProviderError):
    """A product needs at least one applied distributor at a provider."""


class NotProvisionable(ProviderError):
    """Only termed services, usage services and physical goods are provisioned."""


class ExternalIdTaken(ProviderError):
    """The provider knows another product by this id."""


class NoDistributors(ProviderError):
    """A provider without a distributor cannot be used."""


@transaction.atomic
def set_effective(provider: Provider, *, effective: bool) -> Provider:
    """Put a provider into use, or out of it; in use it needs a distributor."""
    if effective and not provider.distributors.exists():
        raise NoDistributors(f"{provider} has no distributor yet. Add one first.")
    provider.effective = effective
    provider.save(update_fields=["effective"])
    return provider


@transaction.atomic
def distribute_product(
    product: Product,
    *,
    provider: Provider,
    external_id: str,
    distributors: Sequence[Distributor],
) -> ProductDistribution:
    """Put a product on a provider, or change its id or distributors there.

    Raises NotProvisionable, NoDistributorApplied or ExternalIdTaken.
    """
    if product.type.classification == Classification.SERVICE and product.type.service_type not in (
        ServiceType.TERMED,
        ServiceType.USAGE,
    ):
        raise NotProvisionable(f"{product} is no termed or usage service and no physical good.")
    if not distributors:
        raise NoDistributorApplied("Apply at least one distributor.")
    if any(distributor.provider_id != provider.pk for distributor in distributors):
        raise NoDistributorApplied(f"Apply distributors of {provider} only.")
    taken = ExternalIdTaken(f"{provider} uses the id {external_id} for another product.")
    with refused_by("product_distribution_external", taken):
        distribution, _ = ProductDistribution.objects.update_or_create(
            product=product, provider=provider, defaults={"external_id": external_id}
        )
    distribution.distributors.set(distributors)
    return distribution


@transaction.atomic
def withdraw_product(distribution: ProductDistribution) -> None:
    """Take a product off a provider; requests already made stay."""
    distribution.delete()
