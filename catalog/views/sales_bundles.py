"""Sales bundles."""

from datetime import timedelta

from django.urls import reverse_lazy

from catalog.filters import SalesBundleFilter
from catalog.forms.sales_bundles import SalesBundleForm
from catalog.models import SalesBundle
from catalog.operations.sales_bundles import create_sales_bundle, update_sales_bundle
from catalog.panels.groupings import SalesBundleItems, SalesBundleMain, SalesBundleUse
from catalog.queries.bundles import sales_bundles
from catalog.tables import SalesBundleTable
from catalog.views.editing import CatalogCreateView, CatalogDeleteView, CatalogUpdateView
from catalog.views.records import RecordPage
from config.shared.operations.clock import today
from config.shared.views.lists import RatebookListView


class SalesBundleList(RatebookListView):
    """The sales bundles with their items."""

    permission_required = "catalog.view_salesbundle"
    queryset = sales_bundles()
    table_class = SalesBundleTable
    filterset_class = SalesBundleFilter
    title = "Sales bundles"
    empty_text = "A sales bundle adds several products in one act. Add the first one."
    new_action = ("New sales bundle", "catalog:sales_bundle_new", "catalog.add_salesbundle")


class SalesBundlePages:
    """What the pages of one sales bundle share."""

    model = SalesBundle
    form_class = SalesBundleForm
    template_name = "catalog/sales_bundle_form.html"
    parents = (("Sales bundles", reverse_lazy("catalog:sales_bundle_list")),)
    delete_url_name = "catalog:sales_bundle_delete"


class SalesBundlePage(SalesBundlePages, RecordPage):
    """A sales bundle, to read."""

    permission_required = "catalog.view_salesbundle"
    template_name = RecordPage.template_name
    panels = (SalesBundleMain, SalesBundleItems, SalesBundleUse)
    change_url_name = "catalog:sales_bundle_edit"

    def get_state(self):
        """Show whether it can be sold."""
        return self.object.availability, self.object.get_availability_display()


class SalesBundleForms(SalesBundlePages):
    """What the pages that change a sales bundle share."""

    def get_form_kwargs(self):
        """Say of which day the pools of flexible bundles are."""
        return {**super().get_form_kwargs(), "on": today()}

    def form_valid(self, form):
        """Save; or show the page again where somebody only searched the services of a choice."""
        if "preview" in self.request.POST:
            return self.render_to_response(self.get_context_data(form=form))
        return super().form_valid(form)


class SalesBundleCreate(SalesBundleForms, CatalogCreateView):
    """A new sales bundle."""

    permission_required = "catalog.add_salesbundle"

    def act(self, form):
        """Create it."""
        self.object = create_sales_bundle(**form.values())
        return self.object


class SalesBundleEdit(SalesBundleForms, CatalogUpdateView):
    """A sales bundle."""

    permission_required = "catalog.change_salesbundle"

    def get_form_kwargs(self):
        """Add the stored items and the validity with its last day covered."""
        items = (
            self.object.items.select_related("product__type")
            .prefetch_related("choices")
            .order_by("sort_order", "id")
        )
        return {**super().get_form_kwargs(), "items": items}

    def get_parents(self):
        """Lead back to the bundle."""
        return [*self.parents, (str(self.object), self.object.get_absolute_url())]

    def get_initial(self):
        """Say the validity as people do."""
        period = self.object.validity
        if period is None:
            return {}
        last = period.upper and period.upper - timedelta(days=1)
        return {"first_day": period.lower, "last_day": last}

    def act(self, form):
        """Change it."""
        self.object = update_sales_bundle(self.object, **form.values())
        return self.object


class SalesBundleDelete(SalesBundlePages, CatalogDeleteView):
    """Delete a sales bundle that was never sold."""

    permission_required = "catalog.delete_salesbundle"
    template_name = "components/form_page.html"
