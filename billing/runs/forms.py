"""What billing's runs ask for: which accounts they take, and their settings."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model

from catalog.models import AccountClass, AccountClassification
from config.shared.runs.forms import KindForm
from subscriptions.models import Account, BillingTermScheme, SubscriptionType


def any_of(model: type[Model], *, label: str | None = None) -> forms.ModelMultipleChoiceField:
    """Return a field that takes some records of a short list, or none of them for all."""
    return forms.ModelMultipleChoiceField(
        model._default_manager.order_by("name"),
        label=label,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="None ticked: all.",
    )


class AccountsForm(KindForm):
    """Which accounts and subscriptions a run takes; all, where a field is empty."""

    accounts = forms.CharField(
        required=False, help_text="Only these accounts, by number: A-000001, A-000002."
    )
    schemes = any_of(BillingTermScheme, label="Billing term schemes")
    subscription_types = any_of(SubscriptionType)
    account_classes = any_of(AccountClass)
    classifications = any_of(AccountClassification, label="Account classifications")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("schemes", "subscription_types", "account_classes", "classifications"):
            if not self.fields[name].queryset.exists():
                del self.fields[name]

    @classmethod
    def initial_of(
        cls, criteria: Mapping[str, Any], kind_settings: Mapping[str, Any]
    ) -> dict[str, Any]:
        """Show the account numbers as they are typed."""
        initial = super().initial_of(criteria, kind_settings)
        if criteria.get("accounts"):
            initial["accounts"] = ", ".join(criteria["accounts"])
        return initial

    def clean_accounts(self) -> list[str]:
        """Return the account numbers; one that no account has is refused."""
        numbers = [part.strip() for part in self.cleaned_data["accounts"].split(",")]
        asked = list(dict.fromkeys(number for number in numbers if number))
        known = set(Account.objects.filter(number__in=asked).values_list("number", flat=True))
        unknown = [number for number in asked if number not in known]
        if unknown:
            raise ValidationError(f"There is no account {', '.join(unknown)}.")
        return asked


class NormalBillingForm(AccountsForm):
    """Criteria of a normal run, and how far ahead it bills."""

    setting_fields = ("advance_days",)

    advance_days = forms.IntegerField(
        label="Days to bill in advance",
        required=False,
        min_value=0,
        max_value=366,
        help_text="For services billed before their use: cycles that begin so many days later.",
    )


class NormalBillingRunForm(NormalBillingForm):
    """A normal run's criteria and dates."""

    setting_fields = ("advance_days", "posting_date")

    posting_date = forms.DateField(
        required=False, help_text="The date of its documents; empty: the business day."
    )


class DeactivationForm(AccountsForm):
    """Criteria of a deactivation run, and from when an account is overdue enough."""

    setting_fields = ("min_amount", "days_overdue")

    min_amount = forms.DecimalField(
        label="Past due at least",
        required=False,
        min_value=0,
        max_digits=18,
        decimal_places=4,
        help_text="In the account's currency.",
    )
    days_overdue = forms.IntegerField(
        label="Past due for at least … days", required=False, min_value=0, max_value=3660
    )
