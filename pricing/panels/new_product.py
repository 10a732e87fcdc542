"""What pricing asks on the new-product page."""

from typing import Any

from catalog.models import Product, ProductType
from catalog.panels.new_product import NewProductPart
from catalog.panels.sections import SECTIONS
from pricing.forms.new_product import NewPriceForm, NewTaxForm
from pricing.kernel.rates import RECURRING_BASES
from pricing.operations.plans import add_rate
from pricing.operations.rate_checks import usual_basis
from pricing.operations.taxes import clear_product_taxes, set_product_tax
from pricing.queries.errors import PricingError
from pricing.queries.plans import open_plans
from pricing.queries.taxes import rates_with_percentage, taxes_of_type


class NewProductTax(NewProductPart):
    """Which tax it takes; left alone, that of its type."""

    title = "Tax"
    slug = "new-tax"
    form_class = NewTaxForm
    permission = "pricing.change_producttax"
    refusals = (PricingError,)

    def form_kwargs(self, product_type: ProductType) -> dict[str, Any]:
        """Offer the rates that have a percentage."""
        return {"tax_rates": rates_with_percentage(), "of_type": taxes_of_type(product_type)}

    def save(self, product: Product, form: NewTaxForm) -> None:
        """Apply the rate chosen, or take off those of the type."""
        chosen = form.chosen_rate()
        if chosen is not None or form.is_untaxed():
            clear_product_taxes(product)
        if chosen is not None:
            set_product_tax(product, chosen)


class NewProductPrice(NewProductPart):
    """What it costs in one plan; its page has the others."""

    title = "Price"
    slug = "new-price"
    form_class = NewPriceForm
    permission = "pricing.change_priceplanrate"
    refusals = (PricingError,)

    def suits(self, product_type: ProductType) -> bool:
        """Return whether products of the type are priced in plans."""
        return SECTIONS["price-plans"].is_for(Product(type=product_type))

    def form_kwargs(self, product_type: ProductType) -> dict[str, Any]:
        """Offer the plans that take products, and the fields that the kind of price has."""
        is_once = usual_basis(Product(type=product_type)) not in RECURRING_BASES
        return {"plans": open_plans(), "is_once": is_once}

    def save(self, product: Product, form: NewPriceForm) -> None:
        """Add the product to the plan chosen, if one is."""
        plan = form.cleaned_data["plan"]
        if plan is not None:
            add_rate(plan, product=product, basis=usual_basis(product), **form.price())
