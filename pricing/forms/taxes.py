"""Forms of tax codes, their percentages, and the rates of a product."""

from django import forms

from config.shared.db import choices_of
from config.shared.forms import RatebookForm, RatebookModelForm
from config.shared.record_field import record_field
from pricing.kernel.tax_rules import WHOLE, RuleKind, TaxRule
from pricing.models import ProductTax, RateDate, TaxCode, TaxRate


class TaxCodeForm(RatebookModelForm):
    """A tax code's own fields."""

    class Meta:
        model = TaxCode
        fields = ["name", "code", "kind", "rate_date"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            for name in ("kind", "rate_date"):
                del self.fields[name]
        else:
            self.fields["rate_date"].help_text = RateDate.POSTING.label + " is usual."


def percentage_field(**options):
    """Return a field for a percentage, 10 for 10 %."""
    return forms.DecimalField(
        label="Percentage", min_value=0, max_value=100, max_digits=9, decimal_places=6, **options
    )


class TaxRuleForm(RatebookForm):
    """What part of a charge a percentage falls on."""

    rule = forms.ChoiceField(
        choices=choices_of(RuleKind),
        required=False,
        initial=RuleKind.EVERYTHING.value,
        label="Falls on",
    )
    rule_value = forms.DecimalField(
        required=False,
        min_value=0,
        max_digits=14,
        decimal_places=4,
        label="Sum per month, or percentage taxed",
        help_text="In the account's currency; 90 for 90 %.",
    )
    field_order = ["tax_rate", "name", "code", "percentage", "starts_on", "rule", "rule_value"]

    def clean(self):
        """Read the rule as the kernel's value."""
        cleaned = super().clean()
        kind, value = cleaned.get("rule"), cleaned.get("rule_value")
        cleaned["tax_rule"] = WHOLE if kind else None
        if not kind or "rule_value" in self.errors or kind == RuleKind.EVERYTHING:
            return cleaned
        if value is None or (value == 0 and kind != RuleKind.PERCENTAGE):
            self.add_error("rule_value", "Give the sum per month, or the percentage taxed.")
        elif kind == RuleKind.PERCENTAGE and value > 100:
            self.add_error("rule_value", "At most 100 % is taxed.")
        else:
            share = value / 100 if kind == RuleKind.PERCENTAGE else value
            cleaned["tax_rule"] = TaxRule(RuleKind(kind), share)
        return cleaned


class TaxRateForm(TaxRuleForm):
    """A new level of a tax code with its first percentage."""

    name = forms.CharField(max_length=80, help_text="Standard, reduced …")
    code = forms.SlugField(max_length=40)
    percentage = percentage_field(help_text="10 for 10 %.")
    starts_on = forms.DateField(label="From")


class PercentageForm(TaxRuleForm):
    """Another percentage of a level from a day on."""

    tax_rate = forms.ModelChoiceField(
        queryset=TaxRate.objects.none(), label="Rate", empty_label="Choose a rate"
    )
    percentage = percentage_field()
    starts_on = forms.DateField(label="From")

    def __init__(self, *args, tax_rates=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["tax_rate"].queryset = tax_rates
        self.fields["rule"].choices = [("", "As before"), *choices_of(RuleKind)]
        self.fields["rule"].initial = ""


class ProductTaxForm(RatebookForm):
    """Which rate of each tax code is applied, and another rate for the product.

    `taxes` are the product's rows. `remove` comes with the button of a row.
    """

    def __init__(self, *args, taxes=(), tax_rates=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.taxes = list(taxes)
        for tax_code_id in {row.tax_code_id for row in self.taxes}:
            rows = [row for row in self.taxes if row.tax_code_id == tax_code_id]
            self.fields[f"applied_{tax_code_id}"] = forms.TypedChoiceField(
                choices=[(row.tax_rate_id, row.tax_rate.name) for row in rows],
                coerce=int,
                required=False,
                label=f"Applied rate of {rows[0].tax_code}",
            )
        self.fields["add"] = record_field(
            tax_rates, first="None", label="Add a rate", required=False
        )
        if self.taxes:
            self.fields["apply_added"] = forms.BooleanField(
                required=False, label="Apply it instead of the present one of its code"
            )
        self.fields["remove"] = forms.TypedChoiceField(
            choices=[(row.pk, row.tax_rate.name) for row in self.taxes],
            coerce=int,
            required=False,
            empty_value=None,
        )

    def removed(self) -> ProductTax | None:
        """Return the row whose button was pressed, or None."""
        pk = self.cleaned_data["remove"]
        return next((row for row in self.taxes if row.pk == pk), None)

    def newly_applied(self) -> list[ProductTax]:
        """Return the rows that were chosen as applied and are not yet."""
        chosen = {value for name, value in self.cleaned_data.items() if name.startswith("applied_")}
        return [row for row in self.taxes if row.tax_rate_id in chosen and not row.applied]
