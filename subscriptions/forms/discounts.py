"""Forms of discounts on subscriptions: giving one, deciding about it, its billing terms."""

from datetime import timedelta

from django import forms

from config.shared.choosing import ChosenField
from config.shared.forms import RatebookForm
from pricing.models import AdditiveDiscount
from subscriptions.models import (
    Account,
    BillingTermScheme,
    Frequency,
    SubscriptionType,
)
from subscriptions.operations.transitions import CLOSED_STATES


class GiveDiscountForm(RatebookForm):
    """A discount for a subscription, or for one of its services."""

    discount = ChosenField(
        AdditiveDiscount.objects.all(),
        search="pricing:choose_discount",
        query="for=giving",
        help_text="Those that are given by hand.",
    )
    service = forms.ChoiceField(
        required=False,
        help_text="An amount off prices or set-up fees is for one service; say which.",
    )
    starts_on = forms.DateField(label="From")
    ends_on = forms.DateField(
        label="Last day", required=False, help_text="Empty: as long as the discount lasts."
    )
    reason = forms.CharField(max_length=200, required=False)
    whole_row = ("reason",)

    def __init__(self, *args, subscription, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.services = {
            str(each.pk): each
            for each in subscription.services.all()
            if each.parent_id is None and each.state not in CLOSED_STATES
        }
        self.fields["service"].choices = [
            ("", "All services that it is for"),
            *((key, f"{each.product} · {each.number}") for key, each in self.services.items()),
        ]
        self.fields["starts_on"].initial = today

    def given(self):
        """Return the arguments of the operation."""
        data = self.cleaned_data
        last = data["ends_on"]
        return {
            "service": self.services.get(data["service"]),
            "starts_on": data["starts_on"],
            "ends_on": last + timedelta(days=1) if last else None,
            "reason": data["reason"],
        }


class DecisionForm(RatebookForm):
    """Why a discount is approved or rejected."""

    reason = forms.CharField(max_length=200, required=False)


class WithdrawForm(RatebookForm):
    """From which day a discount does not count any more."""

    on = forms.DateField(label="From")


class DiscountTermsForm(RatebookForm):
    """Which billing terms a discount is for. What is left empty does not matter."""

    schemes = forms.ModelMultipleChoiceField(
        BillingTermScheme.objects.order_by("name", "pk"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label="Billing term schemes",
    )
    subscription_types = forms.ModelMultipleChoiceField(
        SubscriptionType.objects.order_by("name", "pk"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    frequencies = forms.MultipleChoiceField(
        choices=Frequency,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label="Billing frequencies",
    )
    binding_months = forms.IntegerField(
        required=False, min_value=1, max_value=600, label="Bound for at least (months)"
    )


class PreviewForm(RatebookForm):
    """An account, and the day for which to look."""

    account = forms.CharField(max_length=20, label="Account number")
    on = forms.DateField(required=False, label="On", help_text="Empty: today.")

    def clean_account(self):
        """Find the account."""
        number = self.cleaned_data["account"].strip()
        found = None
        if "\x00" not in number:
            found = Account.objects.filter(number__iexact=number).first()
        if found is None:
            raise forms.ValidationError(f"There is no account with the number “{number}”.")
        return found
