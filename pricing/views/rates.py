"""A rate of a plan on a page of its own, with its phases and tiers."""

from django.http import Http404

from config.shared.views.form_pages import ActionFormView, ConfirmView
from pricing.forms.rates import RateForm, rate_initial, tiers_initial
from pricing.operations.plans import add_rate, change_rate, remove_rate
from pricing.queries.plans import priced_products, rates_of_plan
from pricing.views.plans import PlanActMixin


class RatePageMixin(PlanActMixin):
    """The form of a whole rate."""

    form_class = RateForm
    template_name = "pricing/rate_form.html"
    narrow = False


class AddRate(RatePageMixin, ActionFormView):
    """Add a product to a plan."""

    permission_required = "pricing.add_priceplanrate"
    title = "Add product"
    submit_label = "Add product"
    success_message = "{result.product} is in the plan now."

    def get_lead(self):
        """Say what a used plan takes."""
        if self.get_plan().used_at is None:
            return ""
        return (
            "The plan has been used: it takes products that are not in it yet, and their rates "
            "stay as they are."
        )

    def get_form(self, form_class=None):
        """Offer a used plan the products that are not in it."""
        form = super().get_form(form_class)
        plan = self.get_plan()
        if plan.used_at is not None and not form.is_bound:
            form.fields["product"].queryset = priced_products().exclude(rates__plan=plan)
        return form

    def act(self, form):
        """Add the rate."""
        return add_rate(self.get_plan(), **form.rate())


class RateActMixin(PlanActMixin):
    """An act on a rate of the plan that the address names."""

    def get_rate(self):
        """Return the rate with its phases."""
        if not hasattr(self, "_rate"):
            self._rate = rates_of_plan(self.get_plan()).filter(pk=self.kwargs["pk"]).first()
            if self._rate is None:
                raise Http404("No such rate in this plan.")
        return self._rate


class ChangeRate(RateActMixin, RatePageMixin, ActionFormView):
    """Change a rate of a plan that has not been used."""

    permission_required = "pricing.change_priceplanrate"
    submit_label = "Save"
    success_message = "The rate of {result.product} was saved."

    def get_title(self):
        """Name the product."""
        return f"Rate of {self.get_rate().product}"

    def get_initial(self):
        """Start from the rate as it is."""
        return rate_initial(self.get_rate())

    def get_form_kwargs(self):
        """Leave room for all its phases, and start from its tiers."""
        rate = self.get_rate()
        return {
            **super().get_form_kwargs(),
            "phase_count": len(rate.phases.all()),
            "rows_initial": tiers_initial(rate),
        }

    def act(self, form):
        """Change the rate."""
        return change_rate(self.get_rate(), **form.rate())


class RemoveRate(RateActMixin, ConfirmView):
    """Take a rate out of a plan that has not been used."""

    permission_required = "pricing.delete_priceplanrate"
    title = "Remove the rate"
    submit_label = "Remove"
    success_message = "The rate was removed."

    def get_lead(self):
        """Say what follows."""
        return f"{self.get_rate().product} has no price in {self.get_plan()} any more."

    def act(self, form):
        """Remove it."""
        remove_rate(self.get_rate())
