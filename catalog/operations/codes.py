"""Codes and names: proposed where left empty, unique whatever their letter case."""

import re
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from typing import Any, Final

from django.db import models
from django.db.models import IntegerField, Max
from django.db.models.functions import Cast, Substr
from django.utils.text import slugify

from catalog.models import Product, ProductFamily, ProductType
from catalog.operations.errors import CodeNotUsable, CodeTaken
from config.shared.db import refused_by

# A code stands in addresses: it begins with a letter or digit and has no slash.
PRODUCT_CODE: Final = re.compile(r"\w[^/\\\x00-\x1f\x7f]*")
SLUG: Final = re.compile(r"[-A-Za-z0-9_]+")


def free_code(model: type[models.Model], field: str, wanted: str) -> str:
    """Return `wanted`, or `wanted-2`, `wanted-3` … whichever no row of `model` has yet."""
    column: Any = model._meta.get_field(field)
    limit: int = column.max_length
    stem = wanted[:limit]
    taken = {
        str(code).upper()
        for code in model._default_manager.filter(
            **{f"{field}__istartswith": stem[: limit - 5]}
        ).values_list(field, flat=True)
    }
    number, code = 1, stem
    while code.upper() in taken:
        number += 1
        suffix = f"-{number}"
        code = stem[: limit - len(suffix)] + suffix
    return code


def slug_for(model: type[models.Model], name: str) -> str:
    """Return a free alternative code made of `name`: Pay TV → pay-tv."""
    return free_code(model, "code", slugify(name) or model._meta.model_name or "code")


def proposed_product_code(product_type: ProductType, family: ProductFamily | None) -> str:
    """Return the next free code of a family, or of a type where there is none: PAYTV-0007.

    One that was proposed stays free only while the transaction keeps others of the family or type
    waiting: it locks that row.
    """
    group = family or product_type
    type(group)._default_manager.select_for_update(of=("self",), no_key=True).get(pk=group.pk)
    stem = re.sub(r"[\W_]", "", group.code).upper()[:20] or "PRODUCT"
    numbered = (
        Product.objects.filter(code__istartswith=f"{stem}-")
        .annotate(rest=Substr("code", len(stem) + 2))
        .filter(rest__regex=r"^[0-9]{1,9}$")
    )
    last = numbered.aggregate(last=Max(Cast("rest", IntegerField())))["last"] or 0
    return f"{stem}-{last + 1:04}"


def save_unique(row: models.Model, fields: Sequence[str]) -> None:
    """Save `row` if no other of its model has the same text in one of `fields`, letter case aside.

    The constraint `<model>_<field>` refuses what comes in between. Raises CodeTaken at the field.
    """
    for taken in codes_taken(row, fields):
        raise taken
    with ExitStack() as guards:
        for field in fields:
            name = f"{row._meta.model_name}_{field}"
            guards.enter_context(refused_by(name, _taken(row, field)))
        row.save()


def codes_taken(row: models.Model, fields: Sequence[str]) -> Iterator[CodeTaken]:
    """Yield a refusal for each of `fields` whose text another row has, letter case aside."""
    others = type(row)._default_manager.exclude(pk=row.pk)
    for field in fields:
        if others.filter(**{f"{field}__iexact": getattr(row, field)}).exists():
            yield _taken(row, field)


def _taken(row: models.Model, field: str) -> CodeTaken:
    column: Any = row._meta.get_field(field)
    value = getattr(row, field)
    return CodeTaken(
        f"Another {row._meta.verbose_name} has the {column.verbose_name} {value}.", field=field
    )


def require_slug(code: str, *, field: str = "code") -> None:
    """Check that `code` can stand in an address. Raises CodeNotUsable at the field."""
    if not SLUG.fullmatch(code):
        raise CodeNotUsable("Use letters, digits, hyphens and underscores only.", field=field)


def require_product_code(code: str, *, field: str) -> None:
    """Check a product's code. Raises CodeNotUsable at the field."""
    if not PRODUCT_CODE.fullmatch(code):
        raise CodeNotUsable("Begin with a letter or digit, and leave out slashes.", field=field)
