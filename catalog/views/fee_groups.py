"""Fee groups: their list, the page of one with its fees, and the one that changes it."""

from django.urls import reverse_lazy

from catalog.filters import EntryFilter
from catalog.forms.fees import FeeGroupForm
from catalog.models import FeeGroup
from catalog.operations.fees import create_fee_group, update_fee_group
from catalog.panels.groupings import FeeGroupFees, FeeGroupMain, FeeGroupUse
from catalog.queries.fees import fee_groups
from catalog.tables import FeeGroupTable
from catalog.views.editing import CatalogCreateView, CatalogDeleteView, CatalogUpdateView
from catalog.views.records import RecordPage
from config.shared.views.lists import RatebookListView


class FeeGroupList(RatebookListView):
    """The fee groups."""

    permission_required = "catalog.view_feegroup"
    queryset = fee_groups()
    table_class = FeeGroupTable
    filterset_class = EntryFilter
    title = "Fee groups"
    empty_text = "A fee group picks one of several fees by the user's city, technology or class."
    new_action = ("New fee group", "catalog:fee_group_new", "catalog.add_feegroup")


class FeeGroupPages:
    """What the pages of one fee group share."""

    model = FeeGroup
    form_class = FeeGroupForm
    template_name = "catalog/fee_group_form.html"
    parents = (("Fee groups", reverse_lazy("catalog:fee_group_list")),)
    delete_url_name = "catalog:fee_group_delete"


class FeeGroupPage(FeeGroupPages, RecordPage):
    """A fee group, to read."""

    permission_required = "catalog.view_feegroup"
    template_name = RecordPage.template_name
    panels = (FeeGroupMain, FeeGroupFees, FeeGroupUse)
    change_url_name = "catalog:fee_group_edit"


class FeeGroupCreate(FeeGroupPages, CatalogCreateView):
    """A new fee group."""

    permission_required = "catalog.add_feegroup"

    def act(self, form):
        """Create it."""
        self.object = create_fee_group(**form.values())
        return self.object


class FeeGroupEdit(FeeGroupPages, CatalogUpdateView):
    """A fee group."""

    permission_required = "catalog.change_feegroup"

    def get_form_kwargs(self):
        """Add the stored fees."""
        fees = self.object.rows.select_related("fee").order_by("sort_order", "id")
        return {**super().get_form_kwargs(), "fees": fees}

    def get_parents(self):
        """Lead back to the group."""
        return [*self.parents, (str(self.object), self.object.get_absolute_url())]

    def act(self, form):
        """Change it."""
        self.object = update_fee_group(self.object, **form.values())
        return self.object


class FeeGroupDelete(FeeGroupPages, CatalogDeleteView):
    """Delete a fee group that no product has."""

    permission_required = "catalog.delete_feegroup"
    template_name = "components/form_page.html"
