"""Filter bars of imports and of their rows."""

import django_filters

from config.shared.filters import RatebookFilterSet, SearchFilter
from config.shared.imports.resources import load_resources
from config.shared.models import ImportBatch, ImportRow, ImportState, RowOutcome


def kind_choices():
    """Return the kinds of the installation as choices."""
    return [(slug, kind.title) for slug, kind in load_resources().items()]


class BatchFilter(RatebookFilterSet):
    """By number or file, kind, state."""

    search = SearchFilter(
        lookups=("number__iexact", "file_name__icontains"), label="Number or file"
    )
    kind = django_filters.ChoiceFilter(choices=kind_choices)
    state = django_filters.ChoiceFilter(choices=ImportState)

    class Meta:
        model = ImportBatch
        fields = ()


class RowFilter(RatebookFilterSet):
    """By outcome and line."""

    outcome = django_filters.ChoiceFilter(choices=RowOutcome)
    line = django_filters.NumberFilter(label="From line", lookup_expr="gte")

    class Meta:
        model = ImportRow
        fields = ()
