"""Panels of the product page that the catalogue itself contributes."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from django.http import HttpRequest

from catalog.forms.bundles import ComponentsForm
from catalog.forms.products import ProductForm, ValidityForm
from catalog.models import GoodType, Product
from catalog.operations.bundles import set_components
from catalog.operations.errors import CatalogError
from catalog.operations.products import set_validity, update_product
from catalog.queries.bundles import bundles_with, kind_of, sales_bundles_with
from catalog.queries.history import history_of
from catalog.queries.products import components_of, is_valid_on
from config.shared.operations.clock import today
from config.shared.panels import Panel

# Tabs of the product page. A panel of any app stands on one of them by its slug.
TABS: Final = (
    ("main", "Main"),
    ("components", "Components"),
    ("pricing", "Pricing & billing"),
    ("delivery", "Delivery"),
    ("results", "Use & history"),
)


class MainInformation(Panel):
    """Code, type, brand, family and what else says which product it is."""

    title = "Main information"
    slug = "main-information"
    template_name = "catalog/partials/main_information_panel.html"
    tab = "main"
    order = 10
    form_class = ProductForm
    form_permission = "catalog.change_product"
    submit_label = "Save main information"
    refusals = (CatalogError,)

    def context(self, obj: Product, request: HttpRequest) -> Mapping[str, Any]:
        """Return the lists for those who may only look."""
        if self.may_submit(request):
            return {}
        return {
            "classes": obj.account_classes.order_by("name", "id"),
            "technologies": obj.technologies.order_by("name", "id"),
        }

    def form_kwargs(self, obj: Product, request: HttpRequest) -> dict[str, Any]:
        """Edit the product."""
        return {"instance": obj}

    def submit(self, obj: Product, request: HttpRequest, form: Any) -> str:
        """Change the product."""
        update_product(obj, **form.cleaned_data)
        obj.refresh_from_db()
        return f"{obj} was saved."


class TypeCharacteristics(Panel):
    """What the product inherits from its type."""

    title = "Type characteristics"
    slug = "type-characteristics"
    template_name = "catalog/partials/type_characteristics_panel.html"
    tab = "main"
    order = 20

    def context(self, obj: Product, request: HttpRequest) -> Mapping[str, Any]:
        """Return the type and what follows from it."""
        return characteristics(obj)


class Validity(Panel):
    """When the product may be used for new business."""

    title = "Product validity"
    slug = "validity"
    template_name = "catalog/partials/validity_panel.html"
    tab = "main"
    order = 30
    form_class = ValidityForm
    form_permission = "catalog.change_product"
    submit_label = "Save validity"
    refusals = (CatalogError,)

    def context(self, obj: Product, request: HttpRequest) -> Mapping[str, Any]:
        """Return the periods and whether the product is valid today."""
        on = today()
        return {
            "periods": [row.period for row in obj.validities.all()],
            "is_valid": is_valid_on(obj, on),
            "on": on,
        }

    def form_kwargs(self, obj: Product, request: HttpRequest) -> dict[str, Any]:
        """Say the stored periods with their last day covered."""
        return {
            "rows_initial": [
                {
                    "first_day": row.period.lower,
                    "last_day": row.period.upper and row.period.upper - timedelta(days=1),
                }
                for row in obj.validities.all()
            ]
        }

    def submit(self, obj: Product, request: HttpRequest, form: Any) -> str:
        """Set the periods."""
        set_validity(obj, form.periods())
        obj.refresh_from_db(fields=["validities"])
        return f"The validity of {obj} was saved."


class BundleComponents(Panel):
    """What a bundle product is made of."""

    title = "Bundle components"
    slug = "components"
    template_name = "catalog/partials/components_panel.html"
    tab = "components"
    order = 10
    form_class = ComponentsForm
    form_permission = "catalog.change_product"
    submit_label = "Save components"
    refusals = (CatalogError,)

    def suits(self, obj: Product) -> bool:
        """Show it for fixed and flexible bundles."""
        return obj.type.is_bundle

    def context(self, obj: Product, request: HttpRequest) -> Mapping[str, Any]:
        """Return the components."""
        components = components_of([obj.pk]).get(obj.pk, [])
        return {"components": components, "count": len(components)}

    def form_kwargs(self, obj: Product, request: HttpRequest) -> dict[str, Any]:
        """Offer what the bundle may contain."""
        return {"bundle": obj, "components": components_of([obj.pk]).get(obj.pk, [])}

    def submit(self, obj: Product, request: HttpRequest, form: Any) -> str:
        """Set the components."""
        set_components(obj, form.component_rows())
        return f"The components of {obj} were saved."


class WhereUsed(Panel):
    """Bundles and sales bundles that contain the product."""

    title = "Where used"
    slug = "where-used"
    template_name = "catalog/partials/where_used_panel.html"
    tab = "results"
    order = 60

    def context(self, obj: Product, request: HttpRequest) -> Mapping[str, Any]:
        """Return the places; two queries."""
        bundles, sales = list(bundles_with(obj)), list(sales_bundles_with(obj))
        return {"bundles": bundles, "sales_bundles": sales, "count": len(bundles) + len(sales)}


class ProductHistory(Panel):
    """Who changed what, and when."""

    title = "History"
    slug = "history"
    template_name = "catalog/partials/history_panel.html"
    tab = "results"
    order = 90

    def context(self, obj: Product, request: HttpRequest) -> Mapping[str, Any]:
        """Return the latest changes."""
        return {"entries": history_of(obj)}


def characteristics(product: Product) -> dict[str, Any]:
    """Return what the template of the type's characteristics shows."""
    product_type = product.type
    is_good = bool(product_type.good_type)
    return {
        "type": product_type,
        "kind_label": "Physical good type" if is_good else "Service type",
        "kind": product_type.get_good_type_display()
        if is_good
        else product_type.get_service_type_display(),
        "is_traceable": kind_of(product_type) == GoodType.TRACEABLE,
    }
