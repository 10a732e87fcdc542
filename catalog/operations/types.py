"""Product types: create and change; what a type is cannot change under its products."""

from typing import Any, Final

from django.db import transaction

from catalog.models import Classification, Composition, ProductType, ServiceType
from catalog.operations.codes import require_slug, save_unique, slug_for
from catalog.operations.errors import TypeInUse, TypeNotPossible
from catalog.queries.types import compositions_of, type_is_used

# What products of a type rely on, in words.
NATURE: Final = {
    "classification": "classification",
    "service_type": "service type",
    "good_type": "physical good type",
    "composition": "composition method",
}


@transaction.atomic
def create_type(
    *,
    name: str,
    classification: str,
    code: str = "",
    service_type: str = "",
    good_type: str = "",
    composition: str = Composition.FLAT,
    provisioned: bool = False,
    description: str = "",
) -> ProductType:
    """Create a product type; an empty `code` is made of the name.

    Raises CodeTaken, CodeNotUsable or TypeNotPossible.
    """
    created = ProductType(
        name=name.strip(),
        code=code.strip() or slug_for(ProductType, name),
        classification=classification,
        service_type=service_type,
        good_type=good_type,
        composition=composition,
        provisioned=provisioned,
        description=description,
    )
    _check(created)
    save_unique(created, ("name", "code"))
    return created


@transaction.atomic
def update_type(product_type: ProductType, **changes: Any) -> ProductType:
    """Change a product type and return it as stored.

    Raises CodeTaken, CodeNotUsable, TypeNotPossible, or TypeInUse at the field.
    """
    stored = ProductType.objects.select_for_update(of=("self",)).get(pk=product_type.pk)
    changed = [
        field for field in NATURE if changes.get(field, _at(stored, field)) != _at(stored, field)
    ]
    if changed and type_is_used(stored):
        words = NATURE[changed[0]]
        raise TypeInUse(f"Products of this type exist, so its {words} stays.", field=changed[0])
    for field, value in changes.items():
        setattr(stored, field, value.strip() if isinstance(value, str) else value)
    stored.code = stored.code or slug_for(ProductType, stored.name)
    _check(stored)
    save_unique(stored, ("name", "code"))
    return stored


def _at(product_type: ProductType, field: str) -> str:
    return str(getattr(product_type, field))


def _check(product_type: ProductType) -> None:
    require_slug(product_type.code)
    if product_type.classification == Classification.SERVICE:
        if not product_type.service_type:
            raise TypeNotPossible("Say which kind of service it is.", field="service_type")
        if product_type.good_type:
            raise TypeNotPossible("A service has no physical good type.", field="good_type")
    else:
        if not product_type.good_type:
            raise TypeNotPossible("Say which kind of physical good it is.", field="good_type")
        if product_type.service_type:
            raise TypeNotPossible("A physical good has no service type.", field="service_type")
    kind = product_type.service_type or product_type.good_type
    allowed = compositions_of(kind)
    if product_type.composition not in allowed:
        labels = " or ".join(Composition(value).label.lower() for value in allowed)
        noun = "service" if kind in ServiceType.values else "good"
        raise TypeNotPossible(
            f"{_kind_label(product_type)} {noun}s are {labels}.", field="composition"
        )


def _kind_label(product_type: ProductType) -> str:
    if product_type.service_type:
        return str(product_type.get_service_type_display())
    return str(product_type.get_good_type_display())
