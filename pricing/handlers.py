"""What pricing does when something below it changes; named in settings."""

from collections.abc import Sequence

from django.contrib.auth.models import AbstractBaseUser

from catalog.models import Product
from catalog.operations.cloning import ClonedPart
from pricing.models import ProductTax
from pricing.operations.cloning import copy_prices, copy_taxes, prices_alone
from pricing.operations.type_taxes import copy_type_taxes, copy_type_taxes_to_all


class DefaultTaxes:
    """New products get the tax rates of their type (PRODUCT_CREATED_HANDLERS)."""

    def product_created(self, product: Product) -> None:
        """Copy them."""
        copy_type_taxes(product)

    def products_created(self, products: Sequence[Product], *, by: AbstractBaseUser | None) -> None:
        """Copy them for many products."""
        copy_type_taxes_to_all(products, by=by)


class ClonedTaxes(ClonedPart):
    """The tax rates of a product (PRODUCT_CLONED_PARTS)."""

    slug = "taxes"
    label = "Tax rates"

    def count(self, product: Product) -> int:
        """Count them."""
        return ProductTax.objects.filter(product=product).count()

    def copy(self, source: Product, clone: Product) -> None:
        """Copy them."""
        copy_taxes(source, clone)


class ClonedPrices(ClonedPart):
    """The prices of a product sold alone (PRODUCT_CLONED_PARTS)."""

    slug = "prices"
    label = "Prices in plans, sold alone"

    def count(self, product: Product) -> int:
        """Count the plans."""
        return len(prices_alone(product))

    def copy(self, source: Product, clone: Product) -> None:
        """Copy them; plans that have been used take the clone too."""
        copy_prices(source, clone)
