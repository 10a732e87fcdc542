"""What pricing does when something below it changes; named in settings."""

from catalog.models import Product
from pricing.operations.type_taxes import copy_type_taxes


class DefaultTaxes:
    """New products get the tax rates of their type (PRODUCT_CREATED_HANDLERS)."""

    def product_created(self, product: Product) -> None:
        """Copy them."""
        copy_type_taxes(product)
