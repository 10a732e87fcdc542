"""Filter bars of the run lists."""

import django_filters

from config.shared.filters import RatebookFilterSet, SearchFilter
from config.shared.models import DefinitionState, ParkedItem, Run, RunDefinition, RunScope, RunState
from config.shared.runs.kinds import load_kinds


def kind_choices():
    """Return the run kinds of the installation as choices."""
    return [(slug, kind.name) for slug, kind in load_kinds().items()]


class RunFilter(RatebookFilterSet):
    """By number, kind, state, business day."""

    advanced = ("scope", "as_of_from", "as_of_to")

    search = SearchFilter(lookups=("number__iexact", "definition__name__icontains"))
    kind = django_filters.ChoiceFilter(choices=kind_choices)
    state = django_filters.ChoiceFilter(choices=RunState)
    scope = django_filters.ChoiceFilter(choices=RunScope)
    as_of_from = django_filters.DateFilter("as_of", "gte", label="Business day from")
    as_of_to = django_filters.DateFilter("as_of", "lte", label="Business day to")

    class Meta:
        model = Run
        fields = ()


class DefinitionFilter(RatebookFilterSet):
    """By name, kind, state."""

    search = SearchFilter(lookups=("code__icontains", "name__icontains"))
    kind = django_filters.ChoiceFilter(choices=kind_choices)
    state = django_filters.ChoiceFilter(choices=DefinitionState)

    class Meta:
        model = RunDefinition
        fields = ()


class ParkedFilter(RatebookFilterSet):
    """By item, kind of run."""

    search = SearchFilter(lookups=("label__icontains", "reason__icontains"))
    kind = django_filters.ChoiceFilter(choices=kind_choices)

    class Meta:
        model = ParkedItem
        fields = ()
