"""Usage service catalogues: the list, a catalogue, its rates."""

from django.http import Http404
from django.urls import reverse_lazy

from config.shared.history_panel import HistoryPanel
from config.shared.templatetags.ui_tags import days
from config.shared.views.form_pages import ActionFormView, ConfirmView, RatebookCreateView
from config.shared.views.lists import RatebookListView
from config.shared.views.object_page import Fact
from pricing.filters import UsageCatalogFilter
from pricing.forms.usage_catalogs import UsageCatalogForm, UsageRateForm
from pricing.models import UsageCatalog
from pricing.operations.usage_catalogs import (
    change_catalog,
    change_usage_rate,
    clone_catalog,
    create_catalog,
    delete_catalog,
    remove_usage_rate,
)
from pricing.panels.plans import PlanNotesPanel
from pricing.panels.usage_catalogs import CatalogRatesPanel
from pricing.queries.errors import PricingError
from pricing.queries.usage_plans import catalog_rows, usage_catalogs
from pricing.tables.usage import UsageCatalogTable
from pricing.views.usage_records import (
    ChangeRecord,
    CloneRecord,
    DeleteRecord,
    RecordActMixin,
    RecordPage,
)


class UsageCatalogList(RatebookListView):
    """All usage catalogues."""

    permission_required = "pricing.view_usagecatalog"
    queryset = usage_catalogs()
    filterset_class = UsageCatalogFilter
    table_class = UsageCatalogTable
    title = "Usage catalogues"
    empty_text = (
        "A usage catalogue holds the rates of usage services, such as films and calls by the "
        "piece. Make the first one."
    )
    new_action = ("New usage catalogue", "pricing:catalog_new", "pricing.add_usagecatalog")
    import_kind = "usage-catalogues"


class CatalogMixin:
    """Pages of a usage catalogue."""

    model = UsageCatalog
    names = "catalog"
    list_title = "Usage catalogues"
    noun = "usage catalogue"


class CreateUsageCatalog(RatebookCreateView):
    """A new, empty catalogue."""

    permission_required = "pricing.add_usagecatalog"
    form_class = UsageCatalogForm
    model = UsageCatalog
    parents = [("Usage catalogues", reverse_lazy("pricing:catalog_list"))]
    refusals = (PricingError,)

    def act(self, form):
        """Create the catalogue."""
        self.object = create_catalog(**form.record_fields())
        return self.object


class UsageCatalogDetail(CatalogMixin, RecordPage):
    """A catalogue with its rates."""

    permission_required = "pricing.view_usagecatalog"
    own_panels = (CatalogRatesPanel, PlanNotesPanel, HistoryPanel)
    frozen_text = (
        "Used: the rates stay as they are. A product that is not in the catalogue yet can be "
        "added; to change a rate, clone the catalogue."
    )

    def get_facts(self):
        """Show currency and validity too."""
        catalog = self.object
        return [
            Fact("Currency", catalog.currency),
            Fact("Valid", days(catalog.validity) if catalog.validity else "always"),
            *super().get_facts(),
        ]


class ChangeUsageCatalog(CatalogMixin, ChangeRecord):
    """Change a catalogue's own fields."""

    permission_required = "pricing.change_usagecatalog"
    form_class = UsageCatalogForm

    def act(self, form):
        """Change the catalogue."""
        self.object = change_catalog(self.object, **form.record_fields())
        return self.object


class CloneUsageCatalog(CatalogMixin, CloneRecord):
    """A copy of a catalogue."""

    permission_required = "pricing.add_usagecatalog"
    clone = staticmethod(clone_catalog)


class DeleteUsageCatalog(CatalogMixin, DeleteRecord):
    """Delete a catalogue."""

    permission_required = "pricing.delete_usagecatalog"
    delete = staticmethod(delete_catalog)


class RateMixin(CatalogMixin, RecordActMixin):
    """An act on a rate of the catalogue that the address names."""

    def get_rate(self):
        """Return the row; one query."""
        if not hasattr(self, "_rate"):
            self._rate = catalog_rows(self.get_record()).filter(pk=self.kwargs["pk"]).first()
            if self._rate is None:
                raise Http404("No such rate in this catalogue.")
        return self._rate


class ChangeUsageRate(RateMixin, ActionFormView):
    """Change a rate of a catalogue that has not been used."""

    permission_required = "pricing.change_usagecatalogrow"
    form_class = UsageRateForm
    template_name = "pricing/usage_rate_form.html"
    submit_label = "Save"
    success_message = "The rate of {result.product} was saved."

    def get_title(self):
        """Name the product."""
        return f"Rate of {self.get_rate().product}"

    def get_form_kwargs(self):
        """Start from the rate as it is."""
        return {**super().get_form_kwargs(), "row": self.get_rate()}

    def get_context_data(self, **kwargs):
        """Add the row."""
        return super().get_context_data(**{"row": self.get_rate(), **kwargs})

    def act(self, form):
        """Change it."""
        return change_usage_rate(self.get_rate(), **form.values())


class RemoveUsageRate(RateMixin, ConfirmView):
    """Take a rate out of a catalogue that has not been used."""

    permission_required = "pricing.delete_usagecatalogrow"
    title = "Remove the rate"
    submit_label = "Remove"
    success_message = "The rate was removed."

    def get_lead(self):
        """Say what follows."""
        return f"{self.get_rate().product} has no such rate in {self.get_record()} any more."

    def act(self, form):
        """Remove it."""
        remove_usage_rate(self.get_rate())
