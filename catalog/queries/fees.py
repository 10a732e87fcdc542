"""Dependent fees and fee groups."""

from django.db.models import Q, QuerySet

from catalog.models import Composition, Product, ServiceType
from catalog.queries.products import products


def allowed_fees() -> QuerySet[Product]:
    """Return the products that may be fees of another: flat termed services and expenses."""
    return products().filter(
        Q(type__service_type=ServiceType.TERMED, type__composition=Composition.FLAT)
        | Q(type__service_type=ServiceType.EXPENSE)
    )
