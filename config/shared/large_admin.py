"""Django's admin over tables with very many rows."""

from functools import cached_property

from django.core.paginator import Paginator
from django.db.models import ForeignKey, ManyToManyField

from config.shared.queries.matching import MOST_MATCHES, contains, matching_ids

MOST_COUNTED = 10_000


class CappedAdminPaginator(Paginator):
    """Pages that count ten thousand rows at most; who looks for others narrows the list."""

    @cached_property
    def count(self):
        """Return how many rows there are, as far as one may page."""
        return self.object_list.order_by()[:MOST_COUNTED].count()


class LargeTableAdmin:
    """Stands before ModelAdmin: nothing is listed or counted in full, keys are found by trigram.

    Every link to another record is a field that searches, unless `bounded` names it: then it may
    lead to a short list only.
    """

    paginator = CappedAdminPaginator
    show_full_result_count = False
    list_per_page = 50
    list_max_show_all = 200
    bounded: tuple[str, ...] = ()

    def get_autocomplete_fields(self, request):
        """Return all links, as they stand in the form."""
        return linked_fields(self.model, self.bounded)

    def get_search_results(self, request, queryset, search_term):
        """Find keys first: see config.shared.queries.matching."""
        for word in search_term.split():
            ids = matching_ids(queryset, self.search_fields, word, most=MOST_MATCHES + 1)
            if len(ids) > MOST_MATCHES:
                queryset = queryset.filter(contains(self.search_fields, word))
            else:
                queryset = queryset.filter(pk__in=ids)
        return queryset, False


class LargeTableInline:
    """Stands before TabularInline: links are fields that search."""

    extra = 0

    def get_autocomplete_fields(self, request):
        """Return all links but the one to the record of the page."""
        return linked_fields(self.model, ())


def linked_fields(model, left_out):
    """Return the names of the links of a model to other records that people choose."""
    fields = [*model._meta.fields, *model._meta.many_to_many]
    return tuple(
        field.name
        for field in fields
        if isinstance(field, ForeignKey | ManyToManyField)
        and field.editable
        and field.name not in left_out
    )
