"""Forms of accounts, users and sellers."""

from django import forms

from catalog.models import AccountClass, AccountClassification, Technology
from config.shared.countries import unknown_country
from config.shared.forms import RatebookForm, RatebookModelForm
from pricing.models import TaxRegion
from subscriptions.models import Account, AccountUser, Seller
from subscriptions.queries.accounts import currencies_in_use_first


def currency_choices():
    """Return the currencies as choices, those in use first, without one chosen."""
    return [("", "Choose a currency")] + [
        (each.code, f"{each.code} – {each.name}") for each in currencies_in_use_first()
    ]


def by_name(model):
    """Return the entries of a short list by name."""
    return model.objects.order_by("name", "pk")


class CountryMixin:
    """A country, by its two letters."""

    def clean_country(self):
        """Write the country in capitals; refuse one that does not exist."""
        code = self.cleaned_data["country"].upper()
        if code and (fault := unknown_country(code)):
            raise forms.ValidationError(fault)
        return code


def usual_values():
    """Return what the account opened last has and the next one probably too; two queries at most.

    Before there is one: the seller, if it is the only one.
    """
    last = Account.objects.order_by("-pk").values("seller", "currency", "country").first()
    if last is not None:
        return last
    sellers = list(by_name(Seller)[:2])
    return {"seller": sellers[0].pk} if len(sellers) == 1 else {}


class NewAccountForm(CountryMixin, RatebookForm):
    """An account with its first user and address: six of its fields are required."""

    name = forms.CharField(max_length=120, help_text="Who is billed: a person or a company.")
    seller = forms.ModelChoiceField(Seller.objects.none(), empty_label="Choose a seller")
    currency = forms.ChoiceField(choices=currency_choices)
    billing_day = forms.IntegerField(
        min_value=1,
        max_value=31,
        initial=1,
        help_text="1 to 31; in a shorter month the last day.",
    )
    account_class = forms.ModelChoiceField(
        AccountClass.objects.none(), required=False, label="Account class"
    )
    classification = forms.ModelChoiceField(AccountClassification.objects.none(), required=False)
    street = forms.CharField(max_length=120)
    postal_code = forms.CharField(max_length=20, required=False)
    city = forms.CharField(max_length=80)
    country = forms.CharField(
        max_length=2, min_length=2, required=False, help_text="Two letters, such as CY."
    )
    phone = forms.CharField(
        max_length=40, required=False, widget=forms.TextInput(attrs={"type": "tel"})
    )
    email = forms.EmailField(required=False)
    user_name = forms.CharField(
        max_length=120,
        required=False,
        label="User",
        help_text="The person or place that takes the service. Empty: as the account.",
    )
    technology = forms.ModelChoiceField(
        Technology.objects.none(), required=False, help_text="How the user is connected."
    )

    form_sections = [
        (
            "Account",
            ["name", "seller", "currency", "billing_day", "account_class", "classification"],
        ),
        ("Address and contact", ["street", "postal_code", "city", "country", "phone", "email"]),
        ("First user", ["user_name", "technology"]),
    ]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["seller"].queryset = by_name(Seller)
        self.fields["account_class"].queryset = by_name(AccountClass)
        self.fields["classification"].queryset = by_name(AccountClassification)
        self.fields["technology"].queryset = by_name(Technology)
        self.initial = {**usual_values(), **self.initial}


class AccountForm(CountryMixin, RatebookModelForm):
    """What an account may change."""

    form_sections = [
        ("Account", ["name", "account_class", "classification"]),
        ("Address and contact", ["street", "postal_code", "city", "country", "phone", "email"]),
        ("Billing", ["billing_day", "payment_terms_days", "credit_limit"]),
        ("Deactivation", ["grace_until", "immune"]),
        ("Tax", ["tax_region", "taxable", "exemption_number"]),
    ]

    class Meta:
        model = Account
        fields = [
            "name",
            "account_class",
            "classification",
            "street",
            "postal_code",
            "city",
            "country",
            "phone",
            "email",
            "billing_day",
            "payment_terms_days",
            "credit_limit",
            "grace_until",
            "immune",
            "taxable",
            "exemption_number",
            "tax_region",
        ]
        labels = {"immune": "Never deactivated", "payment_terms_days": "Days to pay"}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["account_class"].queryset = by_name(AccountClass)
        self.fields["classification"].queryset = by_name(AccountClassification)
        self.fields["tax_region"].queryset = by_name(TaxRegion)
        self.fields["billing_day"].widget.attrs |= {"min": 1, "max": 31}
        self.fields[
            "billing_day"
        ].help_text = "Holds for subscriptions made from now on; those that are there keep theirs."

    def clean_credit_limit(self):
        """Refuse a limit below nothing."""
        limit = self.cleaned_data["credit_limit"]
        if limit is not None and limit < 0:
            raise forms.ValidationError("A credit limit is 0 or more.")
        return limit


class UserForm(CountryMixin, RatebookModelForm):
    """A user: who or where, and how it is connected."""

    form_sections = [
        ("User", ["name", "technology", "tax_region"]),
        ("Address and contact", ["street", "postal_code", "city", "country", "phone", "email"]),
    ]

    class Meta:
        model = AccountUser
        fields = [
            "name",
            "technology",
            "tax_region",
            "street",
            "postal_code",
            "city",
            "country",
            "phone",
            "email",
        ]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["technology"].queryset = by_name(Technology)
        self.fields["tax_region"].queryset = by_name(TaxRegion)
        self.fields[
            "technology"
        ].help_text = "Filters what is offered from now on; what the user has stays."


class SellerForm(RatebookModelForm):
    """A legal entity that sells and invoices."""

    class Meta:
        model = Seller
        fields = ["code", "name", "address", "tax_number", "phone", "email"]


class NoteForm(RatebookForm):
    """A note on an account."""

    text = forms.CharField(max_length=4000, widget=forms.Textarea)
    pinned = forms.BooleanField(required=False, label="Pin: show on every visit")
