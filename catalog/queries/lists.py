"""The short lists, each entry with the number of products that name it."""

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce, Upper

from catalog.models import AccountClass, AccountClassification, Product, ProductBrand, Technology
from config.shared.statements import Statement

Entry = AccountClass | AccountClassification | Technology


def brands() -> QuerySet[ProductBrand]:
    """Return all brands by name, whatever its letter case."""
    return ProductBrand.objects.annotate(product_count=products_by("brand")).order_by(
        Upper("name"), "id"
    )


def products_by(link: str) -> Coalesce:
    """Return the number of products whose `link` leads to a row: counted for the rows that are
    shown, not for all.
    """
    counted = Product.objects.filter(**{link: OuterRef("pk")}).order_by().values(link)
    return Coalesce(Subquery(counted.annotate(number=Count("pk")).values("number")), 0)


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


def entries_to_tick(model: type[Entry]) -> list[Entry]:
    """Return all entries of a short list by name, to be offered as boxes."""
    return _ENTRIES[model].ask()


_ENTRIES: dict[type[Entry], Statement[Entry]] = {
    AccountClass: Statement(lambda: AccountClass.objects.order_by("name", "id")),
    AccountClassification: Statement(lambda: AccountClassification.objects.order_by("name", "id")),
    Technology: Statement(lambda: Technology.objects.order_by("name", "id")),
}
