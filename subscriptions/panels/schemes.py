"""Panels of schemes and subscription types, and those they put on a product's page."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest

from catalog.models import Product
from catalog.panels.sections import SECTIONS, SectionPanel
from config.shared.panels import Panel
from config.shared.views.object_page import Fact
from subscriptions.forms.schemes import (
    ProductOnSchemeForm,
    SchemeOfProductForm,
    TypeOfProductForm,
    TypeSchemeForm,
)
from subscriptions.models import (
    BillingTermScheme,
    BillTiming,
    SchemeProduct,
    SubscriptionType,
)
from subscriptions.operations.schemes import (
    SchemeError,
    add_product_to_scheme,
    add_product_to_type,
    add_schemes_to_type,
)
from subscriptions.queries.schemes import (
    products_for_scheme,
    products_of_scheme,
    schemes_of_product,
    types_without,
)

CHANGE_MEMBER = "subscriptions.change_schemeproduct"


class SchemeRows(Panel):
    """Products on schemes, changed in place, and a form for another."""

    template_name = "subscriptions/partials/scheme_rows.html"
    form_permission = CHANGE_MEMBER
    submit_label = "Add"
    refusals = (SchemeError,)

    def rows(self, obj: Any) -> Sequence[SchemeProduct]:
        """Return the rows with product and scheme at hand."""
        raise NotImplementedError

    def context(self, obj: Any, request: HttpRequest) -> Mapping[str, Any]:
        """Return the rows; one query."""
        rows = list(self.rows(obj))
        return {
            "rows": rows,
            "count": len(rows),
            "timings": BillTiming.choices,
            "may_change": self.may_submit(request),
        }


class ProductsOfScheme(SchemeRows):
    """The products of a scheme."""

    title = "Products"
    slug = "scheme-products"
    order = 10
    form_class = ProductOnSchemeForm

    def rows(self, obj: BillingTermScheme) -> Sequence[SchemeProduct]:
        """Return the scheme's products."""
        return list(products_of_scheme(obj))

    def context(self, obj: BillingTermScheme, request: HttpRequest) -> Mapping[str, Any]:
        """Return the rows, told apart by product."""
        return {**super().context(obj, request), "field": "product"}

    def form_kwargs(self, obj: BillingTermScheme, request: HttpRequest) -> dict[str, Any]:
        """Offer what is not on the scheme yet."""
        return {"offered": products_for_scheme(obj)}

    def submit(self, obj: BillingTermScheme, request: HttpRequest, form: Any) -> str:
        """Put the product on the scheme, or change how it is billed."""
        row = add_product_to_scheme(obj, **form.cleaned_data)
        return f"{row.product} on {obj}: {row.get_timing_display().lower()}."


class SchemeSettings(Panel):
    """What a scheme agrees."""

    title = "Terms"
    slug = "terms"
    order = 5
    template_name = "subscriptions/partials/scheme_settings.html"

    def context(self, obj: BillingTermScheme, request: HttpRequest) -> Mapping[str, Any]:
        """Return plans and types; two queries."""
        return {
            "plans": list(obj.plans.order_by("name", "pk")),
            "types": list(obj.subscription_types.order_by("name", "pk")),
        }

    def facts(self, obj: BillingTermScheme, request: HttpRequest) -> Sequence[Fact]:
        """Show the kind and the usual terms."""
        return [
            Fact("Kind", obj.get_kind_display()),
            Fact("Billed", obj.get_default_frequency_display().lower()),
            Fact("Default plan", obj.default_plan or "–"),
        ]


class ProductsOfType(Panel):
    """The products that subscriptions of a type may have."""

    title = "Products"
    slug = "type-products"
    order = 10
    template_name = "subscriptions/partials/type_products.html"

    def context(self, obj: SubscriptionType, request: HttpRequest) -> Mapping[str, Any]:
        """Return the products; one query."""
        products = list(obj.products.select_related("type").order_by("sort_order", "name", "pk"))
        return {"products": products, "count": len(products)}


class SchemesOfType(Panel):
    """The schemes that subscriptions of a type may have."""

    title = "Billing term schemes"
    slug = "type-schemes"
    order = 20
    template_name = "subscriptions/partials/type_schemes.html"
    form_class = TypeSchemeForm
    form_permission = "subscriptions.change_subscriptiontype"
    submit_label = "Add scheme"
    refusals = (SchemeError,)

    def context(self, obj: SubscriptionType, request: HttpRequest) -> Mapping[str, Any]:
        """Return the schemes; one query."""
        schemes = list(obj.schemes.select_related("default_plan").order_by("name", "pk"))
        return {"schemes": schemes, "count": len(schemes)}

    def form_kwargs(self, obj: SubscriptionType, request: HttpRequest) -> dict[str, Any]:
        """Offer the schemes that the type does not have."""
        others = BillingTermScheme.objects.exclude(subscription_types=obj)
        return {"offered": others.order_by("name", "pk")}

    def submit(self, obj: SubscriptionType, request: HttpRequest, form: Any) -> str:
        """Add the scheme."""
        scheme = form.cleaned_data["scheme"]
        add_schemes_to_type(obj, [scheme])
        return f"{scheme} was added; it has the products of {obj} now."


class BillingTermSchemes(SectionPanel, SchemeRows):
    """A product's page: the schemes it is on."""

    section = SECTIONS["billing-term-schemes"]
    permission = "subscriptions.view_schemeproduct"
    form_class = SchemeOfProductForm

    def rows(self, obj: Product) -> Sequence[SchemeProduct]:
        """Return the product's schemes."""
        return list(schemes_of_product(obj))

    def context(self, obj: Product, request: HttpRequest) -> Mapping[str, Any]:
        """Return the rows, told apart by scheme."""
        return {**super().context(obj, request), "field": "scheme"}

    def form_kwargs(self, obj: Product, request: HttpRequest) -> dict[str, Any]:
        """Offer the schemes that it is not on."""
        others = BillingTermScheme.objects.exclude(products__product=obj)
        return {"offered": others.order_by("name", "pk")}

    def submit(self, obj: Product, request: HttpRequest, form: Any) -> str:
        """Put the product on the scheme, or change how it is billed."""
        row = add_product_to_scheme(product=obj, **form.cleaned_data)
        return f"{obj} on {row.scheme}: {row.get_timing_display().lower()}."


class SubscriptionTypes(SectionPanel):
    """A product's page: the subscription types that allow it."""

    section = SECTIONS["subscription-types"]
    permission = "subscriptions.view_subscriptiontype"
    template_name = "subscriptions/partials/product_types.html"
    form_class = TypeOfProductForm
    form_permission = "subscriptions.change_subscriptiontype"
    submit_label = "Add to type"
    refusals = (SchemeError,)

    def context(self, obj: Product, request: HttpRequest) -> Mapping[str, Any]:
        """Return the types; one query."""
        types = list(obj.subscription_types.order_by("name", "pk"))
        return {"types": types, "count": len(types)}

    def form_kwargs(self, obj: Product, request: HttpRequest) -> dict[str, Any]:
        """Offer the other types, each with the schemes that get the product too."""
        return {"offered": types_without(obj)}

    def submit(self, obj: Product, request: HttpRequest, form: Any) -> str:
        """Allow the product, and say which schemes got it too."""
        data = dict(form.cleaned_data)
        subscription_type = data.pop("subscription_type")
        schemes = add_product_to_type(subscription_type, obj, **data)
        also = f", and to {', '.join(map(str, schemes))}" if schemes else ""
        return f"{obj} was added to {subscription_type}{also}."
