"""Panels of the pages of types, families, categories, brands and the other short lists."""

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from django.db.models import Model
from django.http import HttpRequest
from django.urls import reverse

from catalog.forms.lists import (
    AccountClassForm,
    BrandForm,
    CategoryForm,
    ClassificationForm,
    FamilyForm,
    TechnologyForm,
)
from catalog.operations.errors import CatalogError
from catalog.operations.lists import update_entry
from catalog.queries.products import products
from catalog.queries.trees import branches, in_tree_order, totals
from config.shared.panels import Panel


class RecordMain(Panel):
    """The fields of a record: the form, or the facts for those who may only look.

    Sent whole, not by htmx: the header of the page shows the name, and the address the code.
    """

    title = "Main information"
    slug = "main"
    template_name = "catalog/partials/record_main_panel.html"
    order = 10
    refusals = (CatalogError,)

    def context(self, obj: Model, request: HttpRequest) -> Mapping[str, Any]:
        """Return the facts for those who may only look."""
        return {"details": [] if self.may_submit(request) else list(self.details(obj))}

    def details(self, obj: Model) -> Iterable[tuple[str, Any]]:
        """Yield the label and the value of each field of the form, as people read them."""
        form: Any = self.form_class
        for name in form._meta.fields:
            field: Any = obj._meta.get_field(name)
            shown = getattr(obj, f"get_{name}_display", None)
            value = shown() if shown else getattr(obj, name)
            if isinstance(value, bool):
                value = "Yes" if value else "No"
            yield str(field.verbose_name).capitalize(), value or "–"

    def form_kwargs(self, obj: Model, request: HttpRequest) -> dict[str, Any]:
        """Edit the record."""
        return {"instance": obj}

    def submit(self, obj: Any, request: HttpRequest, form: Any) -> str:
        """Change the record."""
        update_entry(obj, **form.cleaned_data)
        obj.refresh_from_db()
        return f"{obj} was saved."


class FamilyMain(RecordMain):
    """A family."""

    form_class = FamilyForm
    form_permission = "catalog.change_productfamily"


class CategoryMain(RecordMain):
    """A category."""

    form_class = CategoryForm
    form_permission = "catalog.change_productcategory"


class BrandMain(RecordMain):
    """A brand."""

    form_class = BrandForm
    form_permission = "catalog.change_productbrand"


class AccountClassMain(RecordMain):
    """An account class."""

    form_class = AccountClassForm
    form_permission = "catalog.change_accountclass"


class TechnologyMain(RecordMain):
    """A technology."""

    form_class = TechnologyForm
    form_permission = "catalog.change_technology"


class ClassificationMain(RecordMain):
    """An account classification."""

    form_class = ClassificationForm
    form_permission = "catalog.change_accountclassification"


class RecordProducts(Panel):
    """How many products name the record, the first of them, and the way to the list of all."""

    title = "Products"
    slug = "products"
    template_name = "catalog/partials/record_products_panel.html"
    permission = "catalog.view_product"
    order = 40
    lookup: ClassVar[str]
    filter_name: ClassVar[str] = ""
    """The filter of the product list that narrows it to the record; "" where there is none."""
    most: ClassVar[int] = 10

    def context(self, obj: Any, request: HttpRequest) -> Mapping[str, Any]:
        """Return the first products and the count; two queries."""
        found = products().filter(**{self.lookup: obj})
        count = found.count()
        address = ""
        if self.filter_name and count:
            address = f"{reverse('catalog:product_list')}?{self.filter_name}={obj.code}"
        return {
            "products": found[: self.most],
            "count": f"{count:,}",
            "list_url": address,
            "shows_type": self.lookup != "type",
        }


class FamilyProducts(RecordProducts):
    """Products of a family itself; the list has those of all below it too."""

    lookup = "family"
    filter_name = "family"


class CategoryProducts(RecordProducts):
    """Products in a category itself."""

    lookup = "categories"


class BrandProducts(RecordProducts):
    """Products of a brand."""

    lookup = "brand"
    filter_name = "brand"


class TypeProducts(RecordProducts):
    """Products of a type."""

    lookup = "type"
    filter_name = "type"


class Branches(Panel):
    """Where a family or category stands in its tree, and what stands directly below it."""

    title = "Branches"
    slug = "branches"
    template_name = "catalog/partials/branches_panel.html"
    order = 30

    def context(self, obj: Any, request: HttpRequest) -> Mapping[str, Any]:
        """Return the branches below with their numbers of products."""
        tree = branches(type(obj))
        below = [pk for pk, branch in tree.items() if branch.parent_id == obj.pk]
        counts = totals(type(obj), tree, below)
        rows = in_tree_order(type(obj), below).filter(pk__in=below)
        return {
            "below": [(row, tree[row.pk].own, counts[row.pk]) for row in rows],
            "count": len(below),
        }
