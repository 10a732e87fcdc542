"""The short lists, each entry with the number of products that name it."""

from django.db.models import Count, QuerySet
from django.db.models.functions import Upper

from catalog.models import AccountClass, AccountClassification, ProductBrand, Technology


def brands() -> QuerySet[ProductBrand]:
    """Return all brands by name, whatever its letter case."""
    return ProductBrand.objects.annotate(product_count=Count("products")).order_by(
        Upper("name"), "id"
    )


def account_classes() -> QuerySet[AccountClass]:
    """Return all account classes by name, whatever its letter case."""
    return AccountClass.objects.annotate(product_count=Count("products")).order_by(
        Upper("name"), "id"
    )


def technologies() -> QuerySet[Technology]:
    """Return all technologies by name, whatever its letter case."""
    return Technology.objects.annotate(product_count=Count("products")).order_by(
        Upper("name"), "id"
    )


def classifications() -> QuerySet[AccountClassification]:
    """Return all account classifications by name, whatever its letter case."""
    return AccountClassification.objects.order_by(Upper("name"), "id")
