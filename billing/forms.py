"""Forms of payments, and of a question about a price."""

from decimal import Decimal

from django import forms

from billing.models import PaymentMethod
from billing.operations.payments import PaymentDetails
from billing.operations.preview_question import PriceQuestion
from catalog.models import Product, SalesBundle
from config.shared.choosing import ChosenField
from config.shared.forms import RatebookForm
from pricing.models import AdditiveDiscount, Currency, DiscountState, PricePlan, UsageCatalog
from subscriptions.models import Account, Frequency
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


class DiscountField(ChosenField):
    """Names an additive discount; drafts may be tried, and say that they are."""

    def label_from_instance(self, obj):
        """Return its name and code, and whether it is a draft."""
        return discount_label(obj, super().label_from_instance(obj))


def discount_label(discount: AdditiveDiscount, label: str) -> str:
    """Return the label of a discount, with "(draft)" where it is one."""
    return f"{label} (draft)" if discount.state == DiscountState.DRAFT else label


class PricePreviewForm(RatebookForm):
    """A question about a price. Everything is in the address, so that it can be sent to others."""

    product = ChosenField(
        Product.objects.select_related("type"), search="catalog:choose_product", required=False
    )
    bundle = ChosenField(
        SalesBundle.objects.all(),
        search="billing:preview_bundle",
        required=False,
        label="Or a bundle",
    )
    plan = ChosenField(
        PricePlan.objects.select_related("base"),
        search="billing:preview_plan",
        required=False,
        label="Price plan",
    )
    quantity = forms.DecimalField(
        max_digits=12, decimal_places=4, min_value=Decimal("0.0001"), initial=1
    )
    on = forms.DateField(label="In service from")
    frequency = forms.ChoiceField(choices=Frequency, initial=Frequency.MONTHLY, label="Billed")
    billing_day = forms.IntegerField(
        required=False,
        min_value=1,
        max_value=31,
        help_text="The day on which cycles begin. Empty: the first cycle is a whole one.",
    )
    posted_on = forms.DateField(
        required=False,
        label="Posting date",
        help_text="Picks the taxes. Empty: the first day in service.",
    )
    account = ChosenField(
        Account.objects.all(),
        search="billing:preview_account",
        code_field="number",
        required=False,
        help_text="Its taxes, its conditions, and the discounts that apply by themselves.",
    )
    discount_1 = DiscountField(
        AdditiveDiscount.objects.all(),
        search="billing:preview_discount",
        required=False,
        label="Discount",
    )
    discount_2 = DiscountField(
        AdditiveDiscount.objects.all(),
        search="billing:preview_discount",
        required=False,
        label="Second discount",
    )
    units = forms.DecimalField(
        max_digits=18,
        decimal_places=4,
        min_value=0,
        required=False,
        label="Usage",
        help_text="In the units of the usage plan or catalogue; minutes for calls.",
    )
    catalog = ChosenField(
        UsageCatalog.objects.all(),
        search="pricing:choose_catalog",
        required=False,
        label="Usage catalogue",
        help_text="For usage services.",
    )
    form_sections = [
        ("What", ["product", "bundle", "plan", "quantity"]),
        ("When", ["on", "frequency", "billing_day", "posted_on"]),
        ("For whom, and less what", ["account", "discount_1", "discount_2"]),
        ("Usage", ["units", "catalog"]),
    ]

    def __init__(self, *args, may_see_accounts=True, **kwargs):
        super().__init__(*args, **kwargs)
        if not may_see_accounts:
            del self.fields["account"]

    def clean(self):
        """Ask for one of product and bundle, and for each discount once."""
        cleaned = super().clean()
        is_one = bool(cleaned.get("product")) != bool(cleaned.get("bundle"))
        if not is_one and not {"product", "bundle"} & set(self.errors):
            self.add_error("product", "Choose a product or a bundle.")
        first, second = cleaned.get("discount_1"), cleaned.get("discount_2")
        if first is not None and first == second:
            self.add_error("discount_2", "This discount is chosen already: it is taken off once.")
        return cleaned

    def question(self) -> PriceQuestion:
        """Return what was asked as the operation takes it."""
        data = self.cleaned_data
        return PriceQuestion(
            product=data["product"] or data["bundle"],
            plan=data["plan"],
            on=data["on"],
            quantity=data["quantity"],
            frequency=data["frequency"],
            billing_day=data["billing_day"],
            account=data.get("account"),
            discounts=(data["discount_1"], data["discount_2"]),
            catalog=data["catalog"],
            units=data["units"],
            posted_on=data["posted_on"],
        )
