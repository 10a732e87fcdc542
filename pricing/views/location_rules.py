"""Location rules: which tax codes hold where a service is taken."""

from datetime import timedelta

from django.contrib import messages
from django.urls import reverse, reverse_lazy

from config.shared.history_panel import HistoryPanel
from config.shared.operations.clock import today
from config.shared.views.form_pages import ActionFormView
from config.shared.views.lists import RatebookListView
from config.shared.views.object_page import Action, Fact, ObjectPageView
from pricing.filters import LocationRuleFilter
from pricing.forms.tax_places import EndForm, LocationRuleForm
from pricing.models import LocationRule
from pricing.operations.tax_places import add_location_rule, end_location_rule
from pricing.queries.errors import PricingError
from pricing.queries.tax_places import (
    codes_by_name,
    has_default_rule,
    is_last_default,
    location_rules,
)
from pricing.tables.taxes import LocationRuleTable

ADD_DEFAULT = (
    "accounts that no rule fits cannot be billed. Add a rule without country, postal code and tax "
    "region"
)
PARENTS = [("Location rules", reverse_lazy("pricing:location_rule_list"))]


class LocationRuleList(RatebookListView):
    """All location rules, in the order in which they are asked."""

    permission_required = "pricing.view_locationrule"
    queryset = location_rules()
    filterset_class = LocationRuleFilter
    table_class = LocationRuleTable
    title = "Location rules"
    empty_text = (
        "Without location rules every product takes the taxes it has. A rule says which tax codes "
        "hold in a country, a postal area or a tax region; the first that fits is taken."
    )
    new_action = ("New location rule", "pricing:location_rule_new", "pricing.add_locationrule")
    import_kind = "location-rules"


class NoDefaultRule(PricingError):
    """Places would be left without a rule, and nobody has said that this is meant."""

    field = "anyway"


class LeavesPlacesMixin:
    """An act that may leave places without a rule: it asks for a tick, and says so afterwards."""

    refusals = (PricingError,)
    leaves_places = False

    def ask_if(self, leaves_places, form):
        """Refuse what leaves places without a rule until that is ticked."""
        self.leaves_places = leaves_places
        if leaves_places and not form.cleaned_data["anyway"]:
            form.ask_again()
            raise NoDefaultRule(f"This leaves no rule for all other places: {ADD_DEFAULT} first.")

    def get_success_message(self):
        """Say what was done, and what is missing."""
        done = super().get_success_message()
        if not self.leaves_places:
            return done
        return f"{done} There is no rule for all other places: {ADD_DEFAULT}."

    def get_message_level(self):
        """Warn where places are left without a rule."""
        return messages.WARNING if self.leaves_places else super().get_message_level()


class AddLocationRule(LeavesPlacesMixin, ActionFormView):
    """A new location rule."""

    permission_required = "pricing.add_locationrule"
    form_class = LocationRuleForm
    title = "New location rule"
    submit_label = "Add rule"
    narrow = False
    success_message = "{result} was added."

    def get_parents(self):
        """Lead back to the list."""
        return PARENTS

    def get_form_kwargs(self):
        """Offer all tax codes, from today."""
        return {
            **super().get_form_kwargs(),
            "initial": {"starts_on": today(), "position": 100},
            "tax_codes": codes_by_name(),
        }

    def act(self, form):
        """Add it; ask for a tick before places are left without a rule."""
        starts_on = form.cleaned_data["starts_on"]
        self.ask_if(not form.is_default and not has_default_rule(on=starts_on), form)
        return add_location_rule(**form.rule(), on=today())


class LocationRuleDetail(ObjectPageView):
    """A location rule."""

    permission_required = "pricing.view_locationrule"
    queryset = location_rules()
    model = LocationRule
    own_panels = (HistoryPanel,)
    tabs = (("overview", "Overview"),)

    def get_parents(self):
        """Lead back to the list."""
        return PARENTS

    def get_facts(self):
        """Show the place and its taxes."""
        rule = self.object
        return [
            Fact("Position", rule.position),
            Fact("Country", rule.country or "any"),
            Fact("Postal code", f"{rule.postal_prefix}…" if rule.postal_prefix else "any"),
            Fact("Tax region", rule.tax_region or "any"),
            Fact("Taxes", ", ".join(str(code) for code in rule.codes.all())),
        ]

    def get_actions(self):
        """Offer to end it."""
        address = reverse("pricing:location_rule_end", args=[self.object.pk])
        return [Action("End…", address, "pricing.change_locationrule")]


class EndLocationRule(LeavesPlacesMixin, ActionFormView):
    """The last day of a location rule."""

    permission_required = "pricing.change_locationrule"
    form_class = EndForm
    submit_label = "End rule"
    success_message = "The rule was ended."
    lead = "Documents posted later take the next rule that fits."

    def get_rule(self):
        """Return the rule that the address names."""
        return LocationRule.objects.get(pk=self.kwargs["pk"])

    def get_title(self):
        """Name the rule."""
        return f"End {self.get_rule()}"

    def get_parents(self):
        """Lead back to the rule."""
        rule = self.get_rule()
        return [*PARENTS, (rule.name, rule.get_absolute_url())]

    def act(self, form):
        """End it; ask for a tick before places are left without a rule."""
        rule, ends_on = self.get_rule(), form.cleaned_data["ends_on"]
        self.ask_if(is_last_default(rule, on=ends_on + timedelta(days=1)), form)
        end_location_rule(rule, ends_on=ends_on, on=today())

    def get_success_url(self):
        """Go to the list: a rule that had not begun is gone."""
        return reverse("pricing:location_rule_list")
