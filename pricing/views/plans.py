"""Price plans: the list, a plan, and what is done to it."""

from urllib.parse import urlencode

from django.conf import settings
from django.shortcuts import get_object_or_404
from django.urls import reverse, reverse_lazy
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.timezone import localtime

from config.shared.history_panel import HistoryPanel
from config.shared.operations.clock import today
from config.shared.templatetags.ui_tags import days
from config.shared.views.form_pages import (
    ActionFormView,
    ConfirmView,
    RatebookCreateView,
    RatebookUpdateView,
)
from config.shared.views.lists import RatebookListView
from config.shared.views.object_page import Action, Alert, Fact, ObjectPageView
from pricing.filters import PricePlanFilter
from pricing.forms.plans import NewPlanForm, PlanForm
from pricing.models import PlanState, PricePlan
from pricing.operations.plan_comparison import compare_plans
from pricing.operations.plans import (
    clone_plan,
    create_plan,
    delete_plan,
    draft_replacement,
    make_effective,
    replacement_effects,
    take_over,
    update_plan,
)
from pricing.panels.plan_conditions import ConditionalPlansPanel, PlanConditionsPanel
from pricing.panels.plans import PlanNotesPanel, PlanRatesPanel
from pricing.queries.errors import PricingError
from pricing.queries.plans import price_plans
from pricing.tables.plans import PricePlanTable

PARENTS = [("Price plans", reverse_lazy("pricing:plan_list"))]


class PricePlanList(RatebookListView):
    """All price plans."""

    permission_required = "pricing.view_priceplan"
    queryset = price_plans()
    filterset_class = PricePlanFilter
    table_class = PricePlanTable
    title = "Price plans"
    empty_text = "A price plan holds the prices of products in one currency. Make the first one."
    new_action = ("New price plan", "pricing:plan_new", "pricing.add_priceplan")
    import_kind = "price-plans"


class CreatePricePlan(RatebookCreateView):
    """A new price plan, as a draft."""

    permission_required = "pricing.add_priceplan"
    form_class = PlanForm
    model = PricePlan
    parents = PARENTS
    lead = "The plan starts as a draft: add the products with their rates, then make it effective."
    refusals = (PricingError,)

    def act(self, form):
        """Create the plan."""
        self.object = create_plan(**form.plan_fields())
        return self.object


class PlanMixin:
    """A page of the plan that the address names."""

    slug_field = slug_url_kwarg = "code"

    def get_queryset(self):
        """Join what the header shows."""
        return PricePlan.objects.select_related("replaced_by", "base")


class PricePlanDetail(PlanMixin, ObjectPageView):
    """A price plan with its rates."""

    permission_required = "pricing.view_priceplan"
    panel_setting = "PLAN_PANELS"
    own_panels = (
        PlanConditionsPanel,
        PlanRatesPanel,
        ConditionalPlansPanel,
        PlanNotesPanel,
        HistoryPanel,
    )
    tabs = (("overview", "Overview"), ("use", "Where used"), ("history", "History"))

    def get_object(self, queryset=None):
        """Find the plan, and the one it is drafted to replace."""
        plan = super().get_object(queryset)
        self.replaced = plan.replaces.order_by("pk").first()
        return plan

    def get_number(self):
        """Show the code."""
        return self.object.code

    def get_state(self):
        """Show the state."""
        return self.object.state, self.object.get_state_display()

    def get_parents(self):
        """Lead back to the list."""
        return PARENTS

    def get_facts(self):
        """Show currency, validity, use and replacement."""
        plan = self.object
        used = date_format(localtime(plan.used_at)) if plan.used_at else "not used yet"
        facts = [
            Fact("Kind", plan.get_kind_display()),
            *([Fact("Base plan", plan_link(plan.base))] if plan.base else []),
            Fact("Currency", plan.currency),
            Fact("Valid", days(plan.validity) if plan.validity else "always"),
            Fact("Used since", used),
        ]
        if plan.replaced_by:
            is_over = plan.state == PlanState.EXPIRED
            label = "Replaced by" if is_over else "Replacement in preparation"
            facts.append(Fact(label, plan_link(plan.replaced_by)))
        if self.replaced:
            facts.append(Fact("Replaces", plan_link(self.replaced)))
        return facts

    def get_alerts(self):
        """Say what may be changed, and what is still to be done."""
        plan = self.object
        if plan.state == PlanState.EXPIRED:
            return [Alert("This plan has expired; its rates no longer change.", "info")]
        if plan.state == PlanState.DRAFT and self.replaced:
            return [
                Alert(
                    f"Drafted to replace {self.replaced}: change the rates, then let it take over.",
                    "info",
                )
            ]
        if plan.used_at:
            return [
                Alert(
                    "Used: the rates stay as they are. A product that is not in the plan yet can "
                    "be added; to change a price, replace the plan.",
                    "info",
                )
            ]
        return []

    def get_actions(self):
        """Offer what suits the state."""
        plan, change = self.object, "pricing.change_priceplan"
        is_draft = plan.state == PlanState.DRAFT
        actions = []
        if is_draft and self.replaced:
            actions.append(Action("Take over", self.url("take_over"), change, primary=True))
        elif is_draft:
            actions.append(Action("Make effective", self.url("effective"), change, primary=True))
        if plan.state != PlanState.EXPIRED:
            add = "pricing.add_priceplanrate"
            actions.append(Action("Add product", self.url("rate_new"), add, primary=True))
            paste = "pricing.change_priceplanrate"
            actions.append(Action("Paste rates", self.url("rates_paste"), paste))
        if plan.state == PlanState.EFFECTIVE and plan.replaced_by is None:
            actions.append(Action("Replace", self.url("replace"), "pricing.add_priceplan"))
        actions.append(Action("Change plan", self.url("change"), change))
        actions.append(Action("Clone", self.url("clone"), "pricing.add_priceplan"))
        actions.append(Action("Compare", self._compare_url(), "pricing.view_priceplan"))
        preview = reverse(settings.PRICE_PREVIEW, query={"plan": plan.code})
        actions.append(Action("Price preview", preview, "pricing.view_priceplan"))
        if is_draft:
            delete = "pricing.delete_priceplan"
            actions.append(Action("Delete draft", self.url("delete"), delete, group="delete"))
        return actions

    def _compare_url(self):
        """Return the address of the comparison with what a person would look at first."""
        plan = self.object
        other = self.replaced or plan.replaced_by or plan.base
        query = {"old": other.code, "new": plan.code} if other else {"old": plan.code}
        if other is not None and other == plan.replaced_by:
            query = {"old": plan.code, "new": other.code}
        return f"{reverse('pricing:plan_compare')}?{urlencode(query)}"

    def url(self, name):
        """Return the address of an act on the plan."""
        return reverse(f"pricing:plan_{name}", args=[self.object.code])


def plan_link(plan):
    """Return a link to a plan."""
    return format_html('<a href="{}">{}</a>', plan.get_absolute_url(), plan)


class UpdatePricePlan(PlanMixin, RatebookUpdateView):
    """Change a plan's own fields."""

    permission_required = "pricing.change_priceplan"
    form_class = PlanForm
    refusals = (PricingError,)

    def get_parents(self):
        """Lead back to the plan, under the name it has in the database."""
        form_instance = self.object
        return [*PARENTS, (form_instance.name, reverse("pricing:plan_detail", kwargs=self.kwargs))]

    def act(self, form):
        """Change the plan."""
        self.object = update_plan(self.object, **form.plan_fields())
        return self.object


class PlanActMixin(PlanMixin):
    """An act on the plan that the address names."""

    refusals = (PricingError,)

    def get_plan(self):
        """Return the plan; one query."""
        if not hasattr(self, "_plan"):
            self._plan = get_object_or_404(self.get_queryset(), code=self.kwargs["code"])
        return self._plan

    def get_parents(self):
        """Lead back to the plan."""
        plan = self.get_plan()
        return [*PARENTS, (plan.name, plan.get_absolute_url())]


class MakePlanEffective(PlanActMixin, ConfirmView):
    """Let a draft be chosen."""

    permission_required = "pricing.change_priceplan"
    title = "Make effective"
    submit_label = "Make effective"
    lead = "The plan can be put on billing terms then. Its rates may change until its first use."
    danger = False
    success_message = "{result} is effective."

    def act(self, form):
        """Make it effective."""
        return make_effective(self.get_plan())


class ReplacePricePlan(PlanActMixin, ActionFormView):
    """Draft a plan that will take over."""

    permission_required = "pricing.add_priceplan"
    form_class = NewPlanForm
    title = "Replace the plan"
    submit_label = "Draft the replacement"
    success_message = "{result} was drafted: change the rates, then let it take over."

    def get_lead(self):
        """Say what follows."""
        return (
            f"A draft with the rates of {self.get_plan()} is made. Change its rates as you like; "
            "the old plan stays effective until you let the new one take over."
        )

    def act(self, form):
        """Draft the copy."""
        return draft_replacement(self.get_plan(), **form.cleaned_data)

    def get_success_url(self):
        """Go on with the draft."""
        return self.result.get_absolute_url()


class ClonePricePlan(PlanActMixin, ActionFormView):
    """A copy of a plan, whatever its state."""

    permission_required = "pricing.add_priceplan"
    form_class = NewPlanForm
    title = "Clone the plan"
    submit_label = "Clone"
    lead = "A draft with the same rates and conditions is made; it has nothing to do with this one."
    success_message = "{result} was drafted."

    def act(self, form):
        """Draft the copy."""
        return clone_plan(self.get_plan(), **form.cleaned_data)

    def get_success_url(self):
        """Go on with the copy."""
        return self.result.get_absolute_url()


class TakeOverPricePlan(PlanActMixin, ConfirmView):
    """Let a drafted replacement take over today."""

    template_name = "pricing/take_over.html"
    permission_required = "pricing.change_priceplan"
    title = "Take over"
    submit_label = "Take over today"
    danger = False
    success_message = "{result} has taken over."

    def get_old(self):
        """Return the plan that is replaced, None if there is none."""
        return self.get_plan().replaces.order_by("pk").first()

    def get_lead(self):
        """Say what follows."""
        name = self.get_old() or "The old plan"
        return (
            f"{name} expires today, {date_format(today())}, and {self.get_plan()} takes its place. "
            "This cannot be undone."
        )

    def get_context_data(self, **kwargs):
        """Add what will move, what will stay, and how many rates differ."""
        context = super().get_context_data(**kwargs)
        old, new = self.get_old(), self.get_plan()
        if old is None:
            return context
        effects = replacement_effects(old, new)
        rates = compare_plans(old, new)
        differing = sum(not rate.is_same for rate in rates)
        query = urlencode({"old": old.code, "new": new.code})
        return {
            **context,
            "moving": [effect for effect in effects if effect.moves],
            "staying": [effect for effect in effects if not effect.moves],
            "differing": differing,
            "rate_count": len(rates),
            "compare_url": f"{reverse('pricing:plan_compare')}?{query}",
        }

    def act(self, form):
        """Take over."""
        return take_over(self.get_plan(), by=self.request.user, on=today())


class DeletePricePlan(PlanActMixin, ConfirmView):
    """Delete a draft."""

    permission_required = "pricing.delete_priceplan"
    title = "Delete the draft"
    submit_label = "Delete the draft"
    lead = "The plan and its rates are deleted."
    success_message = "The draft was deleted."

    def act(self, form):
        """Delete it."""
        delete_plan(self.get_plan())

    def get_success_url(self):
        """Go back to the list."""
        return reverse("pricing:plan_list")
