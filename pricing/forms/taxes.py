"""Forms of tax codes, their percentages, and the rates of a product."""

from django import forms

from config.shared.forms import RatebookForm, RatebookModelForm
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


class TaxRateForm(RatebookForm):
    """A new level of a tax code with its first percentage."""

    name = forms.CharField(max_length=80, help_text="Standard, reduced …")
    code = forms.SlugField(max_length=40)
    percentage = percentage_field(help_text="10 for 10 %.")
    starts_on = forms.DateField(label="From")


class PercentageForm(RatebookForm):
    """Another percentage of a level from a day on."""

    tax_rate = forms.ModelChoiceField(
        queryset=TaxRate.objects.none(), label="Rate", empty_label="Choose a rate"
    )
    percentage = percentage_field()
    starts_on = forms.DateField(label="From")

    def __init__(self, *args, tax_rates=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["tax_rate"].queryset = tax_rates


class ProductTaxForm(RatebookForm):
    """Which rate of each tax code is applied, and another rate for the product.

    `taxes` are the product's rows. `remove` comes with the button of a row.
    """

    def __init__(self, *args, taxes=(), tax_rates=None, **kwargs):
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
        self.fields["add"] = forms.ModelChoiceField(
            queryset=tax_rates,
            required=False,
            empty_label="None",
            label="Add a rate",
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
