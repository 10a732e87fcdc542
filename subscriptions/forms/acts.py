"""Forms of acts on subscriptions: activate, deactivate, cancel, end date, expense."""

from datetime import timedelta
from decimal import Decimal

from django import forms
from django.urls import reverse

from catalog.forms.choosing import BundleChooser
from catalog.models import Product, ServiceType
from config.shared.choosing import ChosenField
from config.shared.forms import RatebookForm
from subscriptions.models import ActionKind, ServiceState
from subscriptions.operations.actions import ActionRequest, ExpenseAddition
from subscriptions.operations.amending import open_components, pieces_chosen
from subscriptions.operations.transitions import next_state

REASONS = (
    "Customer's wish",
    "Moving house",
    "Technical fault",
    "Change of offer",
    "Payment agreed",
    "Operator's decision",
)


def services_for(kind, services):
    """Return those of the services, without components, that an act leads on from."""
    return [
        each
        for each in services
        if each.parent_id is None and next_state(kind, ServiceState(each.state)) is not None
    ]


class ActForm(RatebookForm):
    """What every act asks: on which services, from when, why, and whether providers hear of it.

    `subscription` has its services at hand. A later day schedules the act.
    """

    kind: ActionKind

    services = forms.MultipleChoiceField(
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one service."},
    )
    performed_on = forms.DateField(
        label="From", help_text="A later day: it is noted down and done on that day."
    )
    classification = forms.CharField(
        label="Reason",
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"list": "reasons"}),
    )
    comment = forms.CharField(required=False, max_length=200)
    no_provisioning = forms.BooleanField(required=False, label="Do not send to providers")

    whole_row = ("services",)
    reasons = REASONS

    def __init__(self, *args, subscription, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.subscription, self.today = subscription, today
        self.eligible = services_for(self.kind, subscription.services.all())
        field = self.fields["services"]
        field.choices = [(str(each.pk), _name(each)) for each in self.eligible]
        field.initial = [str(each.pk) for each in self.eligible]
        if not self.eligible:
            del self.fields["services"]
        if "performed_on" in self.fields:
            self.fields["performed_on"].initial = today

    def chosen(self):
        """Return the services that were ticked; empty if that is all of them."""
        wanted = set(self.cleaned_data.get("services", ()))
        found = tuple(each for each in self.eligible if str(each.pk) in wanted)
        return () if len(found) == len(self.eligible) else found

    def request(self, *, by):
        """Return the act that is asked for; one on a later day is scheduled."""
        data = self.cleaned_data
        day = data.get("performed_on", self.today)
        return ActionRequest(
            kind=self.kind,
            performed_on=min(day, self.today),
            scheduled_for=day if day > self.today else None,
            by=by,
            subscription=self.subscription,
            services=self.chosen(),
            classification=data["classification"],
            comment=data["comment"],
            provision=not data.get("no_provisioning", False),
            **self.more(),
        )

    def more(self):
        """Return what only this act asks."""
        return {}


class ActivateForm(ActForm):
    """Open services that are drafts or not effective."""

    kind = ActionKind.ACTIVATE


class DeactivateForm(ActForm):
    """Suspend services."""

    kind = ActionKind.DEACTIVATE
    reopens_on = forms.DateField(
        label="Opens again on", required=False, help_text="Empty: when somebody activates it."
    )
    field_order = ("services", "performed_on", "reopens_on")

    def clean(self):
        """Refuse a re-opening that is not after the suspension."""
        cleaned = super().clean()
        day, again = cleaned.get("performed_on"), cleaned.get("reopens_on")
        if day and again and again <= day:
            self.add_error("reopens_on", "It opens again after the day it is suspended.")
        return cleaned

    def more(self):
        """Return the day of re-opening."""
        return {"reopens_on": self.cleaned_data["reopens_on"]}


class CancelForm(ActForm):
    """End services for good."""

    kind = ActionKind.CANCEL


class EndDateForm(ActForm):
    """Set the last day of services, or take it away."""

    kind = ActionKind.SET_END_DATE
    last_day = forms.DateField(
        label="Last day of service",
        required=False,
        help_text="Empty: takes the end date away.",
    )
    field_order = ("services", "last_day")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        del self.fields["performed_on"], self.fields["no_provisioning"]

    def clean_last_day(self):
        """Refuse a day that is over."""
        day = self.cleaned_data["last_day"]
        if day is not None and day < self.today:
            raise forms.ValidationError("That day is over: cancel the service instead.")
        return day

    def more(self):
        """Return the day after the last."""
        last = self.cleaned_data["last_day"]
        return {"ends_on": last and last + timedelta(days=1)}


class AmendForm(ActForm):
    """Another choice for the flexible bundle `service`."""

    kind = ActionKind.AMEND_BUNDLE

    def __init__(self, *args, service, **kwargs):
        super().__init__(*args, **kwargs)
        self.service = service
        self.fields.pop("services", None)
        self.fields["performed_on"].help_text = "Today or earlier."
        parts = open_components(self.subscription.services.all(), service)
        self.chooser = BundleChooser(
            service.product,
            on=self.today,
            data=self.data if self.is_bound else None,
            chosen=pieces_chosen(service, parts),
        )

    def clean_performed_on(self):
        """Refuse a day that is still to come: an amendment is not noted down."""
        day = self.cleaned_data["performed_on"]
        if day > self.today:
            raise forms.ValidationError("Amend it on that day: this is not noted down.")
        return day

    def chosen(self):
        """Return the bundle."""
        return (self.service,)

    def more(self):
        """Return the choice."""
        return {"choices": self.chooser.choices()}


class AddExpenseForm(RatebookForm):
    """A one-time charge; the field offers the expenses that the subscription takes."""

    product = ChosenField(
        Product.objects.filter(type__service_type=ServiceType.EXPENSE).select_related("type"),
        search="catalog:choose_product",
        label="Expense",
    )
    quantity = forms.DecimalField(
        max_digits=12,
        decimal_places=4,
        min_value=Decimal("0.0001"),
        initial=1,
        error_messages={"min_value": "The quantity is more than 0."},
    )
    comment = forms.CharField(required=False, max_length=200)

    def __init__(self, *args, subscription, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.subscription, self.today = subscription, today
        self.fields["product"].widget.search_url = reverse(
            "subscriptions:choose_expense", args=[subscription.number]
        )

    def request(self, *, by):
        """Return the act that is asked for."""
        data = self.cleaned_data
        return ActionRequest(
            kind=ActionKind.ADD_EXPENSE,
            performed_on=self.today,
            by=by,
            subscription=self.subscription,
            expenses=(ExpenseAddition(data["product"], data["quantity"]),),
            comment=data["comment"],
        )


def _name(service):
    return f"{service.product} ({service.number}, {service.get_state_display().lower()})"
