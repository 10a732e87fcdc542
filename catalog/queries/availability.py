"""What is still available although its validity is over."""

from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from catalog.models import Availability, Product, ProductValidity, SalesBundle


def outdated_products(on: date) -> QuerySet[Product]:
    """Return the available products whose last day of validity is before the day.

    Those that are valid again later are not among them.
    """
    periods = ProductValidity.objects.filter(product=OuterRef("pk"))
    lasting = periods.filter(Q(period__upper_inf=True) | Q(period__endswith__gt=on))
    available = Product.objects.filter(availability=Availability.AVAILABLE)
    return available.filter(Exists(periods), ~Exists(lasting))


def outdated_sales_bundles(on: date) -> QuerySet[SalesBundle]:
    """Return the available sales bundles whose validity ended before the day."""
    return SalesBundle.objects.filter(
        availability=Availability.AVAILABLE, validity__upper_inf=False, validity__endswith__lte=on
    )
