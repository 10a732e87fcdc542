"""Products: their list, a new one, and the data-entry page."""

from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse, reverse_lazy

from catalog.filters import ProductFilter
from catalog.models import Availability, Product
from catalog.panels.sections import TABS
from catalog.queries.products import find_product, is_valid_on, products
from catalog.tables import ProductTable
from catalog.views.editing import CatalogDeleteView
from catalog.views.new_type import draft_with_type
from config.shared.operations.clock import today
from config.shared.views.lists import RatebookListView
from config.shared.views.object_page import Action, Alert, Fact, ObjectPageView

PRODUCTS = ("Products", reverse_lazy("catalog:product_list"))


class ProductList(RatebookListView):
    """All products."""

    permission_required = "catalog.view_product"
    queryset = products()
    table_class = ProductTable
    filterset_class = ProductFilter
    title = "Products"
    import_kind = "products"
    empty_text = "Products are what you sell: services, bundles, equipment. Add the first one."
    new_action = ("New product", "catalog:product_new", "catalog.add_product")

    def get_table_kwargs(self):
        """Show the sort order to those who ask for it."""
        shown = "show_order" in self.request.GET
        return {**super().get_table_kwargs(), "exclude": () if shown else ("sort_order",)}


class ProductPage(ObjectPageView):
    """The data-entry page of a product: the sections that its kind has, on four or five tabs."""

    permission_required = "catalog.view_product"
    template_name = "catalog/product_detail.html"
    panel_setting = "PRODUCT_PANELS"
    tabs = TABS
    section_index = True
    print_sheet = True

    def get_object(self, queryset=None):
        """Return the product with its validity at hand, or answer 404."""
        product = find_product(self.kwargs["code"])
        if product is None:
            raise Http404("There is no such product.")
        return product

    def get_parents(self):
        """Lead back to the list."""
        return [PRODUCTS]

    def get_number(self):
        """Show the code beside the name, unless they are the same."""
        return "" if self.object.code == self.object.name else self.object.code

    def get_state(self):
        """Show whether it can be sold."""
        return self.object.availability, self.object.get_availability_display()

    def get_facts(self):
        """Return what tells products apart."""
        product = self.object
        return [
            Fact("Type", product.type),
            Fact("Family", product.family or "–"),
            Fact("Brand", product.brand or "–"),
            Fact("Alternative code", product.alternative_code),
        ]

    def get_alerts(self):
        """Say so if it cannot be used for new business today."""
        if is_valid_on(self.object, today()):
            return []
        return [Alert("Not valid today: it cannot be used for new business.")]

    def get_actions(self):
        """Return what can be done beside changing its sections."""
        code = [self.object.code]
        is_sold = self.object.availability == Availability.AVAILABLE
        return [
            Action(
                "Clone",
                reverse("catalog:product_clone", args=code),
                permission="catalog.add_product",
            ),
            Action(
                "Deactivate" if is_sold else "Reactivate",
                reverse("catalog:product_availability", args=code),
                permission="catalog.change_product",
            ),
            Action("Print sheet", "?print=yes", group="print"),
            Action(
                "Delete",
                reverse("catalog:product_delete", args=code),
                permission="catalog.delete_product",
                group="delete",
            ),
        ]

    def get(self, request, *args, **kwargs):
        """Show the page; main information as it was left to make a type for it."""
        draft = draft_with_type(request)
        if draft is None:
            return super().get(request, *args, **kwargs)
        self.object = self.get_object()
        panel = next((one for one in self.get_panels() if one.slug == draft["panel"]), None)
        is_its = panel is not None and draft["back"] == self.object.get_absolute_url()
        if not is_its or not panel.may_submit(request):
            return super().get(request, *args, **kwargs)
        options = panel.form_kwargs(self.object, request)
        form = panel.form_class(draft["data"], prefix=panel.slug, **options)
        form.errors.clear()
        bound = {panel.slug: {"form": form}}
        return self.render_to_response(self.get_context_data(bound_forms=bound))

    def post(self, request, *args, **kwargs):
        """Follow a product whose code was changed to its new address."""
        response = super().post(request, *args, **kwargs)
        if response.status_code == 302 and self.object.code != self.kwargs["code"]:
            return redirect(self.object)
        return response


class ProductDelete(CatalogDeleteView):
    """Delete a product that nothing refers to."""

    permission_required = "catalog.delete_product"
    model = Product

    def get_parents(self):
        """Lead back to the product."""
        return [PRODUCTS, (str(self.object), self.object.get_absolute_url())]

    def get_success_url(self):
        """Return the list: the product's own page is gone."""
        return reverse("catalog:product_list")
