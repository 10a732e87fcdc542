"""The shared app in the admin: for superusers, mostly to look at; and the admin of large tables."""

from functools import cached_property

from django.contrib import admin
from django.core.paginator import Paginator
from django.db.models import ForeignKey, ManyToManyField
from simple_history.admin import SimpleHistoryAdmin

from config.shared.models import (
    Attachment,
    ImportBatch,
    ImportRow,
    Note,
    NumberSeries,
    ParkedItem,
    Run,
    RunDefinition,
    Schedule,
)
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


class ReadOnlyAdmin(admin.ModelAdmin):
    """Rows that operations alone write."""

    def has_add_permission(self, request, obj=None):
        """Nobody adds."""
        return False

    def has_change_permission(self, request, obj=None):
        """Nobody changes."""
        return False

    def has_delete_permission(self, request, obj=None):
        """Nobody deletes."""
        return False


@admin.register(RunDefinition)
class RunDefinitionAdmin(SimpleHistoryAdmin):
    """Definitions with their history."""

    list_display = ("code", "name", "kind", "state")
    list_filter = ("kind", "state")
    search_fields = ("code", "name")


@admin.register(Run)
class RunAdmin(ReadOnlyAdmin):
    """Runs."""

    list_display = ("number", "definition", "as_of", "scope", "state", "created_at")
    list_filter = ("kind", "state")
    search_fields = ("number",)
    list_select_related = ("definition",)


@admin.register(ParkedItem)
class ParkedItemAdmin(ReadOnlyAdmin):
    """Parked items; they are released on the run's page."""

    list_display = ("label", "kind", "run", "step", "parked_at", "released_at")
    list_filter = ("kind",)
    search_fields = ("label",)
    list_select_related = ("run",)


@admin.register(Schedule)
class ScheduleAdmin(ReadOnlyAdmin):
    """Schedules; they are set on the definition's page."""

    list_display = ("definition", "daily_at", "every_minutes", "active", "next_at")
    list_select_related = ("definition",)


@admin.register(NumberSeries)
class NumberSeriesAdmin(ReadOnlyAdmin):
    """Number series: a gap in one cannot be mended, so nobody edits them."""

    list_display = ("code", "prefix", "width", "next_value", "last_issued_on")


@admin.register(Note)
class NoteAdmin(ReadOnlyAdmin):
    """Notes."""

    list_display = ("subject", "text", "written_by", "written_at", "pinned")
    list_select_related = ("written_by", "content_type")


@admin.register(Attachment)
class AttachmentAdmin(LargeTableAdmin, ReadOnlyAdmin):
    """Attachments; they are changed on the page of their record, which looks at their content."""

    list_display = ("title", "content_type", "file_name", "url", "added_by", "added_at")
    list_select_related = ("content_type", "added_by")
    search_fields = ("title", "file_name")
    ordering = ("-id",)


@admin.register(ImportBatch)
class ImportBatchAdmin(LargeTableAdmin, ReadOnlyAdmin):
    """Imports; they are made on their own pages."""

    list_display = ("number", "kind", "file_name", "state", "row_count", "rejected_count")
    list_filter = ("state",)
    search_fields = ("number", "file_name")
    ordering = ("-id",)


@admin.register(ImportRow)
class ImportRowAdmin(LargeTableAdmin, ReadOnlyAdmin):
    """Rows of imports."""

    list_display = ("batch", "line", "outcome")
    list_filter = ("outcome",)
    list_select_related = ("batch",)
    search_fields = ("batch__number",)
    ordering = ("-id",)
