"""Product types."""

from django.contrib.auth.mixins import PermissionRequiredMixin
from django.shortcuts import render
from django.urls import reverse_lazy
from django.views import View

from catalog.filters import ProductTypeFilter
from catalog.forms.types import ProductTypeForm
from catalog.models import ProductType
from catalog.operations.types import create_type, update_type
from catalog.queries.types import product_types, type_is_used
from catalog.tables import ProductTypeTable
from catalog.views.editing import CatalogCreateView, CatalogDeleteView, CatalogUpdateView
from config.shared.views.lists import RatebookListView


class TypeList(RatebookListView):
    """The product types."""

    permission_required = "catalog.view_producttype"
    queryset = product_types()
    table_class = ProductTypeTable
    filterset_class = ProductTypeFilter
    title = "Product types"
    empty_text = "A type decides how its products behave. Add one before the first product."
    new_action = ("New product type", "catalog:type_new", "catalog.add_producttype")


class TypePages:
    """What the pages of one product type share."""

    model = ProductType
    form_class = ProductTypeForm
    parents = (("Product types", reverse_lazy("catalog:type_list")),)
    delete_url_name = "catalog:type_delete"


class TypeCreate(TypePages, CatalogCreateView):
    """A new product type."""

    permission_required = "catalog.add_producttype"
    template_name = "catalog/type_form.html"

    def act(self, form):
        """Create it."""
        self.object = create_type(**form.values())
        return self.object


class TypeEdit(TypePages, CatalogUpdateView):
    """A product type; one in use keeps what its products rely on."""

    permission_required = "catalog.change_producttype"
    template_name = "catalog/type_form.html"

    def get_lead(self):
        """Say what can still be changed."""
        if type_is_used(self.object):
            return "Products of this type exist: its classification, kind and composition stay."
        return ""

    def act(self, form):
        """Change it."""
        self.object = update_type(self.object, **form.values())
        return self.object


class TypeDelete(TypePages, CatalogDeleteView):
    """Delete a product type without products."""

    permission_required = "catalog.delete_producttype"


class TypeKinds(PermissionRequiredMixin, View):
    """Answers htmx with the kinds and compositions that go with what is chosen so far."""

    permission_required = "catalog.view_producttype"

    def get(self, request):
        """Return the fields, nothing checked."""
        chosen = {name: request.GET.get(name, "") for name in ProductTypeForm.base_fields}
        form = ProductTypeForm(initial=chosen)
        return render(request, "catalog/partials/type_kinds.html", {"form": form})
