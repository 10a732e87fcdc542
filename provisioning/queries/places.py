"""Where provisioning uses a product, for the product page."""

from collections.abc import Iterable

from catalog.models import Product
from catalog.queries.places import Place
from provisioning.queries.distributions import distributions_by_provider


def places_of(product: Product) -> Iterable[Place]:
    """Return the providers that carry a product; two queries."""
    for row in distributions_by_provider(product).values():
        provider = row.provider
        url, permission = provider.get_absolute_url(), "provisioning.view_provider"
        yield Place(provider.name, url, "Provider", f"as {row.external_id}", permission)
