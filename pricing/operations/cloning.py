"""What a cloned product gets of pricing: taxes and prices."""

from django.db import transaction

from catalog.models import Product
from pricing.models import PlanState, PricePlanRate, ProductTax
from pricing.operations.rates import add_rate, terms_of
from pricing.operations.taxes import clear_product_taxes


@transaction.atomic
def copy_taxes(source: Product, clone: Product) -> None:
    """Give the clone the tax rates of its source in place of those of its type."""
    clear_product_taxes(clone)
    for row in ProductTax.objects.filter(product=source).order_by("pk"):
        ProductTax.objects.create(
            product=clone,
            tax_code_id=row.tax_code_id,
            tax_rate_id=row.tax_rate_id,
            applied=row.applied,
        )


@transaction.atomic
def copy_prices(source: Product, clone: Product) -> None:
    """Add the clone to the plans that its source is sold alone in, at the same prices.

    Plans that have been used take it too; expired ones do not.
    """
    for rate in prices_alone(source):
        add_rate(
            rate.plan,
            product=clone,
            **terms_of(rate).fields(),
        )


def prices_alone(product: Product) -> list[PricePlanRate]:
    """Return the rates of a product sold alone, in plans that have not expired."""
    rates = PricePlanRate.objects.filter(product=product, bundle=None)
    rates = rates.exclude(plan__state=PlanState.EXPIRED).select_related("plan")
    return list(rates.prefetch_related("phases", "tiers").order_by("plan__code", "pk"))
