"""What pricing does when something below it changes; named in settings."""

from collections.abc import Sequence

from django.contrib.auth.models import AbstractBaseUser

from catalog.models import Product
from pricing.operations.type_taxes import copy_type_taxes, copy_type_taxes_to_all


class DefaultTaxes:
    """New products get the tax rates of their type (PRODUCT_CREATED_HANDLERS)."""

    def product_created(self, product: Product) -> None:
        """Copy them."""
        copy_type_taxes(product)

    def products_created(self, products: Sequence[Product], *, by: AbstractBaseUser | None) -> None:
        """Copy them for many products."""
        copy_type_taxes_to_all(products, by=by)
