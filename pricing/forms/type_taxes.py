"""The form of a product type's default tax rates."""

from django import forms

from catalog.forms.rows import RowForm, RowsMixin
from config.shared.forms import RatebookForm
from pricing.models import TaxRate
from pricing.operations.type_taxes import TypeTaxRow


class TypeTaxForm(RowForm):
    """One default rate."""

    tax_rate = forms.ModelChoiceField(TaxRate.objects.none(), label="Rate")
    applied = forms.BooleanField(required=False)

    def __init__(self, *args, tax_rates, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["tax_rate"].queryset = TaxRate.objects.select_related("tax_code")
        self.fields["tax_rate"].widget.choices = tax_rates


class TypeTaxesForm(RowsMixin, RatebookForm):
    """The default rates of a type; of those of a code one is applied."""

    row_form_class = TypeTaxForm
    rows_label = "Default taxes"

    def __init__(self, *args, taxes=(), tax_rates=(), **kwargs):
        offered = [("", "Choose …"), *((row.pk, f"{row.tax_code} · {row}") for row in tax_rates)]
        rows = [{"tax_rate": row.tax_rate_id, "applied": row.applied} for row in taxes]
        super().__init__(*args, rows_initial=rows, row_options={"tax_rates": offered}, **kwargs)

    def tax_rows(self):
        """Return the rows for the operation."""
        return [
            TypeTaxRow(row.cleaned_data["tax_rate"], applied=row.cleaned_data["applied"])
            for row in self.filled_rows()
        ]
