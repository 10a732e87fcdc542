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


class DistributorExists(ProviderError):
    """A provider's distributors have different codes."""

    field = "code"


class DistributorInUse(ProviderError):
    """A distributor that products are applied to stays."""


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
def change_distribution(
    product: Product,
    *,
    provider: Provider,
    external_id: str,
    distributors: Sequence[Distributor],
) -> None:
    """Put a product on a provider, change it there, or, with neither id nor distributors, off it.

    Raises what `distribute_product` raises.
    """
    if external_id or distributors:
        distribute_product(
            product, provider=provider, external_id=external_id, distributors=distributors
        )
        return
    found = ProductDistribution.objects.filter(product=product, provider=provider).first()
    if found is not None:
        withdraw_product(found)


@transaction.atomic
def withdraw_product(distribution: ProductDistribution) -> None:
    """Take a product off a provider; requests already made stay."""
    distribution.delete()


@transaction.atomic
def add_distributor(provider: Provider, *, code: str, name: str) -> Distributor:
    """Add a distributor to a provider. Raises DistributorExists."""
    exists = DistributorExists(f"{provider} has a distributor {code} already.")
    with refused_by("distributor_code", exists):
        return Distributor.objects.create(provider=provider, code=code, name=name)


@transaction.atomic
def remove_distributor(distributor: Distributor) -> None:
    """Remove a distributor that no product uses. Raises DistributorInUse."""
    provider = Provider.objects.select_for_update().get(pk=distributor.provider_id)
    if distributor.distributions.exists():
        raise DistributorInUse(f"Products are applied to {distributor}; take them off it first.")
    if provider.effective and provider.distributors.count() == 1:
        raise NoDistributors(f"{provider} is effective and needs a distributor.")
    distributor.delete()
