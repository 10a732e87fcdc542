"""What refers to an object: rows that keep it from being deleted or from changing its nature."""

from typing import Any

from django.db import models
from django.db.models import Value

from config.shared.queries.counts import count_text, count_up_to_cap


def uses_of(obj: models.Model) -> list[str]:
    """Return the names (plural) of what refers to `obj` and protects it, sorted; one query.

    Counts protecting foreign keys of every app, and many-to-many links of other models.
    """
    found = [
        related.filter(**{field: obj.pk}).order_by().values_list(Value(label))[:1]
        for related, field, label in _referring(type(obj))
    ]
    if not found:
        return []
    rows = found[0].union(*found[1:], all=True) if len(found) > 1 else found[0]
    return sorted({str(label) for (label,) in rows})


def use_counts(obj: models.Model) -> list[tuple[str, str]]:
    """Return what refers to `obj` and protects it, with how many rows do, at most "1,000+"; a query
    for each kind.
    """
    found = []
    for related, field, label in _referring(type(obj)):
        count = count_up_to_cap(related.filter(**{field: obj.pk}))
        if count:
            found.append((label, count_text(count)))
    return sorted(found)


def _referring(model: type[models.Model]) -> list[tuple[models.QuerySet[Any], str, str]]:
    referring: list[tuple[models.QuerySet[Any], str, str]] = []
    for relation in model._meta.get_fields(include_hidden=True):
        if not isinstance(relation, models.ForeignObjectRel):
            continue
        protects = relation.on_delete in (models.PROTECT, models.RESTRICT)
        if protects or isinstance(relation, models.ManyToManyRel):
            related: Any = relation.related_model
            label = str(related._meta.verbose_name_plural)
            referring.append((related._default_manager.all(), relation.field.name, label))
    return referring
