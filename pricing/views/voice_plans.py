"""Voice plans: the list, a plan, and a call to try on its page."""

from django.urls import reverse_lazy
from django.utils.html import format_html

from config.shared.history_panel import HistoryPanel
from config.shared.views.form_pages import RatebookCreateView
from config.shared.views.lists import RatebookListView
from config.shared.views.object_page import Alert, Fact
from pricing.filters import VoicePlanFilter
from pricing.forms.voice_plans import VoicePlanForm
from pricing.models import VoicePlan
from pricing.operations.usage_records import delete_usage_plan
from pricing.operations.voice_plans import (
    change_voice_plan,
    clone_voice_plan,
    create_voice_plan,
)
from pricing.panels.usage_plans import PlanProductsPanel, TryCallPanel, VoicePlanPanel
from pricing.queries.errors import PricingError
from pricing.queries.usage_plans import classes_of, voice_plans
from pricing.tables.usage import VoicePlanTable
from pricing.views.usage_records import ChangeRecord, CloneRecord, DeleteRecord, RecordPage


class VoicePlanList(RatebookListView):
    """All voice plans."""

    permission_required = "pricing.view_voiceplan"
    queryset = voice_plans()
    filterset_class = VoicePlanFilter
    table_class = VoicePlanTable
    title = "Voice plans"
    empty_text = (
        "A voice plan says which calls the price of a service covers and what the others cost. "
        "It needs a rate deck: make that first."
    )
    new_action = ("New voice plan", "pricing:voice_plan_new", "pricing.add_voiceplan")
    import_kind = "voice-plans"


class VoicePlanMixin:
    """Pages of a voice plan."""

    model = VoicePlan
    names = "voice_plan"
    list_title = "Voice plans"
    noun = "voice plan"
    joined = ("deck",)


class CreateVoicePlan(RatebookCreateView):
    """A new voice plan with its classes."""

    permission_required = "pricing.add_voiceplan"
    form_class = VoicePlanForm
    model = VoicePlan
    parents = [("Voice plans", reverse_lazy("pricing:voice_plan_list"))]
    template_name = "pricing/rows_form_page.html"
    refusals = (PricingError,)

    def act(self, form):
        """Create the plan."""
        self.object = create_voice_plan(classes=form.wanted_rows(), **form.record_fields())
        return self.object


class VoicePlanDetail(VoicePlanMixin, RecordPage):
    """A voice plan with its classes and products, and a call to try."""

    permission_required = "pricing.view_voiceplan"
    own_panels = (VoicePlanPanel, TryCallPanel, PlanProductsPanel, HistoryPanel)

    def get_facts(self):
        """Show deck and currency too."""
        deck = self.object.deck
        link = format_html('<a href="{}">{}</a>', deck.get_absolute_url(), deck)
        return [Fact("Rate deck", link), Fact("Currency", deck.currency), *super().get_facts()]

    def get_alerts(self):
        """Say that calls are not billed."""
        alerts = super().get_alerts()
        if self.object.do_not_bill:
            alerts.append(Alert("Do not bill: calls are rated and shown, but not billed."))
        return alerts


class ChangeVoicePlan(VoicePlanMixin, ChangeRecord):
    """Change a voice plan."""

    permission_required = "pricing.change_voiceplan"
    form_class = VoicePlanForm
    template_name = "pricing/rows_form_page.html"

    def get_form_kwargs(self):
        """Start from the classes as they are."""
        classes = () if self.object.used_at else classes_of(self.object)
        return {**super().get_form_kwargs(), "classes": list(classes)}

    def act(self, form):
        """Change the plan."""
        self.object = change_voice_plan(
            self.object, classes=form.wanted_rows(), **form.record_fields()
        )
        return self.object


class CloneVoicePlan(VoicePlanMixin, CloneRecord):
    """A copy of a voice plan."""

    permission_required = "pricing.add_voiceplan"
    clone = staticmethod(clone_voice_plan)


class DeleteVoicePlan(VoicePlanMixin, DeleteRecord):
    """Delete a voice plan."""

    permission_required = "pricing.delete_voiceplan"
    delete = staticmethod(delete_usage_plan)
