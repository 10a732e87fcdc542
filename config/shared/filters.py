"""Filter bars: the base class, and a search over several columns."""

from functools import cached_property, reduce
from operator import or_
from typing import ClassVar

import django_filters
from django import forms
from django.db.models import Q

from config.shared.choosing import ChosenField
from config.shared.forms import dress_field
from config.shared.queries.matching import MOST_MATCHES, contains, matching_ids

SHORTEST_SEARCH = 2
LONGEST_SEARCH = 100


class RatebookFilterSet(django_filters.FilterSet):
    """The filters of a list. Those named in `advanced` stand behind a button."""

    advanced: ClassVar[tuple[str, ...]] = ()

    @cached_property
    def form(self):
        """The filters' form, with Ratebook's widgets and nothing required."""
        form = super().form
        for field in form.fields.values():
            dress_field(field)
        return form

    def simple_fields(self):
        """Return the fields that are always visible."""
        return [field for field in self.form.visible_fields() if field.name not in self.advanced]

    def advanced_fields(self):
        """Return the fields behind the button."""
        return [field for field in self.form.visible_fields() if field.name in self.advanced]

    def has_advanced_values(self) -> bool:
        """Return whether one of the fields behind the button is set."""
        return any(self.data.get(name) for name in self.advanced)


class SearchFilter(django_filters.CharFilter):
    """Rows in which any of `lookups` finds the text: ("number__iexact", "name__icontains")."""

    def __init__(self, *, lookups, **kwargs):
        kwargs.setdefault("label", "Search")
        kwargs.setdefault("widget", forms.TextInput(attrs={"type": "search"}))
        super().__init__(max_length=LONGEST_SEARCH, min_length=SHORTEST_SEARCH, **kwargs)
        self.lookups = lookups

    def filter(self, queryset, value):
        """Narrow the rows to those that match."""
        if not value:
            return queryset
        return queryset.filter(reduce(or_, (Q((lookup, value)) for lookup in self.lookups)))


class PartFilter(django_filters.CharFilter):
    """Rows in which one of `fields` contains the text: for long lists with trigram indexes.

    Up to a thousand keys are found first: see config.shared.queries.matching. Where more rows
    match, they are so dense that the order of the list finds a page of them as quickly.
    """

    def __init__(self, *, fields, **kwargs):
        kwargs.setdefault("label", "Search")
        kwargs.setdefault("widget", forms.TextInput(attrs={"type": "search"}))
        super().__init__(max_length=LONGEST_SEARCH, **kwargs)
        self.fields = fields

    def filter(self, queryset, value):
        """Narrow the rows; one query before the list's own."""
        if not value:
            return queryset
        ids = matching_ids(queryset, self.fields, value, most=MOST_MATCHES + 1)
        if len(ids) > MOST_MATCHES:
            return queryset.filter(contains(self.fields, value))
        return queryset.filter(pk__in=ids)


class ChosenFilter(django_filters.Filter):
    """Rows of one record out of many, named in the address by its code: a field that searches."""

    field_class = ChosenField


class NumberFilter(django_filters.CharFilter):
    """Rows with exactly this number, in any letter case: for lists too long to search in.

    `fields` are tried one by one. `owners` are (foreign key, its model) whose number may be meant;
    they are looked up first, so that indexes serve.
    """

    def __init__(self, *, fields=(), owners=(), **kwargs):
        kwargs.setdefault("widget", forms.TextInput(attrs={"type": "search"}))
        super().__init__(max_length=LONGEST_SEARCH, **kwargs)
        self.fields = fields
        self.owners = owners

    def filter(self, queryset, value):
        """Narrow the rows."""
        if not value:
            return queryset
        number = value.strip().upper()
        found = Q(pk__in=[])
        for field in self.fields:
            found |= Q((field, number))
        for name, model in self.owners:
            ids = model.objects.filter(number=number).values_list("pk", flat=True)
            found |= Q((f"{name}_id__in", list(ids)))
        return queryset.filter(found)
