"""Products that are not taxed for some days."""

from datetime import date, timedelta

from django.db import transaction

from catalog.models import Product
from config.shared.db import days, refused_by
from pricing.models import ProductExemption, TaxCode
from pricing.queries.errors import PricingError


class WrongExemption(PricingError):
    """Days of an exemption that make no sense, or that another covers."""

    field = "starts_on"


@transaction.atomic
def exempt_product(
    product: Product,
    *,
    tax_code: TaxCode | None = None,
    reason: str,
    starts_on: date,
    ends_on: date | None = None,
) -> ProductExemption:
    """Free a product from a tax code, or from every tax, from a day on; `ends_on` is the last.

    Documents posted before keep their tax. Raises WrongExemption.
    """
    if ends_on is not None and ends_on < starts_on:
        raise WrongExemption("An exemption ends after it starts.")
    end = None if ends_on is None else ends_on + timedelta(days=1)
    overlap = WrongExemption(f"{product} is exempt on some of these days already.")
    with refused_by("product_exemption_overlap", overlap):
        return ProductExemption.objects.create(
            product=product, tax_code=tax_code, reason=reason, period=days(starts_on, end)
        )


@transaction.atomic
def end_product_exemption(exemption: ProductExemption, *, on: date) -> None:
    """Let an exemption end before `on`, the business day; one not begun yet is deleted."""
    exemption = ProductExemption.objects.select_for_update(of=("self",)).get(pk=exemption.pk)
    if exemption.period.lower >= on:
        exemption.delete()
    elif exemption.period.upper is None or exemption.period.upper > on:
        exemption.period = days(exemption.period.lower, on)
        exemption.save(update_fields=["period"])
