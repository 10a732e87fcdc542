"""What billing taxes a product with where no country is known."""

from datetime import date

from catalog.models import Product
from pricing.kernel.tax_rules import TaxLayer
from pricing.kernel.tax_setup import LineFacts, TaxPlace
from pricing.queries.tax_setup import line_taxes, tax_setup


def home_taxes(product: Product, *, on: date) -> tuple[TaxLayer, ...]:
    """Return the taxes of a product on a day."""
    facts = LineFacts(product.pk, TaxPlace(), on)
    return line_taxes(facts, tax_setup([product.pk], on=on)).on(on)
