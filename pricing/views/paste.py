"""Pasting rates into a plan: a look at what each row becomes, then all of them or none."""

from config.shared.models import RowOutcome
from config.shared.views.form_pages import ActionFormView
from pricing.forms.paste import PasteForm
from pricing.imports.paste import USUAL_HEAD, RowsRefused, apply_pasted, preview_pasted
from pricing.imports.rates import RateResource
from pricing.views.plans import PlanActMixin


class PasteRates(PlanActMixin, ActionFormView):
    """Rows for a plan. The first press shows what they become, the second puts them in."""

    permission_required = ("pricing.add_priceplanrate", "pricing.change_priceplanrate")
    form_class = PasteForm
    template_name = "pricing/paste_rates.html"
    submit_label = "Show what they become"
    narrow = False

    def get_title(self):
        """Name the plan."""
        return f"Paste rates into {self.get_plan()}"

    def form_valid(self, form):
        """Show the rows, or put them in where that was asked."""
        if self.request.POST.get("act") == "apply":
            return super().form_valid(form)
        return self.form_invalid(form)

    def form_invalid(self, form):
        """Show what the rows become, with whatever was refused."""
        rows = self._preview(form) if "rows" in form.cleaned_data else None
        return self.render_to_response(self.get_context_data(form=form, pasted=rows))

    def _preview(self, form):
        try:
            return preview_pasted(self.get_plan(), form.cleaned_data["rows"], by=self.request.user)
        except RowsRefused as refusal:
            if not form.errors:
                form.add_error(refusal.field, str(refusal))
        return None

    def act(self, form):
        """Put all rows in, or none."""
        return apply_pasted(self.get_plan(), form.cleaned_data["rows"], by=self.request.user)

    def get_success_message(self):
        """Say how many rates are new or other."""
        verb = "rate was" if self.result == 1 else "rates were"
        return f"{self.result:,} {verb} put into {self.get_plan()}."

    def get_context_data(self, **kwargs):
        """Add the columns that rows may have, and whether the rows may be put in."""
        pasted = kwargs.get("pasted")
        refused = [row for row in pasted or () if row.outcome == RowOutcome.REJECTED]
        context = {
            "pasted": None,
            "refused_count": len(refused),
            "may_apply": bool(pasted) and not refused,
            "columns": [one for one in RateResource().columns() if one.name != "plan"],
            "usual_head": USUAL_HEAD,
        }
        return super().get_context_data(**{**context, **kwargs})
