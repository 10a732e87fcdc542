"""Usage tier plans: the list, a plan, and trying it."""

from decimal import Decimal

from django.urls import reverse_lazy

from config.shared.history_panel import HistoryPanel
from config.shared.views.form_pages import ActionFormView, RatebookCreateView
from config.shared.views.lists import RatebookListView
from config.shared.views.object_page import Action, Fact
from pricing.filters import TierPlanFilter
from pricing.forms.tier_plans import TierPlanForm, TryTiersForm
from pricing.kernel.money import round_money
from pricing.kernel.usage import price_usage
from pricing.models import TierPlan
from pricing.operations.tier_plans import (
    change_tier_plan,
    clone_tier_plan,
    create_tier_plan,
)
from pricing.operations.usage_records import delete_usage_plan
from pricing.panels.usage_plans import PlanProductsPanel, TierPlanPanel
from pricing.queries.currencies import coin_of
from pricing.queries.errors import PricingError
from pricing.queries.usage_plans import reduced, tier_plans, usage_plan_of
from pricing.tables.usage import TierPlanTable
from pricing.views.usage_records import (
    ChangeRecord,
    CloneRecord,
    DeleteRecord,
    RecordActMixin,
    RecordPage,
)

TOO_MUCH = Decimal(10) ** 14


class TierPlanList(RatebookListView):
    """All tier plans."""

    permission_required = "pricing.view_tierplan"
    queryset = tier_plans()
    filterset_class = TierPlanFilter
    table_class = TierPlanTable
    title = "Tier plans"
    empty_text = (
        "A tier plan says how measured usage becomes an amount: how samples are reduced to one "
        "number, and what that number costs. Make the first one."
    )
    new_action = ("New tier plan", "pricing:tier_plan_new", "pricing.add_tierplan")
    import_kind = "tier-plans"


class TierPlanMixin:
    """Pages of a tier plan."""

    model = TierPlan
    names = "tier_plan"
    list_title = "Tier plans"
    noun = "tier plan"


class CreateTierPlan(RatebookCreateView):
    """A new tier plan with its tiers."""

    permission_required = "pricing.add_tierplan"
    form_class = TierPlanForm
    model = TierPlan
    parents = [("Tier plans", reverse_lazy("pricing:tier_plan_list"))]
    template_name = "pricing/rows_form_page.html"
    refusals = (PricingError,)

    def act(self, form):
        """Create the plan."""
        self.object = create_tier_plan(tiers=form.wanted_rows(), **form.record_fields())
        return self.object


class TierPlanDetail(TierPlanMixin, RecordPage):
    """A tier plan with its tiers and products."""

    permission_required = "pricing.view_tierplan"
    own_panels = (TierPlanPanel, PlanProductsPanel, HistoryPanel)

    def get_facts(self):
        """Show style and currency too."""
        plan = self.object
        return [
            Fact("Style", plan.get_style_display()),
            Fact("Currency", plan.currency),
            *super().get_facts(),
        ]

    def get_actions(self):
        """Offer to try it."""
        return [Action("Try it", self.url("try"), primary=True), *super().get_actions()]


class ChangeTierPlan(TierPlanMixin, ChangeRecord):
    """Change a tier plan."""

    permission_required = "pricing.change_tierplan"
    form_class = TierPlanForm
    template_name = "pricing/rows_form_page.html"

    def get_form_kwargs(self):
        """Start from the tiers as they are."""
        tiers = () if self.object.used_at else self.object.tiers.order_by("position")
        return {**super().get_form_kwargs(), "tiers": list(tiers)}

    def act(self, form):
        """Change the plan."""
        self.object = change_tier_plan(
            self.object, tiers=form.wanted_rows(), **form.record_fields()
        )
        return self.object


class CloneTierPlan(TierPlanMixin, CloneRecord):
    """A copy of a tier plan."""

    permission_required = "pricing.add_tierplan"
    clone = staticmethod(clone_tier_plan)


class DeleteTierPlan(TierPlanMixin, DeleteRecord):
    """Delete a tier plan."""

    permission_required = "pricing.delete_tierplan"
    delete = staticmethod(delete_usage_plan)


class TryTierPlan(TierPlanMixin, RecordActMixin, ActionFormView):
    """What an amount, or samples, would cost. Nothing is stored."""

    permission_required = "pricing.view_tierplan"
    form_class = TryTiersForm
    template_name = "pricing/try_tier_plan.html"
    submit_label = "Work it out"
    narrow = False

    def get_title(self):
        """Name the plan."""
        return f"Try {self.get_record()}"

    def form_valid(self, form):
        """Show the price with its shares below the form."""
        plan, data = self.get_record(), form.cleaned_data
        samples = data["samples"]
        units = reduced(plan, samples) if samples else data["amount"]
        price = price_usage(
            usage_plan_of(plan), units, highest_tier=(data["highest_tier"] or 1) - 1
        )
        if price.amount >= TOO_MUCH:
            form.add_error(None, "This comes to more than a bill can hold.")
            return self.form_invalid(form)
        result = {
            "samples": len(samples),
            "units": units,
            "price": price,
            "free": min(units, plan.free_units),
            "shares": [(share.tier + 1, share) for share in price.shares],
            "rounded": round_money(price.amount, coin_of(plan.currency)),
        }
        return self.render_to_response(self.get_context_data(form=form, result=result))

    def get_context_data(self, **kwargs):
        """Add the plan."""
        return super().get_context_data(**{"plan": self.get_record(), "result": None, **kwargs})
