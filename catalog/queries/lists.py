"""The short lists, each entry with the number of products that name it."""

from django.db.models import Count, QuerySet

from catalog.models import AccountClass, AccountClassification, ProductBrand, Technology


def brands() -> QuerySet[ProductBrand]:
    """Return all brands by name."""
    return ProductBrand.objects.annotate(product_count=Count("products")).order_by("name", "id")


def account_classes() -> QuerySet[AccountClass]:
    """Return all account classes by name."""
    return AccountClass.objects.annotate(product_count=Count("products")).order_by("name", "id")


def technologies() -> QuerySet[Technology]:
    """Return all technologies by name."""
    return Technology.objects.annotate(product_count=Count("products")).order_by("name", "id")


def classifications() -> QuerySet[AccountClassification]:
    """Return all account classifications by name."""
    return AccountClassification.objects.order_by("name", "id")
