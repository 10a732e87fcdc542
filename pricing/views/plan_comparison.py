"""Two price plans side by side."""

from django.contrib.auth.mixins import PermissionRequiredMixin
from django.urls import reverse_lazy
from django.views.generic import TemplateView

from config.shared.imports.writers import download
from pricing.forms.plans import ComparePlansForm
from pricing.operations.plan_comparison import AS_IN_BASE, compare_plans

MOST_RATES = 500
UNCHANGED = ("same", AS_IN_BASE)


class ComparePlans(PermissionRequiredMixin, TemplateView):
    """What two plans ask for each product; those that differ, or all."""

    permission_required = "pricing.view_priceplan"
    template_name = "pricing/plan_compare.html"

    def get(self, request, *args, **kwargs):
        """Show the rates, or export all of them."""
        self.form = ComparePlansForm(request.GET if "new" in request.GET else None)
        if not self.form.is_bound and "old" in request.GET:
            self.form = ComparePlansForm(initial={"old": request.GET["old"]})
        if request.GET.get("export") in ("csv", "xlsx") and self.form.is_valid():
            return self.export(request.GET["export"])
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        """Return the rates with how many there are of each kind."""
        context = {
            **super().get_context_data(**kwargs),
            "title": "Compare price plans",
            "parents": [("Price plans", reverse_lazy("pricing:plan_list"))],
            "form": self.form,
        }
        if not self.form.is_bound or not self.form.is_valid():
            return context
        data = self.form.cleaned_data
        rates = compare_plans(data["old"], data["new"])
        counts = dict.fromkeys(("changed", "added", "gone", "same"), 0)
        for rate in rates:
            counts[rate.what] = counts.get(rate.what, 0) + 1
        shown = rates if data["every"] else [rate for rate in rates if rate.what not in UNCHANGED]
        return {
            **context,
            "old": data["old"],
            "new": data["new"],
            "counts": ", ".join(f"{count:,} {what}" for what, count in counts.items()),
            "rates": shown[:MOST_RATES],
            "more": max(len(shown) - MOST_RATES, 0),
        }

    def export(self, file_format):
        """Return all rates as a file."""
        data = self.form.cleaned_data
        old, new = data["old"], data["new"]
        head = [
            *("Product", "Name", "Component of", "What"),
            *(f"{old.code} {old.currency}", f"{new.code} {new.currency}", "Difference"),
            *(f"{old.code} in full", f"{new.code} in full"),
        ]
        rows = (
            (
                rate.product.code,
                rate.product.name,
                rate.bundle.code if rate.bundle else "",
                rate.what,
                "" if rate.old_amount is None else rate.old_amount,
                "" if rate.new_amount is None else rate.new_amount,
                "" if rate.difference is None else rate.difference,
                "; ".join(rate.old),
                "; ".join(rate.new),
            )
            for rate in compare_plans(old, new)
        )
        return download(rows, head=head, name="price-plans", file_format=file_format)
