"""Providers with a distributor, and products on them."""

from catalog.models import Product
from provisioning.models import Distributor, ProductDistribution, Provider
from provisioning.operations.providers import distribute_product


def make_provider(*, url: str = "http://127.0.0.1:9", **fields: object) -> Provider:
    """Return an effective provider with one distributor; nobody listens on its address."""
    code = f"provider-{Provider.objects.count() + 1}"
    provider = Provider.objects.create(
        **{"code": code, "name": code.title(), "url": url, "effective": True, **fields}
    )
    Distributor.objects.create(provider=provider, code="cable", name="Cable")
    return provider


def carry(product: Product, provider: Provider, external_id: str) -> ProductDistribution:
    """Put a product on a provider with all its distributors."""
    return distribute_product(
        product,
        provider=provider,
        external_id=external_id,
        distributors=list(provider.distributors.all()),
    )
