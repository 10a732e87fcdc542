"""Where pricing uses a product, for the product page."""

from collections.abc import Iterable

from catalog.models import Product
from catalog.queries.places import MOST_PLACES, Place
from pricing.queries.plans import rates_of_product


def places_of(product: Product) -> Iterable[Place]:
    """Return the price plans that a product is in; one query, three for tiered rates."""
    for rate in rates_of_product(product)[:MOST_PLACES]:
        detail = f"in {rate.bundle}" if rate.bundle else "sold alone"
        url = rate.plan.get_absolute_url()
        yield Place(rate.plan.name, url, "Price plan", detail, "pricing.view_priceplan")
