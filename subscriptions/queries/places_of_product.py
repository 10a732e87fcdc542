"""Where subscriptions use a product, for the product page."""

from collections.abc import Iterable

from catalog.models import Product
from catalog.queries.places import MOST_PLACES, Place
from config.shared.statements import Given, Statement
from subscriptions.queries.products import live_services
from subscriptions.queries.schemes import schemes_of_product, types_with


def places_of(product: Product) -> Iterable[Place]:
    """Return subscription types and schemes that have a product, and how many customers do."""
    for each in types_with(product)[:MOST_PLACES]:
        url, permission = each.get_absolute_url(), "subscriptions.view_subscriptiontype"
        yield Place(each.name, url, "Subscription type", permission=permission)
    for row in schemes_of_product(product)[:MOST_PLACES]:
        url, permission = row.scheme.get_absolute_url(), "subscriptions.view_billingtermscheme"
        detail = row.get_timing_display()
        yield Place(row.scheme.name, url, "Billing term scheme", detail, permission)
    count = _LIVE.count(product=product.pk)
    if count:
        yield Place("Services of customers", "", "Subscriptions", f"{count:,} not closed")


_LIVE = Statement(lambda: live_services(Given("product")).values_list("pk"))
