"""Panels of schemes and subscription types, and those they put on a product's page."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar
from uuid import uuid4

from django.http import HttpRequest

from catalog.models import Product
from catalog.panels.sections import SECTIONS, SectionPanel
from config.shared.db import choices_of
from config.shared.panels import Panel
from config.shared.views.object_page import Fact
from pricing.kernel.periods import Unit
from subscriptions.forms.schemes import (
    ProductOnSchemeForm,
    SchemeOfProductForm,
    TypeOfProductForm,
    TypeSchemeForm,
)
from subscriptions.models import (
    BillingTermScheme,
    BillTiming,
    SchemeKind,
    SchemeProduct,
    SubscriptionType,
)
from subscriptions.operations.schemes import (
    SchemeError,
    add_product_to_scheme,
    add_product_to_type,
    add_schemes_to_type,
    remove_product_from_scheme,
)
from subscriptions.queries.schemes import (
    MOST_LISTED,
    products_of_scheme,
    schemes_of_product,
    schemes_without,
    types_with,
    types_without,
)

CHANGE_MEMBER = "subscriptions.change_schemeproduct"


TIMINGS = {
    SchemeKind.NORMAL: (
        (BillTiming.PRE_BILL, "Pre-bill: before its use"),
        (BillTiming.POST_BILL, "Post-bill: after its use"),
    ),
    SchemeKind.PREPAID: (
        (BillTiming.PRE_BILL, "Pre-paid: before its use"),
        (BillTiming.POST_BILL, "Post-paid: after its use"),
    ),
}


class SchemeRows(Panel):
    """Products on schemes, each added, changed or taken off in place.

    `field` tells the rows apart: "product" on a scheme's page, "scheme" on a product's.
    """

    template_name = "subscriptions/partials/scheme_rows.html"
    form_permission = CHANGE_MEMBER
    submit_label = "Add"
    refusals = (SchemeError,)
    field: ClassVar[str]

    def rows(self, obj: Any) -> Sequence[SchemeProduct]:
        """Return the rows with product and scheme at hand."""
        raise NotImplementedError

    def context(self, obj: Any, request: HttpRequest) -> Mapping[str, Any]:
        """Return the rows."""
        return self.shown(self.rows(obj), [], request)

    def shown(
        self,
        members: Sequence[SchemeProduct],
        others: Sequence[SchemeProduct],
        request: HttpRequest,
    ) -> dict[str, Any]:
        """Return what the template shows: the rows there are, and unsaved ones to be added."""
        return {
            "rows": [self._shown(row, request) for row in [*members, *others]],
            "count": len(members),
            "units": choices_of(Unit),
            "field": self.field,
            "may_change": self.may_submit(request),
        }

    def _shown(self, row: SchemeProduct, request: HttpRequest) -> dict[str, Any]:
        """Return a row with what was typed into it, if it was just sent."""
        key = str(getattr(row, f"{self.field}_id"))
        typed = request.POST
        if typed.get(f"{self.slug}-{self.field}") == key:
            count = typed.get(f"{self.slug}-advance_count", "")
            unit = typed.get(f"{self.slug}-advance_unit", Unit.MONTH.value)
            timing = typed.get(f"{self.slug}-timing", row.timing)
            stays_on = f"{self.slug}-exclude_from_deactivation" in typed
        else:
            count = "" if row.advance_count is None else str(row.advance_count)
            unit = row.advance_unit or Unit.MONTH.value
            timing, stays_on = row.timing, row.exclude_from_deactivation
        kind = SchemeKind(row.scheme.kind)
        return {
            "row": row,
            "key": key,
            "is_member": row.pk is not None,
            "is_prepaid": kind == SchemeKind.PREPAID,
            "timings": TIMINGS[kind],
            "timing_label": dict(TIMINGS[kind])[BillTiming(row.timing)],
            "timing": timing,
            "stays_on": stays_on,
            "count": count,
            "unit": unit,
            "token": uuid4(),
        }

    def change(
        self, scheme: BillingTermScheme, product: Product, request: HttpRequest, form: Any
    ) -> str:
        """Put the product on the scheme, change how it is billed there, or take it off."""
        if request.POST.get(f"{self.slug}-act") == "remove":
            row = SchemeProduct.objects.filter(scheme=scheme, product=product).first()
            if row is not None:
                remove_product_from_scheme(row)
            return f"{product} is not on {scheme} any more."
        row = add_product_to_scheme(scheme, product, **form.settings())
        advance = f", {row.advance} in advance" if row.advance else ""
        return f"{product} on {scheme}: {row.get_timing_display().lower()}{advance}."


class ProductsOfScheme(SchemeRows):
    """The products of a scheme."""

    title = "Products"
    slug = "scheme-products"
    order = 10
    form_class = ProductOnSchemeForm
    field = "product"

    def rows(self, obj: BillingTermScheme) -> Sequence[SchemeProduct]:
        """Return the scheme's products."""
        return list(products_of_scheme(obj))

    def submit(self, obj: BillingTermScheme, request: HttpRequest, form: Any) -> str:
        """Put the product on the scheme, or change how it is billed."""
        return self.change(obj, form.cleaned_data["product"], request, form)


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
    field = "scheme"

    def rows(self, obj: Product) -> Sequence[SchemeProduct]:
        """Return the product's schemes."""
        return schemes_of_product(obj)

    def context(self, obj: Product, request: HttpRequest) -> Mapping[str, Any]:
        """List a row for each scheme that it is not on too, if they are few; else they are offered
        in a form.
        """
        others = schemes_without(obj) if self.may_submit(request) else []
        offered = others if len(others) > MOST_LISTED else []
        listed = [] if offered else others
        context = self.shown(
            self.rows(obj),
            [SchemeProduct(scheme=scheme, product=obj) for scheme in listed],
            request,
        )
        form = self.fresh_form(request, offered=offered) if offered else None
        return {**context, "lists_all": not offered, "form": form}

    def form_kwargs(self, obj: Product, request: HttpRequest) -> dict[str, Any]:
        """Offer the schemes that it is not on."""
        return {"offered": schemes_without(obj)}

    def submit(self, obj: Product, request: HttpRequest, form: Any) -> str:
        """Put the product on the scheme, or change how it is billed."""
        return self.change(form.cleaned_data["scheme"], obj, request, form)


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
        types = types_with(obj)
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
