"""Additive discounts: the list, a discount, and what is done to one."""

from django.urls import reverse_lazy

from config.shared.history_panel import HistoryPanel
from config.shared.operations.clock import today
from config.shared.templatetags.ui_tags import day
from config.shared.views.choices import ChoicesView
from config.shared.views.form_pages import ConfirmView, RatebookCreateView
from config.shared.views.lists import RatebookListView
from config.shared.views.object_page import Action, Fact
from pricing.filters import DiscountFilter
from pricing.forms.discounts import DiscountForm
from pricing.models import AdditiveDiscount, DiscountState
from pricing.operations.discounts import (
    change_discount,
    create_discount,
    delete_discount,
    draft_version,
    end_discount,
    make_discount_effective,
    parts_of,
)
from pricing.panels.discounts import DiscountCriteria, DiscountMain
from pricing.queries.discount_words import discount_text
from pricing.queries.discounts import discounts, discounts_to_give
from pricing.queries.errors import PricingError
from pricing.tables.discounts import DiscountTable
from pricing.views.usage_records import (
    ChangeRecord,
    CloneRecord,
    DeleteRecord,
    RecordActMixin,
    RecordPage,
)


class DiscountList(RatebookListView):
    """All discounts."""

    permission_required = "pricing.view_additivediscount"
    queryset = discounts()
    filterset_class = DiscountFilter
    table_class = DiscountTable
    title = "Discounts"
    empty_text = (
        "A discount is taken off what price plans ask: by itself where its criteria hold, or "
        "given by hand. Make the first one."
    )
    new_action = ("New discount", "pricing:discount_new", "pricing.add_additivediscount")
    import_kind = "discounts"


class DiscountMixin:
    """Pages of a discount."""

    model = AdditiveDiscount
    names = "discount"
    list_title = "Discounts"
    noun = "discount"
    joined = ("replaced_by",)


class CreateDiscount(RatebookCreateView):
    """A new discount, as a draft."""

    permission_required = "pricing.add_additivediscount"
    form_class = DiscountForm
    model = AdditiveDiscount
    title = "New discount"
    parents = [("Discounts", reverse_lazy("pricing:discount_list"))]
    template_name = "pricing/discount_form.html"
    refusals = (PricingError,)

    def act(self, form):
        """Draft the discount."""
        self.object = create_discount(parts=form.parts(), **form.record_fields())
        return self.object


class DiscountDetail(DiscountMixin, RecordPage):
    """A discount with its criteria, and what upper apps know of it."""

    permission_required = "pricing.view_additivediscount"
    own_panels = (DiscountMain, DiscountCriteria, HistoryPanel)
    panel_setting = "DISCOUNT_PANELS"
    tabs = (("overview", "Overview"), ("use", "Where used"), ("history", "History"))
    frozen_text = "Given: it stays as it is. To change it, make a new version."

    def get_state(self):
        """Show the state."""
        return self.object.state, self.object.get_state_display()

    def get_facts(self):
        """Show what it gives, and since when."""
        discount = self.object
        facts = [
            Fact("Gives", discount_text(discount)),
            Fact("Given", discount.get_application_display().lower()),
        ]
        if discount.effective_on:
            facts.append(Fact("Effective since", day(discount.effective_on)))
        if discount.ended_on:
            facts.append(Fact("Ended on", day(discount.ended_on)))
        return facts

    def get_actions(self):
        """Offer what its state allows."""
        discount, change = self.object, self.permission("change")
        actions = [Action("Change", self.url("change"), change)]
        if discount.state == DiscountState.DRAFT:
            actions.insert(0, Action("Make effective", self.url("effective"), change, primary=True))
        elif discount.replaced_by is None:
            actions.append(Action("New version", self.url("version"), self.permission("add")))
        if discount.state == DiscountState.EFFECTIVE:
            actions.append(Action("End", self.url("end"), change, group="delete"))
        if discount.used_at is None:
            delete = self.permission("delete")
            actions.append(Action("Delete", self.url("delete"), delete, group="delete"))
        return actions


class ChangeDiscount(DiscountMixin, ChangeRecord):
    """Change a discount; of one that has been given, what names it."""

    permission_required = "pricing.change_additivediscount"
    form_class = DiscountForm
    template_name = "pricing/discount_form.html"

    def get_form_kwargs(self):
        """Start from the lists as they are."""
        parts = None if self.object.used_at else parts_of(self.object)
        return {**super().get_form_kwargs(), "parts": parts}

    def act(self, form):
        """Change the discount."""
        self.object = change_discount(self.object, parts=form.parts(), **form.record_fields())
        return self.object


class NewVersion(DiscountMixin, CloneRecord):
    """A draft that takes a discount's place."""

    permission_required = "pricing.add_additivediscount"
    clone = staticmethod(draft_version)
    submit_label = "Draft the new version"
    success_message = "{result} was drafted. Made effective, it takes the place of the old one."

    def get_title(self):
        """Name the old one."""
        return f"New version of {self.get_record()}"

    def get_lead(self):
        """Say what becomes of the old one."""
        return (
            "A copy is drafted, to be changed as you like. Once it is made effective the old one "
            "ends; who was given that by hand keeps it."
        )


class MakeEffective(DiscountMixin, RecordActMixin, ConfirmView):
    """Let a discount be given from today on."""

    permission_required = "pricing.change_additivediscount"
    submit_label = "Make effective"
    danger = False

    def get_title(self):
        """Name it."""
        return f"Make {self.get_record()} effective"

    def get_lead(self):
        """Say what follows."""
        discount = self.get_record()
        if discount.application == "AD_HOC":
            return f"{discount_text(discount)}: it can be given from today on."
        return (
            f"{discount_text(discount)}: billing takes it off by itself, from charges that begin "
            "today or later."
        )

    def get_success_message(self):
        """Say what was done."""
        return f"{self.get_record()} is effective."

    def act(self, form):
        """Make it effective."""
        return make_discount_effective(self.get_record(), on=today())


class EndDiscount(DiscountMixin, RecordActMixin, ConfirmView):
    """Give a discount no more."""

    permission_required = "pricing.change_additivediscount"
    submit_label = "End it"

    def get_title(self):
        """Name it."""
        return f"End {self.get_record()}"

    def get_lead(self):
        """Say what follows."""
        if self.get_record().application == "AD_HOC":
            return "From today on it cannot be given any more. Who has it keeps it."
        return "Charges that begin today or later go without it."

    def get_success_message(self):
        """Say what was done."""
        return f"{self.get_record()} has ended."

    def act(self, form):
        """End it."""
        return end_discount(self.get_record(), on=today())


class DeleteDiscount(DiscountMixin, DeleteRecord):
    """Delete a discount that has never been given."""

    permission_required = "pricing.delete_additivediscount"
    delete = staticmethod(delete_discount)


class ChooseDiscount(ChoicesView):
    """Discounts; with `?for=giving` those that may be given by hand today."""

    permission_required = "pricing.view_additivediscount"

    def get_queryset(self):
        """Return those asked for."""
        if self.request.GET.get("for") == "giving":
            return discounts_to_give(on=today())
        return AdditiveDiscount.objects.order_by("name", "id")
