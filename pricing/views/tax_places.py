"""Tax regions and classes."""

from django.urls import reverse, reverse_lazy

from config.shared.history_panel import HistoryPanel
from config.shared.views.form_pages import RatebookCreateView, RatebookUpdateView
from config.shared.views.lists import RatebookListView
from config.shared.views.object_page import Action, ObjectPageView
from pricing.filters import TaxClassFilter, TaxRegionFilter
from pricing.forms.tax_places import TaxClassForm, TaxRegionForm
from pricing.models import TaxClass, TaxRegion
from pricing.operations.tax_places import save_tax_class, save_tax_region
from pricing.panels.tax_places import GroupsPanel
from pricing.queries.errors import PricingError
from pricing.queries.tax_places import tax_classes, tax_regions
from pricing.tables.taxes import TaxClassTable, TaxRegionTable


class PlacePages:
    """What the pages of one region or class share: `names` begins their addresses' names."""

    slug_field = slug_url_kwarg = "code"
    refusals = (PricingError,)
    names = ""
    list_title = ""
    save = None

    def get_parents(self):
        """Lead back to the list, and to the record from its form."""
        parents = [(self.list_title, reverse(f"pricing:{self.names}_list"))]
        if "code" in self.kwargs and not isinstance(self, ObjectPageView):
            address = reverse(f"pricing:{self.names}_detail", args=[self.kwargs["code"]])
            parents.append((str(self.get_object()), address))
        return parents

    def act(self, form):
        """Save it by its operation."""
        record = self.object or self.model()
        self.object = self.save(record, **form.cleaned_data)
        return self.object


class PlaceDetail(PlacePages, ObjectPageView):
    """A region or class with its groups."""

    own_panels = (GroupsPanel, HistoryPanel)
    tabs = (("overview", "Overview"), ("history", "History"))

    def get_number(self):
        """Show the code."""
        return self.object.code

    def get_actions(self):
        """Offer to rename it."""
        address = reverse(f"pricing:{self.names}_change", args=[self.object.code])
        return [Action("Change", address, f"pricing.change_{self.model._meta.model_name}")]


class RegionPages(PlacePages):
    """Pages of a tax region."""

    model = TaxRegion
    names = "tax_region"
    list_title = "Tax regions"
    form_class = TaxRegionForm
    save = staticmethod(save_tax_region)


class ClassPages(PlacePages):
    """Pages of a tax class."""

    model = TaxClass
    names = "tax_class"
    list_title = "Tax classes"
    form_class = TaxClassForm
    save = staticmethod(save_tax_class)


class TaxRegionList(RatebookListView):
    """All tax regions."""

    permission_required = "pricing.view_taxregion"
    queryset = tax_regions()
    filterset_class = TaxRegionFilter
    table_class = TaxRegionTable
    title = "Tax regions"
    empty_text = "A tax region is where products of a class are taxed alike: a state, a city."
    new_action = ("New tax region", "pricing:tax_region_new", "pricing.add_taxregion")
    import_kind = "tax-regions"
    parents = [("Tax groups", reverse_lazy("pricing:tax_groups"))]


class CreateTaxRegion(RegionPages, RatebookCreateView):
    """A new tax region."""

    permission_required = "pricing.add_taxregion"


class TaxRegionDetail(RegionPages, PlaceDetail):
    """A tax region with its groups."""

    permission_required = "pricing.view_taxregion"


class UpdateTaxRegion(RegionPages, RatebookUpdateView):
    """Rename a tax region."""

    permission_required = "pricing.change_taxregion"


class TaxClassList(RatebookListView):
    """All tax classes."""

    permission_required = "pricing.view_taxclass"
    queryset = tax_classes()
    filterset_class = TaxClassFilter
    table_class = TaxClassTable
    title = "Tax classes"
    empty_text = "A tax class holds the products that are taxed alike wherever they are sold."
    new_action = ("New tax class", "pricing:tax_class_new", "pricing.add_taxclass")
    import_kind = "tax-classes"
    parents = [("Tax groups", reverse_lazy("pricing:tax_groups"))]


class CreateTaxClass(ClassPages, RatebookCreateView):
    """A new tax class."""

    permission_required = "pricing.add_taxclass"


class TaxClassDetail(ClassPages, PlaceDetail):
    """A tax class with its groups."""

    permission_required = "pricing.view_taxclass"


class UpdateTaxClass(ClassPages, RatebookUpdateView):
    """Rename a tax class."""

    permission_required = "pricing.change_taxclass"
