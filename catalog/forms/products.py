"""Forms of a product: main information and validity."""

from datetime import timedelta

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse, reverse_lazy

from catalog.forms.characteristics import CharacteristicFields
from catalog.forms.lists import OperationForm, offer_entries
from catalog.forms.rows import RowForm, RowsMixin
from catalog.models import (
    AccountClass,
    Product,
    ProductBrand,
    ProductFamily,
    ProductType,
    Technology,
)
from catalog.operations.codes import codes_taken
from catalog.operations.errors import ValidityNotPossible
from catalog.operations.products import check_periods
from config.shared.choosing import ChosenField
from config.shared.forms import RatebookForm, Section


class ProductForm(OperationForm):
    """Main information of a product."""

    optional = ("alternative_code", "name")
    form_sections = (
        ("", ("code", "type", "name", "alternative_code", "family", "brand", "description")),
        ("Sales and bills", ("availability", "sort_order", "billing_display", "charge_type")),
        ("Who is offered it", ("account_classes", "technologies")),
    )
    whole_row = ("description",)
    type = ChosenField(ProductType.objects.all(), search="catalog:choose_type")
    family = ChosenField(
        ProductFamily.objects.all(), search="catalog:choose_family", required=False
    )
    brand = ChosenField(ProductBrand.objects.all(), search="catalog:choose_brand", required=False)

    class Meta:
        model = Product
        fields = (
            "code",
            "type",
            "name",
            "alternative_code",
            "family",
            "brand",
            "description",
            "availability",
            "sort_order",
            "billing_display",
            "charge_type",
            "account_classes",
            "technologies",
        )
        widgets = {
            "account_classes": forms.CheckboxSelectMultiple,
            "technologies": forms.CheckboxSelectMultiple,
        }
        help_texts = {
            "code": "Identifies the product across Ratebook.",
            "name": "What staff see in lists; the code where left empty.",
            "alternative_code": "Made of the code where left empty.",
            "account_classes": "None ticked: customers of every class.",
            "technologies": "None ticked: users of every technology.",
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        offer_entries(self.fields["account_classes"], AccountClass)
        offer_entries(self.fields["technologies"], Technology)
        if self.instance.pk:
            self.fields["type"].widget.attrs |= {
                "hx-get": reverse("catalog:type_change", args=[self.instance.code]),
                "hx-target": "#type-change",
                "hx-trigger": "change",
            }

    def clean(self):
        """Refuse the codes that other products have, both at once."""
        cleaned = super().clean()
        codes = {
            name: self.cleaned_data[name].strip()
            for name in ("code", "alternative_code")
            if self.cleaned_data.get(name)
        }
        for taken in codes_taken(Product(pk=self.instance.pk, **codes), list(codes)):
            self.add_error(taken.field, str(taken))
        return cleaned


class NewProductForm(CharacteristicFields, ProductForm):
    """Main information of a new product; choosing the type shows what comes with it."""

    optional = ("code", "alternative_code", "name")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields[
            "code"
        ].help_text = "Left empty: the next free one of its family or type, such as PAYTV-0007."
        self.fields["type"].widget.attrs |= {
            "hx-post": reverse_lazy("catalog:new_product_parts"),
            "hx-target": "#new-product-parts",
            "hx-trigger": "change",
            "hx-swap": "innerHTML",
        }

    def sections(self):
        """Leave what the type asks to the type's part of the page."""
        asked = {field.name for field in self.value_fields()}
        parts = [
            Section(part.title, [field for field in part.fields if field.name not in asked])
            for part in super().sections()
        ]
        return [part for part in parts if part.fields]

    def chosen_type(self):
        """Return the type that was sent or proposed, None where there is none yet."""
        field = self.fields["type"]
        try:
            return field.to_python(self["type"].value())
        except ValidationError:
            return None


class ValidityRow(RowForm):
    """A period of validity as people say it: its last day is covered."""

    first_day = forms.DateField()
    last_day = forms.DateField(required=False, help_text="Empty: without end.")


class ValidityKind:
    """The three ways to say when a product is valid."""

    ALWAYS = "ALWAYS"
    FROM = "FROM"
    PERIODS = "PERIODS"
    CHOICES = ((ALWAYS, "Always"), (FROM, "From a day on"), (PERIODS, "In periods"))


class ValidityForm(RowsMixin, RatebookForm):
    """The validity of a product: always, from a day on, or in periods; `periods` are stored."""

    row_form_class = ValidityRow
    rows_label = "Periods"
    kind = forms.ChoiceField(choices=ValidityKind.CHOICES, label="Valid", widget=forms.RadioSelect)
    from_day = forms.DateField(required=False, label="First day")

    def __init__(self, *args, periods=(), **kwargs):
        periods = list(periods)
        initial, rows = {"kind": ValidityKind.ALWAYS}, []
        if len(periods) == 1 and periods[0].upper is None:
            initial = {"kind": ValidityKind.FROM, "from_day": periods[0].lower}
        elif periods:
            initial = {"kind": ValidityKind.PERIODS}
            rows = [
                {"first_day": one.lower, "last_day": one.upper and one.upper - timedelta(days=1)}
                for one in periods
            ]
        super().__init__(*args, initial=initial, rows_initial=rows, **kwargs)

    def clean(self):
        """Ask for what the choice needs, and leave the rest aside."""
        kind = self.cleaned_data.get("kind")
        if kind == ValidityKind.PERIODS:
            cleaned = super().clean()
            if not self.filled_rows():
                raise ValidationError("Name a period, or choose Always.")
            try:
                check_periods(self.chosen_periods())
            except ValidityNotPossible as refusal:
                self.add_row_error(refusal.row, refusal.field, str(refusal))
            return cleaned
        if kind == ValidityKind.FROM and not {"from_day"} & {*self.errors, *self._given()}:
            self.add_error("from_day", "Say from which day on.")
        return self.cleaned_data

    def _given(self):
        return [name for name, value in self.cleaned_data.items() if value]

    def chosen_periods(self):
        """Return half-open periods: the day after the last one ends them; none means always."""
        kind = self.cleaned_data["kind"]
        if kind == ValidityKind.ALWAYS:
            return []
        if kind == ValidityKind.FROM:
            return [(self.cleaned_data["from_day"], None)]
        rows = [row.cleaned_data for row in self.filled_rows()]
        return [
            (row["first_day"], row["last_day"] and row["last_day"] + timedelta(days=1))
            for row in rows
        ]

    def add_row_error(self, place, field, message):
        """Show a refusal at its row, or on top where no rows were asked for."""
        if self.cleaned_data.get("kind") == ValidityKind.PERIODS:
            super().add_row_error(place, field, message)
        else:
            self.add_error("from_day", message)
