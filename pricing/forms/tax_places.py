"""Forms of tax regions, classes and groups, location rules, and exemptions of products."""

from django import forms

from catalog.forms.rows import RowForm, RowsMixin
from config.shared.forms import RatebookForm, RatebookModelForm
from config.shared.record_field import record_field
from pricing.models import Rounding, TaxClass, TaxCode, TaxRate, TaxRegion
from pricing.operations.tax_places import HIGHEST_LEVEL, GroupTax


class TaxRegionForm(RatebookModelForm):
    """A tax region."""

    class Meta:
        model = TaxRegion
        fields = ["name", "code"]


class TaxClassForm(RatebookModelForm):
    """A tax class."""

    class Meta:
        model = TaxClass
        fields = ["name", "code"]


class GroupItemForm(RowForm):
    """A tax of a group."""

    tax_rate = forms.ModelChoiceField(TaxRate.objects.none(), label="Tax")
    level = forms.IntegerField(min_value=1, max_value=HIGHEST_LEVEL, initial=1)

    def __init__(self, *args, tax_rates, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["tax_rate"].queryset = TaxRate.objects.select_related("tax_code")
        self.fields["tax_rate"].widget.choices = tax_rates


class TaxGroupForm(RowsMixin, RatebookForm):
    """The taxes of a class in a region from a day on."""

    row_form_class = GroupItemForm
    rows_label = "Taxes"
    blank_rows = 2
    starts_on = forms.DateField(label="From")
    rounding = forms.ChoiceField(choices=Rounding, label="Tax is rounded")

    def __init__(self, *args, items=(), tax_rates=(), **kwargs):
        offered = [("", "Choose …"), *((row.pk, f"{row.tax_code} · {row}") for row in tax_rates)]
        rows = [{"tax_rate": row.tax_rate_id, "level": row.level} for row in items]
        super().__init__(*args, rows_initial=rows, row_options={"tax_rates": offered}, **kwargs)

    def taxes(self):
        """Return the rows for the operation."""
        return [
            GroupTax(row.cleaned_data["tax_rate"], row.cleaned_data["level"])
            for row in self.filled_rows()
        ]


class LeavesPlacesForm(RatebookForm):
    """What may leave places without a location rule, which then has to be meant."""

    anyway = forms.BooleanField(
        label="I know that places without a rule cannot be billed",
        required=False,
        widget=forms.HiddenInput,
    )

    def ask_again(self):
        """Show the box to tick where other places would be left without a rule."""
        self.fields["anyway"].widget = forms.CheckboxInput()


class LocationRuleForm(LeavesPlacesForm):
    """A new location rule."""

    name = forms.CharField(max_length=80)
    position = forms.IntegerField(
        min_value=0, max_value=32_767, initial=100, help_text="Lower ones are asked first."
    )
    country = forms.CharField(
        max_length=2, min_length=2, required=False, help_text="Two letters; any, where empty."
    )
    postal_prefix = forms.CharField(max_length=20, required=False, label="Postal code begins with")
    tax_region = forms.ModelChoiceField(
        TaxRegion.objects.none(), required=False, empty_label="Any", label="Tax region"
    )
    tax_codes = forms.ModelMultipleChoiceField(
        TaxCode.objects.none(),
        label="Tax codes",
        widget=forms.CheckboxSelectMultiple,
        help_text="One VAT at most, any number of sales taxes, or one exempt code alone.",
    )
    starts_on = forms.DateField(label="From")
    ends_on = forms.DateField(label="Up to", required=False)

    form_sections = [
        ("Rule", ["name", "position", "starts_on", "ends_on", "anyway"]),
        ("Place", ["country", "postal_prefix", "tax_region"]),
        ("Taxes", ["tax_codes"]),
    ]

    def __init__(self, *args, tax_codes=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["tax_codes"].queryset = tax_codes
        self.fields["tax_region"].queryset = TaxRegion.objects.order_by("name", "pk")

    def clean_country(self):
        """Write the country in capitals."""
        return self.cleaned_data["country"].upper()

    def rule(self):
        """Return what the operation takes."""
        values = {name: value for name, value in self.cleaned_data.items() if name != "anyway"}
        return {**values, "tax_codes": list(values["tax_codes"])}

    @property
    def is_default(self):
        """Whether the rule is for all places."""
        return not any(
            self.cleaned_data[name] for name in ("country", "postal_prefix", "tax_region")
        )


class EndForm(LeavesPlacesForm):
    """The last day of a location rule."""

    ends_on = forms.DateField(label="Last day")

    field_order = ["ends_on"]


class TaxClassOfForm(RatebookForm):
    """The tax class of a product or a type."""

    tax_class = forms.ModelChoiceField(
        TaxClass.objects.none(), required=False, label="Tax class", empty_label="None"
    )

    def __init__(self, *args, inherited=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["tax_class"].queryset = TaxClass.objects.order_by("name", "pk")
        if inherited is not None:
            self.fields["tax_class"].empty_label = f"As its type: {inherited}"


class ExemptionForm(RatebookForm):
    """Days without a tax. `end` comes with the button of a row."""

    starts_on = forms.DateField(label="From", required=False)
    ends_on = forms.DateField(label="Up to", required=False)

    def __init__(self, *args, exemptions=(), tax_codes=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.exemptions = list(exemptions)
        self.fields["tax_code"] = record_field(
            tax_codes, first="Every tax", label="Exempt from", required=False
        )
        self.order_fields(["tax_code", *self.fields])
        self.fields["end"] = forms.TypedChoiceField(
            choices=[(row.pk, str(row)) for row in self.exemptions],
            coerce=int,
            required=False,
            empty_value=None,
            widget=forms.HiddenInput,
        )

    def ended(self):
        """Return the row whose button was pressed, or None."""
        pk = self.cleaned_data["end"]
        return next((row for row in self.exemptions if row.pk == pk), None)

    def clean(self):
        """Ask for a first day, unless a row is to end."""
        cleaned = super().clean()
        if cleaned.get("end") is None:
            for name in self.asked:
                if not cleaned.get(name) and name not in self.errors:
                    self.add_error(name, "This field is required.")
        return cleaned

    asked = ("starts_on",)


class ProductExemptionForm(ExemptionForm):
    """An exemption of a product."""

    reason = forms.CharField(max_length=120, required=False)
    asked = ("reason", "starts_on")
    field_order = ["tax_code", "reason", "starts_on", "ends_on"]
