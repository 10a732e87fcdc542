"""Forms of billing term schemes and subscription types."""

from django import forms

from catalog.models import Product
from config.shared.choosing import ChosenField
from config.shared.db import choices_of
from config.shared.forms import RatebookForm, RatebookModelForm
from pricing.kernel.periods import Duration, Unit
from pricing.models import PlanState, PricePlan
from pricing.operations.lengths import fault_of_length
from subscriptions.models import (
    BillingTermScheme,
    BillTiming,
    Frequency,
    SubscriptionType,
)


def plans_for(scheme):
    """Return the plans that may be on a scheme: not expired, or on it already."""
    plans = PricePlan.objects.exclude(state=PlanState.EXPIRED)
    if scheme.pk is not None:
        plans = plans | PricePlan.objects.filter(schemes=scheme)
        plans = plans | PricePlan.objects.filter(default_of=scheme)
    return plans.distinct().order_by("name", "pk")


class SchemeForm(RatebookModelForm):
    """A billing term scheme."""

    frequencies = forms.MultipleChoiceField(
        choices=Frequency,
        widget=forms.CheckboxSelectMultiple,
        label="Allowed frequencies",
        initial=[Frequency.MONTHLY],
    )

    form_sections = [
        ("Main information", ["name", "code", "kind", "state"]),
        ("Billing cycle", ["method", "default_frequency", "frequencies"]),
        (
            "What is billed",
            ["prorate", "bill_next_term", "bill_suspended", "credit_on_deactivation", "pricing"],
        ),
        ("Price plans", ["default_plan", "plans"]),
        ("Notes", ["description"]),
    ]

    class Meta:
        model = BillingTermScheme
        fields = [
            "name",
            "code",
            "kind",
            "state",
            "method",
            "default_frequency",
            "frequencies",
            "prorate",
            "bill_next_term",
            "bill_suspended",
            "credit_on_deactivation",
            "pricing",
            "default_plan",
            "plans",
            "description",
        ]
        labels = {
            "method": "Billing day",
            "prorate": "Part of a cycle costs a part of the price",
            "bill_next_term": "The first bill holds",
            "bill_suspended": "Overdue services go on being billed",
            "credit_on_deactivation": "Unused days are credited on deactivation",
        }
        help_texts = {"bill_suspended": "", "credit_on_deactivation": ""}
        widgets = {"plans": forms.CheckboxSelectMultiple}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        plans = plans_for(self.instance)
        self.fields["default_plan"].queryset = plans
        self.fields["plans"].queryset = plans


class SchemeProductForm(RatebookForm):
    """A product on a scheme. Either side may be fixed by the page; `offered` are the choices."""

    timing = forms.ChoiceField(choices=BillTiming, label="Billed")
    exclude_from_deactivation = forms.BooleanField(
        required=False, label="Stays on when overdue accounts are deactivated"
    )


class SchemeMemberForm(SchemeProductForm):
    """How one scheme bills one product. `act` is the button: save, or remove."""

    advance_count = forms.IntegerField(
        required=False,
        min_value=1,
        max_value=999,
        label="Paid in advance for",
        help_text="On prepaid schemes, what is paid before its use; empty: a billing cycle.",
    )
    advance_unit = forms.ChoiceField(
        choices=choices_of(Unit), initial=Unit.MONTH.value, required=False, label="Unit"
    )

    def clean(self):
        """Refuse a time that leaves the calendar."""
        cleaned = super().clean()
        count, unit = self.cleaned_data.get("advance_count"), self.cleaned_data.get("advance_unit")
        if count and (fault := fault_of_length(count, unit or Unit.MONTH)):
            self.add_error("advance_count", fault)
        return cleaned

    def settings(self):
        """Return what the operation takes beside scheme and product."""
        data = self.cleaned_data
        count, unit = data["advance_count"], Unit(data["advance_unit"] or Unit.MONTH)
        return {
            "timing": data["timing"],
            "exclude_from_deactivation": data["exclude_from_deactivation"],
            "advance": Duration(count, unit) if count else None,
        }


class ProductOnSchemeForm(SchemeMemberForm):
    """On the scheme's page: which product."""

    product = ChosenField(
        Product.objects.select_related("type"), search="catalog:choose_product", query="for=item"
    )
    field_order = ("product", "timing", "exclude_from_deactivation")


class SchemeOfProductForm(SchemeMemberForm):
    """On the product's page: which scheme."""

    scheme = forms.ModelChoiceField(BillingTermScheme.objects.none())
    field_order = ("scheme", "timing", "exclude_from_deactivation")

    def __init__(self, *args, offered, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["scheme"].queryset = BillingTermScheme.objects.all()
        self.fields["scheme"].widget.choices = named("Choose a scheme", offered)


class SubscriptionTypeForm(RatebookModelForm):
    """A subscription type's own fields."""

    class Meta:
        model = SubscriptionType
        fields = ["name", "code", "description", "active"]


class NewSubscriptionTypeForm(SubscriptionTypeForm):
    """A new subscription type with its schemes."""

    class Meta(SubscriptionTypeForm.Meta):
        fields = ["name", "code", "schemes", "description"]
        widgets = {"schemes": forms.CheckboxSelectMultiple}
        labels = {"schemes": "Billing term schemes"}

    whole_row = ("schemes",)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["schemes"].queryset = BillingTermScheme.objects.order_by("name", "pk")


class TypeProductForm(SchemeProductForm):
    """A product for a subscription type, and how the schemes that get it too bill it."""

    product = ChosenField(
        Product.objects.select_related("type"), search="catalog:choose_product", query="for=sold"
    )
    field_order = ("product", "timing", "exclude_from_deactivation")


class TypeSchemeForm(RatebookForm):
    """A scheme for a subscription type."""

    scheme = forms.ModelChoiceField(BillingTermScheme.objects.none())

    def __init__(self, *args, offered, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["scheme"].queryset = BillingTermScheme.objects.all()
        self.fields["scheme"].widget.choices = named("Choose a scheme", offered)


class TypeOfProductForm(SchemeProductForm):
    """On the product's page: a subscription type; each says which schemes get the product too."""

    subscription_type = forms.ModelChoiceField(
        SubscriptionType.objects.none(), label="Add to", widget=forms.RadioSelect, empty_label=None
    )
    field_order = ("subscription_type", "timing", "exclude_from_deactivation")
    whole_row = ("subscription_type",)

    def __init__(self, *args, offered, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["subscription_type"].queryset = SubscriptionType.objects.all()
        self.fields["subscription_type"].widget.choices = [
            (each.type.pk, f"{each.type} – {also_added(each.lacking)}") for each in offered
        ]


def also_added(schemes):
    """Say which schemes get a product with the type."""
    if not schemes:
        return "no scheme gets it too"
    return f"also adds it to {', '.join(map(str, schemes))}"


def named(first, records):
    """Return options of a select over records, made once."""
    return [("", first), *((each.pk, str(each)) for each in records)]
