"""Families, brands, account classes, technologies, classifications: create, change, delete."""

from collections.abc import Mapping
from typing import Any, TypeVar

from django.db import models, transaction
from django.db.models import ProtectedError, RestrictedError

from catalog.models import (
    AccountClass,
    AccountClassification,
    ProductBrand,
    ProductFamily,
    Technology,
)
from catalog.operations.codes import require_slug, save_unique, slug_for
from catalog.operations.errors import CatalogError, StillInUse
from catalog.queries.uses import uses_of

Entry = TypeVar(
    "Entry", ProductFamily, ProductBrand, AccountClass, Technology, AccountClassification
)
Deletable = TypeVar("Deletable", bound=models.Model)


class FamilyInCircle(CatalogError):
    """A family would stand above itself."""


@transaction.atomic
def create_entry(model: type[Entry], *, name: str, code: str = "", **fields: Any) -> Entry:
    """Add an entry to one of the short lists; an empty `code` is made of the name.

    Raises CodeTaken or CodeNotUsable.
    """
    entry = model(name=name.strip(), code=code.strip() or slug_for(model, name), **fields)
    require_slug(entry.code)
    save_unique(entry, ("name", "code"))
    return entry


@transaction.atomic
def update_entry(entry: Entry, **changes: Any) -> Entry:
    """Change an entry and return it as stored.

    Raises CodeTaken, CodeNotUsable, or FamilyInCircle.
    """
    model = type(entry)
    stored = model._default_manager.select_for_update(of=("self",)).get(pk=entry.pk)
    for field, value in changes.items():
        setattr(stored, field, value.strip() if isinstance(value, str) else value)
    stored.code = stored.code or slug_for(model, stored.name)
    require_slug(stored.code)
    if isinstance(stored, ProductFamily):
        _require_tree(stored)
    save_unique(stored, ("name", "code"))
    return stored


@transaction.atomic
def delete_unused(obj: Deletable) -> None:
    """Delete an object of the catalogue that nothing refers to. Raises StillInUse."""
    stored = type(obj)._default_manager.select_for_update(of=("self",)).get(pk=obj.pk)
    used_by = uses_of(stored)
    if used_by:
        raise StillInUse(f"{stored} cannot be deleted: it is used by {_listed(used_by)}.")
    try:
        stored.delete()
    except (ProtectedError, RestrictedError) as refusal:
        raise StillInUse(f"{stored} cannot be deleted: it is in use.") from refusal


def create_family(*, name: str, code: str = "", **fields: Any) -> ProductFamily:
    """Add a product family; `parent` makes it a branch. Raises as `create_entry`."""
    return create_entry(ProductFamily, name=name, code=code, **fields)


def create_brand(*, name: str, code: str = "", **fields: Any) -> ProductBrand:
    """Add a brand. Raises as `create_entry`."""
    return create_entry(ProductBrand, name=name, code=code, **fields)


def create_account_class(*, name: str, code: str = "") -> AccountClass:
    """Add an account class. Raises as `create_entry`."""
    return create_entry(AccountClass, name=name, code=code)


def create_technology(*, name: str, code: str = "") -> Technology:
    """Add a technology. Raises as `create_entry`."""
    return create_entry(Technology, name=name, code=code)


def create_classification(*, name: str, code: str = "") -> AccountClassification:
    """Add an account classification. Raises as `create_entry`."""
    return create_entry(AccountClassification, name=name, code=code)


def _require_tree(family: ProductFamily) -> None:
    parents: Mapping[int, int | None] = dict(
        ProductFamily.objects.select_for_update().values_list("pk", "parent_id").order_by("pk")
    )
    above = family.parent_id
    while above is not None:
        if above == family.pk:
            raise FamilyInCircle("A family cannot stand below itself.", field="parent")
        above = parents.get(above)


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
