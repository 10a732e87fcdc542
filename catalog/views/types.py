"""Product types."""

import re

from django.contrib.auth.mixins import PermissionRequiredMixin
from django.shortcuts import render
from django.urls import reverse_lazy
from django.views import View

from catalog.filters import ProductTypeFilter
from catalog.forms.types import ProductTypeForm
from catalog.models import ProductType
from catalog.operations.types import create_type
from catalog.queries.types import product_types
from catalog.tables import ProductTypeTable
from catalog.views.editing import CatalogCreateView, CatalogDeleteView
from catalog.views.records import RecordPage
from config.shared.views.lists import RatebookListView
from config.shared.views.object_page import Fact

PREFIX = re.compile(r"[a-z-]{0,20}")


class TypeList(RatebookListView):
    """The product types."""

    permission_required = "catalog.view_producttype"
    queryset = product_types()
    table_class = ProductTypeTable
    filterset_class = ProductTypeFilter
    title = "Product types"
    import_kind = "types"
    empty_text = "A type decides how its products behave. Add one before the first product."
    new_action = ("New product type", "catalog:type_new", "catalog.add_producttype")


class TypePages:
    """What the pages of one product type share."""

    model = ProductType
    form_class = ProductTypeForm
    parents = (("Product types", reverse_lazy("catalog:type_list")),)
    delete_url_name = "catalog:type_delete"


class TypeCreate(TypePages, CatalogCreateView):
    """A new product type; its page has what it asks of products and its default taxes."""

    permission_required = "catalog.add_producttype"
    template_name = "catalog/type_form.html"

    def act(self, form):
        """Create it."""
        self.object = create_type(**form.values())
        return self.object

    def get_success_url(self):
        """Return the type's page."""
        return self.object.get_absolute_url()


class TypePage(TypePages, RecordPage):
    """A product type with what every app knows about it."""

    permission_required = "catalog.view_producttype"
    template_name = "catalog/type_detail.html"
    panel_setting = "TYPE_PANELS"

    def get_facts(self):
        """Say what its products are."""
        kind = self.object.get_service_type_display() or self.object.get_good_type_display()
        return [
            Fact("Classification", self.object.get_classification_display()),
            Fact("Kind", kind),
            Fact("Composition", self.object.get_composition_display()),
        ]


class TypeDelete(TypePages, CatalogDeleteView):
    """Delete a product type without products."""

    permission_required = "catalog.delete_producttype"


class TypeKinds(PermissionRequiredMixin, View):
    """Answers htmx with the kinds and compositions that go with what is chosen so far."""

    permission_required = "catalog.view_producttype"

    def get(self, request):
        """Return the fields, nothing checked; `prefix` is that of the form."""
        prefix = request.GET.get("prefix", "")
        prefix = prefix if PREFIX.fullmatch(prefix) else ""
        form = ProductTypeForm(prefix=prefix or None)
        names = {name: form.add_prefix(name) for name in ProductTypeForm.base_fields}
        chosen = {name: request.GET.get(sent, "") for name, sent in names.items()}
        form = ProductTypeForm(initial=chosen, prefix=prefix or None)
        return render(request, "catalog/partials/type_kinds.html", {"form": form})
