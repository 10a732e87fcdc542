"""The form that configures what is added for a user."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from django import forms

from catalog.forms.choosing import BundleChooser
from catalog.models import Composition, Product, ServiceType
from config.shared.forms import RatebookForm
from subscriptions.models import ActionKind, Frequency
from subscriptions.operations.actions import ActionRequest, Addition
from subscriptions.operations.adding import request_for_user

OWN_PRICE = ("price_override", "override_reason")
# Another subscription may have other prices and frequencies: htmx fetches the steps anew.
RELOAD_STEPS = {
    "hx-post": "",
    "hx-target": "#steps",
    "hx-swap": "outerHTML",
    "hx-trigger": "change consume",
    "hx-vals": '{"preview": "yes"}',
}


class AddServiceForm(RatebookForm):
    """Quantity, days, subscription and price of a product or sales bundle.

    `item` is what was picked, `places` where it can go. A place that is left out is chosen as
    adding to a user does. Neither account class nor technology is looked at.
    """

    item_key = forms.CharField(widget=forms.HiddenInput)
    quantity = forms.DecimalField(
        max_digits=12,
        decimal_places=4,
        min_value=Decimal("0.0001"),
        initial=1,
        error_messages={"min_value": "The quantity is more than 0."},
    )
    starts_on = forms.DateField(
        label="Start", required=False, help_text="A later day: it opens by itself."
    )
    last_day = forms.DateField(
        label="Last day", required=False, help_text="Empty: until it is cancelled."
    )
    draft = forms.BooleanField(required=False, label="Draft: wait for an activation")
    onto = forms.ChoiceField(label="Subscription", required=False)
    frequency = forms.ChoiceField(choices=Frequency, required=False, label="Billed")
    price_override = forms.DecimalField(
        label="Own price",
        required=False,
        min_value=0,
        max_digits=24,
        decimal_places=10,
        help_text="In place of the plan's price, before tax.",
    )
    override_reason = forms.CharField(label="Reason for it", required=False, max_length=200)
    comment = forms.CharField(required=False, max_length=200)
    no_provisioning = forms.BooleanField(required=False, label="Do not send to providers")

    whole_row = ("onto",)
    form_sections = [
        ("", ["quantity", "starts_on", "last_day", "draft"]),
        ("", ["onto", "frequency"]),
        ("", ["price_override", "override_reason"]),
        ("", ["comment", "no_provisioning"]),
    ]

    def __init__(self, *args, item, places, today, may_override, **kwargs):
        super().__init__(*args, **kwargs)
        self.item, self.places, self.today = item, places, today
        self.chooser = None
        if isinstance(item, Product) and item.type.composition == Composition.FLEXIBLE_BUNDLE:
            self.chooser = BundleChooser(item, on=today, data=self.data if self.is_bound else None)
        self.fields["starts_on"].initial = today
        self._offer_places()
        self._offer_frequencies()
        is_product = isinstance(item, Product)
        if not (may_override and is_product):
            self._leave_out(*OWN_PRICE)
        if is_product and item.type.service_type == ServiceType.EXPENSE:
            self._leave_out("starts_on", "last_day", "draft")

    def _leave_out(self, *names):
        for name in names:
            del self.fields[name]

    def _offer_places(self):
        if not self.places:
            self._leave_out("onto")
            return
        field = self.fields["onto"]
        own = [(each.key, each.label) for each in self.places if each.subscription is not None]
        new = [(each.key, each.label) for each in self.places if each.subscription is None]
        choices = []
        if own:
            choices.append(("Subscriptions of this user", own))
        if new:
            choices.append(("New subscription", new))
        field.choices = choices
        keys = [each.key for each in self.places]
        asked = self.initial.get("onto")
        self.initial["onto"] = asked if asked in keys else keys[0]
        field.widget.attrs |= RELOAD_STEPS

    def _offer_frequencies(self):
        place, field = self.place, self.fields["frequency"]
        if place is None or place.subscription is not None or len(place.scheme.frequencies) < 2:
            self._leave_out("frequency")
            return
        field.widget.choices = [(each, Frequency(each).label) for each in place.scheme.frequencies]
        field.initial = place.scheme.default_frequency
        if self.is_bound and self.data.get("frequency") not in place.scheme.frequencies:
            self.data = self.data.copy()
            self.data["frequency"] = field.initial

    @property
    def place(self):
        """Return the place that is chosen so far; None where nothing takes the item."""
        key = self.data.get("onto") if self.is_bound else self.initial.get("onto")
        first = next(iter(self.places), None)
        return next((each for each in self.places if each.key == key), first)

    def clean(self):
        """Refuse days that contradict each other."""
        cleaned = super().clean()
        start, last = cleaned.get("starts_on"), cleaned.get("last_day")
        if start and last and last < start:
            self.add_error("last_day", "The last day is before the start.")
        if cleaned.get("draft") and start and start > self.today:
            self.add_error(
                "draft",
                "A draft waits for its activation: let it start today, or leave the draft out.",
            )
        return cleaned

    def request(self, *, user, by):
        """Return the act that is asked for."""
        data = self.cleaned_data
        start, last = data.get("starts_on"), data.get("last_day")
        addition = Addition(
            quantity=data["quantity"],
            price_override=data.get("price_override"),
            override_reason=data.get("override_reason", ""),
            starts_on=None if start == self.today else start,
            ends_on=last and last + timedelta(days=1),
            draft=data.get("draft", False),
            choices=self.chooser.choices() if self.chooser else (),
            **self._what(),
        )
        asked = ActionRequest(
            kind=ActionKind.ADD_SERVICE,
            performed_on=self.today,
            by=by,
            account_user=user,
            additions=(addition,),
            comment=data["comment"],
            provision=not data["no_provisioning"],
        )
        return self._placed(asked, data.get("onto"))

    def _what(self):
        if isinstance(self.item, Product):
            return {"product": self.item}
        return {"sales_bundle": self.item}

    def _placed(self, asked, key):
        place = next((each for each in self.places if each.key == key), None)
        if place is None:
            return request_for_user(asked)
        if place.subscription is not None:
            return replace(asked, subscription=place.subscription)
        return replace(
            asked,
            kind=ActionKind.BECOME_SUBSCRIBER,
            subscription_type=place.type,
            scheme=place.scheme,
            plan=place.plan,
            frequency=self.cleaned_data.get("frequency") or None,
        )
