"""Forms of payments."""

from django import forms

from billing.models import PaymentMethod
from billing.operations.payments import PaymentDetails
from config.shared.forms import RatebookForm
from pricing.models import Currency
from subscriptions.models import Account
from subscriptions.queries.accounts import currencies_in_use_first

POST, DRAFT = "post", "draft"


class PaymentForm(RatebookForm):
    """Money received: how much, how, when."""

    amount = forms.DecimalField(max_digits=18, decimal_places=4)
    currency = forms.ModelChoiceField(queryset=Currency.objects.none(), empty_label=None)
    method = forms.ChoiceField(choices=PaymentMethod)
    received_on = forms.DateField()
    reference = forms.CharField(
        max_length=80, required=False, help_text="What the payer's bank or the receipt says."
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        first = self.initial.get("currency", "")
        self.fields["currency"].queryset = currencies_in_use_first(first)

    def details(self) -> PaymentDetails:
        """Return what was typed as the operations take it."""
        data = self.cleaned_data
        return PaymentDetails(
            amount=data["amount"],
            currency=data["currency"].code,
            method=data["method"],
            received_on=data["received_on"],
            reference=data["reference"],
        )


class TakePaymentForm(PaymentForm):
    """A new payment of an account."""

    whole_row = ("reference", "posting", "anyway")

    posting = forms.ChoiceField(
        label="Then",
        choices=[(POST, "Post it now"), (DRAFT, "Keep it as a draft, to be posted later")],
        initial=POST,
        widget=forms.RadioSelect,
    )
    anyway = forms.BooleanField(
        label="Take it all the same", required=False, widget=forms.HiddenInput
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        first = "account" if "account" in self.fields else "amount"
        self.fields[first].widget.attrs["autofocus"] = True

    def ask_again(self) -> None:
        """Show the box to tick where there is a doubt."""
        self.fields["anyway"].widget = forms.CheckboxInput()

    @property
    def is_sure(self) -> bool:
        """Whether it is taken in spite of a doubt."""
        return self.cleaned_data["anyway"]

    @property
    def is_draft(self) -> bool:
        """Whether it is kept as a draft."""
        return self.cleaned_data["posting"] == DRAFT


class NewPaymentForm(TakePaymentForm):
    """A new payment, whose account is named by its number."""

    account = forms.CharField(label="Account number", max_length=20)
    field_order = ("account",)

    def clean_account(self) -> Account:
        """Return the account."""
        number = self.cleaned_data["account"].strip().upper()
        account = Account.objects.filter(number=number).first()
        if account is None:
            raise forms.ValidationError(f"There is no account {number}.")
        return account


class ReasonForm(RatebookForm):
    """Why a payment is rejected or cancelled."""

    reason = forms.CharField(max_length=200)
