"""Usage rates and usage plans, on the pages of products and usage catalogues."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from catalog.models import Product
from catalog.panels.sections import SECTIONS, SectionPanel
from config.shared.panels import Panel
from pricing.forms.usage_catalogs import AddCatalogForm, AddToCatalogForm, ProductUsagePlanForm
from pricing.models import UsageCatalog, UsageCatalogRow
from pricing.operations.usage_catalogs import add_usage_rate
from pricing.operations.voice_plans import set_usage_plan
from pricing.queries.errors import PricingError
from pricing.queries.usage_plans import catalog_rows, plan_of_product, usage_rows_of

MOST_ROWS = 200


class UsageRatesPanel(Panel):
    """Rates of usage services as a table, and a new one below it."""

    template_name = "pricing/partials/usage_rates.html"
    permission = "pricing.view_usagecatalog"
    form_permission = "pricing.add_usagecatalogrow"
    submit_label = "Add"
    refusals = (PricingError,)

    def rows(self, obj: Any) -> Iterable[UsageCatalogRow]:
        """Return the rates with catalogue and product at hand."""
        raise NotImplementedError(f"{type(self).__name__} has no rows().")

    def context(self, obj: Any, request: HttpRequest) -> Mapping[str, Any]:
        """Return each rate with the address where it is changed, "" where it may not be."""
        may_change = request.user.has_perm("pricing.change_usagecatalogrow")
        rows = list(self.rows(obj))
        shown = [
            (row, self._address(row) if may_change and row.catalog.used_at is None else "")
            for row in rows[:MOST_ROWS]
        ]
        is_cut = len(rows) > MOST_ROWS
        return {
            "rates": shown,
            "is_cut": is_cut,
            "count": f"{MOST_ROWS}+" if is_cut else len(rows),
            "shows_catalog": isinstance(obj, Product),
        }

    def _address(self, row: UsageCatalogRow) -> str:
        return reverse("pricing:catalog_rate_change", args=[row.catalog.code, row.pk])


class UsageCatalogsPanel(SectionPanel, UsageRatesPanel):
    """A product's page: the usage catalogues it is in, and adding it to another."""

    section = SECTIONS["usage-catalogs"]
    form_class = AddCatalogForm

    def rows(self, obj: Product) -> Iterable[UsageCatalogRow]:
        """Return the product's rates."""
        return usage_rows_of(obj)[: MOST_ROWS + 1]

    def submit(self, obj: Product, request: HttpRequest, form: AddCatalogForm) -> str:
        """Add the product to the catalogue chosen."""
        row = add_usage_rate(form.cleaned_data["catalog"], product=obj, **form.values())
        return f"{obj} is in {row.catalog} now."


class CatalogRatesPanel(UsageRatesPanel):
    """A catalogue's page: its rates."""

    title = "Rates"
    slug = "rates"
    order = 10
    form_class = AddToCatalogForm

    def rows(self, obj: UsageCatalog) -> Iterable[UsageCatalogRow]:
        """Return the catalogue's rates."""
        return catalog_rows(obj)[: MOST_ROWS + 1]

    def submit(self, obj: UsageCatalog, request: HttpRequest, form: AddToCatalogForm) -> str:
        """Add the product chosen."""
        row = add_usage_rate(obj, product=form.cleaned_data["product"], **form.values())
        return f"{row.product} is in {obj} now."


class UsageBillingPanel(SectionPanel):
    """A termed product's page: the tier plan or voice plan that bills its usage."""

    section = SECTIONS["usage-billing"]
    template_name = "pricing/partials/usage_billing.html"
    permission = "pricing.view_productusageplan"
    form_class = ProductUsagePlanForm
    form_permission = "pricing.change_productusageplan"
    refusals = (PricingError,)

    def context(self, obj: Product, request: HttpRequest) -> Mapping[str, Any]:
        """Return the plan there is; one query."""
        chosen = plan_of_product(obj)
        initial = {}
        if chosen is not None:
            initial = {"tier_plan": chosen.tier_plan, "voice_plan": chosen.voice_plan}
        form = self.fresh_form(request, initial=initial)
        return {"chosen": chosen, "count": 1 if chosen else 0, "form": form}

    def submit(self, obj: Product, request: HttpRequest, form: ProductUsagePlanForm) -> str:
        """Set the plan, or take it off."""
        plan = form.plan()
        set_usage_plan(obj, plan)
        if plan is None:
            return f"Usage of {obj} is not billed in addition to its price."
        return f"Usage of {obj} is billed by {plan}."
