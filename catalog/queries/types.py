"""Product types: their list, which combinations exist, and whether one is used."""

from django.db.models import QuerySet
from django.db.models.functions import Upper

from catalog.models import BundleComponent, Composition, GoodType, Product, ProductType, ServiceType
from catalog.queries.lists import products_by

_COMPOSITIONS: dict[str, tuple[Composition, ...]] = {
    ServiceType.TERMED: (
        Composition.FLAT,
        Composition.FLEXIBLE_BUNDLE,
        Composition.FIXED_BUNDLE,
    ),
    GoodType.TRACEABLE: (Composition.FLAT, Composition.FIXED_BUNDLE),
    GoodType.NON_TRACEABLE: (Composition.FLAT, Composition.FIXED_BUNDLE),
}


def compositions_of(kind: str) -> tuple[Composition, ...]:
    """Return the composition methods offered for a service type or physical good type."""
    return _COMPOSITIONS.get(kind, (Composition.FLAT,))


def product_types() -> QuerySet[ProductType]:
    """Return all product types by name, each with its number of products (`product_count`)."""
    return ProductType.objects.annotate(product_count=products_by("type")).order_by(
        Upper("name"), "id"
    )


def type_is_used(product_type: ProductType) -> bool:
    """Return whether products are of this type or a bundle chooses from it."""
    return (
        Product.objects.filter(type=product_type).exists()
        or BundleComponent.objects.filter(type=product_type).exists()
    )
