"""Families, categories, brands and the other short lists: create, change, delete."""

from typing import Any, TypeVar

from django.db import models, transaction
from django.db.models import ProtectedError, RestrictedError

from catalog.models import (
    AccountClass,
    AccountClassification,
    ProductBrand,
    ProductCategory,
    ProductFamily,
    Technology,
)
from catalog.operations.codes import require_slug, save_unique, slug_for
from catalog.operations.errors import StillInUse
from catalog.operations.saving import require_order
from catalog.operations.trees import last_place, require_no_circle
from catalog.queries.uses import uses_of
from config.shared.operations.files import remove_attachments_of

Entry = TypeVar(
    "Entry",
    ProductFamily,
    ProductCategory,
    ProductBrand,
    AccountClass,
    Technology,
    AccountClassification,
)
Deletable = TypeVar("Deletable", bound=models.Model)


@transaction.atomic
def create_entry(model: type[Entry], *, name: str, code: str = "", **fields: Any) -> Entry:
    """Add an entry to one of the short lists; an empty `code` is made of the name.

    A branch of a tree comes last among siblings that were put in order. Raises CodeTaken,
    CodeNotUsable or OrderNotPossible.
    """
    entry = model(name=name.strip(), code=code.strip() or slug_for(model, name), **fields)
    require_slug(entry.code)
    require_order(fields.get("sort_order", 0))
    if isinstance(entry, ProductFamily | ProductCategory) and "sort_order" not in fields:
        entry.sort_order = last_place(entry)
    save_unique(entry, ("name", "code"))
    return entry


@transaction.atomic
def update_entry(entry: Entry, **changes: Any) -> Entry:
    """Change an entry and return it as stored; with another parent, all below it moves too.

    Raises CodeTaken, CodeNotUsable, OrderNotPossible, or InCircle.
    """
    model = type(entry)
    stored = model._default_manager.select_for_update(of=("self",)).get(pk=entry.pk)
    parent_id = getattr(stored, "parent_id", None)
    for field, value in changes.items():
        setattr(stored, field, value.strip() if isinstance(value, str) else value)
    stored.code = stored.code or slug_for(model, stored.name)
    require_slug(stored.code)
    require_order(changes.get("sort_order", 0))
    if isinstance(stored, ProductFamily | ProductCategory) and stored.parent_id != parent_id:
        require_no_circle(stored)
        if "sort_order" not in changes:
            stored.sort_order = last_place(stored)
    save_unique(stored, ("name", "code"))
    return stored


@transaction.atomic
def delete_unused(obj: Deletable) -> None:
    """Delete an object of the catalogue that nothing refers to, with what is attached to it.

    Raises StillInUse.
    """
    stored = type(obj)._default_manager.select_for_update(of=("self",)).get(pk=obj.pk)
    used_by = uses_of(stored)
    if used_by:
        raise StillInUse(f"{stored} cannot be deleted: it is used by {_listed(used_by)}.")
    try:
        remove_attachments_of(stored)
        stored.delete()
    except (ProtectedError, RestrictedError) as refusal:
        raise StillInUse(f"{stored} cannot be deleted: it is in use.") from refusal


def create_family(*, name: str, code: str = "", **fields: Any) -> ProductFamily:
    """Add a product family; `parent` makes it a branch. Raises as `create_entry`."""
    return create_entry(ProductFamily, name=name, code=code, **fields)


def create_category(*, name: str, code: str = "", **fields: Any) -> ProductCategory:
    """Add a product category; `parent` makes it a branch. Raises as `create_entry`."""
    return create_entry(ProductCategory, name=name, code=code, **fields)


def create_brand(*, name: str, code: str = "", **fields: Any) -> ProductBrand:
    """Add a brand. Raises as `create_entry`."""
    return create_entry(ProductBrand, name=name, code=code, **fields)


def create_account_class(*, name: str, code: str = "") -> AccountClass:
    """Add an account class. Raises as `create_entry`."""
    return create_entry(AccountClass, name=name, code=code)


def create_technology(*, name: str, code: str = "") -> Technology:
    """Add a technology. Raises as `create_entry`."""
    return create_entry(Technology, name=name, code=code)


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
