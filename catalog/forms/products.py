"""Forms of a product: main information and validity."""

from datetime import date, timedelta

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse_lazy

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
from config.shared.forms import RatebookForm

LAST_DAY = date(9999, 12, 30)


class ProductForm(OperationForm):
    """Main information of a product."""

    optional = ("alternative_code", "name")
    form_sections = (
        ("", ("code", "type", "name", "alternative_code", "family", "brand", "description")),
        ("Sales and bills", ("availability", "sort_order", "billing_display", "charge_type")),
        ("Who is offered it", ("account_classes", "technologies")),
    )
    whole_row = ("description",)

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
        self.fields["type"].queryset = ProductType.objects.order_by("name", "id")
        self.fields["family"].queryset = ProductFamily.objects.order_by("name", "id")
        self.fields["brand"].queryset = ProductBrand.objects.order_by("name", "id")
        offer_entries(self.fields["account_classes"], AccountClass)
        offer_entries(self.fields["technologies"], Technology)


class NewProductForm(ProductForm):
    """Main information of a new product; choosing the type shows what comes with it."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["type"].widget.attrs |= {
            "hx-get": reverse_lazy("catalog:type_characteristics"),
            "hx-target": "#type-characteristics",
            "hx-trigger": "change",
        }


class ValidityRow(RowForm):
    """A period of validity as people say it: its last day is covered."""

    first_day = forms.DateField()
    last_day = forms.DateField(required=False, help_text="Empty: without end.")

    def clean_last_day(self):
        """Refuse a day that has no day after it."""
        last_day = self.cleaned_data["last_day"]
        if last_day is not None and last_day > LAST_DAY:
            raise ValidationError("Leave the last day empty for a period without end.")
        return last_day


class ValidityForm(RowsMixin, RatebookForm):
    """The validity of a product; without rows it is always valid."""

    row_form_class = ValidityRow
    rows_label = "Periods"

    def periods(self):
        """Return half-open periods: the day after the last one ends them."""
        rows = [row.cleaned_data for row in self.filled_rows()]
        return [
            (row["first_day"], row["last_day"] and row["last_day"] + timedelta(days=1))
            for row in rows
        ]
