"""Codes and names: proposed where left empty, unique whatever their letter case."""

import re
from typing import Any, Final

from django.db import models
from django.utils.text import slugify

from catalog.operations.errors import CodeNotUsable, CodeTaken

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


def require_free(
    model: type[models.Model], values: dict[str, Any], *, but: models.Model | None = None
) -> None:
    """Check that no row of `model` other than `but` has one of `values`, letter case aside.

    Raises CodeTaken at the field.
    """
    for field, value in values.items():
        others = model._default_manager.filter(**{f"{field}__iexact": value})
        if but is not None:
            others = others.exclude(pk=but.pk)
        if others.exists():
            column: Any = model._meta.get_field(field)
            raise CodeTaken(
                f"Another {model._meta.verbose_name} has the {column.verbose_name} {value}.",
                field=field,
            )


def require_slug(code: str, *, field: str = "code") -> None:
    """Check that `code` can stand in an address. Raises CodeNotUsable at the field."""
    if not SLUG.fullmatch(code):
        raise CodeNotUsable("Use letters, digits, hyphens and underscores only.", field=field)


def require_product_code(code: str, *, field: str) -> None:
    """Check a product's code. Raises CodeNotUsable at the field."""
    if not PRODUCT_CODE.fullmatch(code):
        raise CodeNotUsable("Begin with a letter or digit, and leave out slashes.", field=field)
