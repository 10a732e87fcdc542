"""Tax codes and currencies."""

from django.urls import reverse, reverse_lazy

from config.shared.history_panel import HistoryPanel
from config.shared.views.form_pages import RatebookCreateView, RatebookUpdateView
from config.shared.views.lists import RatebookListView
from config.shared.views.object_page import Action, Fact, ObjectPageView
from pricing.filters import CurrencyFilter, TaxCodeFilter
from pricing.forms.taxes import TaxCodeForm
from pricing.models import TaxCode
from pricing.operations.taxes import create_tax_code, update_tax_code
from pricing.panels.taxes import NewPercentagePanel, TaxLevelsPanel
from pricing.queries.currencies import currencies
from pricing.queries.errors import PricingError
from pricing.queries.taxes import tax_codes
from pricing.tables.taxes import CurrencyTable, TaxCodeTable

PARENTS = [("Tax codes", reverse_lazy("pricing:tax_code_list"))]


class TaxCodeList(RatebookListView):
    """All tax codes."""

    permission_required = "pricing.view_taxcode"
    queryset = tax_codes()
    filterset_class = TaxCodeFilter
    table_class = TaxCodeTable
    title = "Tax codes"
    empty_text = "A tax code is one tax of a place, such as its VAT, with its rates."
    new_action = ("New tax code", "pricing:tax_code_new", "pricing.add_taxcode")
    import_kind = "tax-codes"


class CreateTaxCode(RatebookCreateView):
    """A new tax code."""

    permission_required = "pricing.add_taxcode"
    form_class = TaxCodeForm
    model = TaxCode
    parents = PARENTS
    refusals = (PricingError,)

    def act(self, form):
        """Create the tax code."""
        self.object = create_tax_code(**form.cleaned_data)
        return self.object


class TaxCodeMixin:
    """A page of the tax code that the address names."""

    model = TaxCode
    slug_field = slug_url_kwarg = "code"


class TaxCodeDetail(TaxCodeMixin, ObjectPageView):
    """A tax code with its rates and their percentages by date."""

    permission_required = "pricing.view_taxcode"
    own_panels = (TaxLevelsPanel, NewPercentagePanel, HistoryPanel)
    tabs = (("overview", "Overview"), ("history", "History"))

    def get_number(self):
        """Show the code."""
        return self.object.code

    def get_parents(self):
        """Lead back to the list."""
        return PARENTS

    def get_facts(self):
        """Show the kind, and which day picks the percentage."""
        return [
            Fact("Kind", self.object.get_kind_display()),
            Fact("Percentage of", self.object.get_rate_date_display()),
        ]

    def get_actions(self):
        """Offer to rename it."""
        address = reverse("pricing:tax_code_change", args=[self.object.code])
        return [Action("Change", address, "pricing.change_taxcode", primary=True)]


class UpdateTaxCode(TaxCodeMixin, RatebookUpdateView):
    """Rename a tax code."""

    permission_required = "pricing.change_taxcode"
    form_class = TaxCodeForm
    refusals = (PricingError,)

    def get_parents(self):
        """Lead back to the tax code."""
        address = reverse("pricing:tax_code_detail", kwargs=self.kwargs)
        return [*PARENTS, (self.object.name, address)]

    def act(self, form):
        """Rename it."""
        self.object = update_tax_code(self.object, **form.cleaned_data)
        return self.object


class CurrencyList(RatebookListView):
    """The currencies the operator may bill in."""

    permission_required = "pricing.view_currency"
    queryset = currencies()
    filterset_class = CurrencyFilter
    table_class = CurrencyTable
    title = "Currencies"
    paginate_by = 100
