"""Rates as pricing shows them on the pages of products and plans."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import uuid4

from django.http import HttpRequest

from catalog.models import Product
from catalog.panels.sections import SECTIONS, SectionPanel
from config.shared.panels import Panel
from config.shared.views.object_page import Alert
from pricing.forms.rate_lines import RateLineForm
from pricing.kernel.rates import RECURRING_BASES
from pricing.models import PlanState, PricePlan, PricePlanRate
from pricing.operations.plans import add_rate, change_rate, remove_rate
from pricing.operations.rate_checks import WrongAmount, usual_basis
from pricing.queries.errors import PricingError
from pricing.queries.fee_prices import parents_without_price
from pricing.queries.plans import (
    bundles,
    bundles_with,
    plans_that_take,
    priced_products,
    rates_of_plan,
    rates_of_product,
)


def is_editable(plan: PricePlan) -> bool:
    """Return whether the rates of a plan may change: neither used nor expired."""
    return plan.used_at is None and plan.state != PlanState.EXPIRED


class RateLinesPanel(Panel):
    """Rates as lines that are changed in place, and a new one below them."""

    template_name = "pricing/partials/rate_lines.html"
    permission = "pricing.view_priceplan"
    form_class = RateLineForm
    form_permission = "pricing.change_priceplanrate"
    submit_label = "Add"
    refusals = (PricingError,)

    def rates(self, obj: Any) -> Iterable[PricePlanRate]:
        """Return the rates with plan, product, bundle and phases at hand."""
        raise NotImplementedError

    def context(self, obj: Any, request: HttpRequest) -> Mapping[str, Any]:
        """Return a line for each rate, with a form where it may be changed."""
        may_submit = self.may_submit(request)
        form = self.fresh_form(request, **self.form_kwargs(obj, request)) if may_submit else None
        lines = [
            {
                "rate": rate,
                "form": RateLineForm(rate=rate, prefix=self.slug)
                if may_submit and is_editable(rate.plan)
                else None,
                "token": uuid4(),
            }
            for rate in self.rates(obj)
        ]
        return {"lines": lines, "count": len(lines), "form": form, "add_form": form}

    def submit(self, obj: Any, request: HttpRequest, form: RateLineForm) -> str:
        """Change or remove the rate that was sent, or add a new one."""
        if form.row_pk is None:
            rate = self.add(obj, form)
            return f"{rate.product} is in {rate.plan} now."
        sent = next((one for one in self.rates(obj) if one.pk == form.row_pk), None)
        if sent is None:
            raise PricingError("The rate is not there any more.")
        if request.POST.get(f"{self.slug}-act") == "remove":
            remove_rate(sent)
            return f"{sent.product} was taken out of {sent.plan}."
        change_rate(sent, **_changes(sent, form))
        return f"The rate of {sent.product} in {sent.plan} was saved."

    def add(self, obj: Any, form: RateLineForm) -> PricePlanRate:
        """Add the new line."""
        raise NotImplementedError


def _changes(rate: PricePlanRate, form: RateLineForm) -> dict[str, Any]:
    """Return what a line may change: not the amounts of phases, nor the period of one payment."""
    changes = form.price()
    if not rate.tiered and form.cleaned_data["base_amount"] is None:
        raise WrongAmount("Give an amount; 0 is one.")
    left_out = {"base_amount"} if rate.tiered else set()
    if rate.tiered or rate.is_once:
        left_out.add("per")
    if rate.is_once:
        left_out.add("setup_fee")
    return {name: value for name, value in changes.items() if name not in left_out}


class PricePlansPanel(SectionPanel, RateLinesPanel):
    """A product's page: the plans it is in, and adding it to another."""

    section = SECTIONS["price-plans"]

    def alerts(self, obj: Product, request: HttpRequest) -> Iterable[Alert]:
        """Say what cannot be sold because this fee has no price; one query where it is none."""
        return [Alert(text) for text in parents_without_price(obj)]

    def rates(self, obj: Product) -> Iterable[PricePlanRate]:
        """Return the product's rates."""
        return rates_of_product(obj)

    def context(self, obj: Product, request: HttpRequest) -> Mapping[str, Any]:
        """Return the lines, told apart by plan."""
        return {**super().context(obj, request), "shows_plan": True}

    def form_kwargs(self, obj: Product, request: HttpRequest) -> dict[str, Any]:
        """Offer the plans that take the product, and the bundles it is a component of."""
        return {
            "choices": {"plan": plans_that_take(obj)},
            "bundle_choices": bundles_with(obj),
            "is_once": usual_basis(obj) not in RECURRING_BASES,
        }

    def add(self, obj: Product, form: RateLineForm) -> PricePlanRate:
        """Add the product to the plan chosen."""
        data = form.cleaned_data
        return add_rate(
            data["plan"],
            product=obj,
            bundle=data.get("bundle"),
            basis=usual_basis(obj),
            **form.price(),
        )


class PlanRatesPanel(RateLinesPanel):
    """A plan's page: its rates."""

    title = "Rates"
    slug = "rates"
    order = 10

    def rates(self, obj: PricePlan) -> Iterable[PricePlanRate]:
        """Return the plan's rates."""
        return rates_of_plan(obj)

    def context(self, obj: PricePlan, request: HttpRequest) -> Mapping[str, Any]:
        """Return the lines, told apart by product."""
        return {**super().context(obj, request), "shows_plan": False}

    def form_kwargs(self, obj: PricePlan, request: HttpRequest) -> dict[str, Any]:
        """Offer the products that can be priced, and the bundles."""
        products = priced_products()
        if obj.used_at is not None:
            products = products.exclude(rates__plan=obj)
        return {"choices": {"product": products}, "bundle_choices": bundles()}

    def add(self, obj: PricePlan, form: RateLineForm) -> PricePlanRate:
        """Add the product chosen."""
        data = form.cleaned_data
        return add_rate(
            obj,
            product=data["product"],
            bundle=data.get("bundle"),
            basis=usual_basis(data["product"]),
            **form.price(),
        )


class PlanNotesPanel(Panel):
    """A plan's page: what it is for."""

    title = "Notes"
    slug = "notes"
    order = 20
    template_name = "pricing/partials/plan_notes.html"

    def suits(self, obj: PricePlan) -> bool:
        """Return whether there is something to read."""
        return bool(obj.description)
