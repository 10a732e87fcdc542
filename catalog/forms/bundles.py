"""Forms of bundles: the components of a bundle product, sales bundles with their items."""

from datetime import timedelta

from django import forms

from catalog.forms.lists import OperationForm, offer_entries
from catalog.forms.products import LAST_DAY, ProductForm
from catalog.forms.rows import (
    OfferedProductRow,
    RowsMixin,
    plain,
    product_choices,
    product_field,
    quantity_field,
)
from catalog.models import (
    AccountClass,
    Composition,
    ProductFamily,
    ProductType,
    SalesBundle,
    Technology,
)
from catalog.operations.bundles import ComponentRow
from catalog.operations.sales_bundles import ItemRow
from catalog.queries.bundles import allowed_components, allowed_items
from config.shared.forms import RatebookForm


class FixedComponentRow(OfferedProductRow):
    """A component of a fixed bundle."""

    product = product_field()
    quantity = quantity_field(initial=1)

    def component(self):
        """Return the row for the operation."""
        return ComponentRow(**{key: self.cleaned_data[key] for key in ("product", "quantity")})


class FlexibleComponentRow(OfferedProductRow):
    """A component of a flexible bundle: a product, or a type and/or a family to choose from."""

    product = product_field(required=False)
    quantity = quantity_field(required=False)
    type = forms.ModelChoiceField(ProductType.objects.none(), required=False)
    family = forms.ModelChoiceField(ProductFamily.objects.none(), required=False)
    minimum = forms.IntegerField(required=False, min_value=0, max_value=10_000)
    maximum = forms.IntegerField(required=False, min_value=0, max_value=10_000)
    mandatory = forms.BooleanField(required=False, initial=True)

    def __init__(self, *args, types, families, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["type"].queryset = ProductType.objects.order_by("name", "id")
        self.fields["type"].widget.choices = types
        self.fields["family"].queryset = ProductFamily.objects.order_by("name", "id")
        self.fields["family"].widget.choices = families

    def component(self):
        """Return the row for the operation."""
        return ComponentRow(
            **{key: value for key, value in self.cleaned_data.items() if key != "DELETE"}
        )


class ComponentsForm(RowsMixin, RatebookForm):
    """The components of a bundle product."""

    rows_label = "Components"

    def __init__(self, *args, bundle, components, **kwargs):
        self.is_flexible = bundle.type.composition == Composition.FLEXIBLE_BUNDLE
        self.row_form_class = FlexibleComponentRow if self.is_flexible else FixedComponentRow
        options = {"offered": product_choices(allowed_components(bundle))}
        if self.is_flexible:
            types = ProductType.objects.filter(
                service_type="TERMED", composition=Composition.FLAT
            ).order_by("name", "id")
            families = ProductFamily.objects.order_by("name", "id")
            options["types"] = [("", "---------"), *((row.pk, row.name) for row in types)]
            options["families"] = [("", "---------"), *((row.pk, row.name) for row in families)]
        initial = [
            {
                "product": row.product_id,
                "quantity": plain(row.quantity),
                "type": row.type_id,
                "family": row.family_id,
                "minimum": None if row.product_id else row.minimum,
                "maximum": row.maximum,
                "mandatory": row.mandatory,
            }
            for row in components
        ]
        super().__init__(*args, rows_initial=initial, row_options=options, **kwargs)

    def component_rows(self):
        """Return the rows for the operation."""
        return [row.component() for row in self.filled_rows()]


class ItemForm(OfferedProductRow):
    """An item of a sales bundle."""

    product = product_field()
    quantity = quantity_field(initial=1)


class SalesBundleForm(RowsMixin, OperationForm):
    """A sales bundle with its items."""

    row_form_class = ItemForm
    rows_label = "Items"
    optional = ("code",)
    first_day = forms.DateField(required=False, label="Valid from", help_text="Empty: always.")
    last_day = forms.DateField(required=False, label="Valid until")
    whole_row = ("description",)

    class Meta:
        model = SalesBundle
        fields = (
            "name",
            "code",
            "description",
            "availability",
            "sort_order",
            "account_classes",
            "technologies",
        )
        widgets = ProductForm.Meta.widgets
        help_texts = {
            "code": "Stands in addresses; made of the name where left empty.",
            "account_classes": "None ticked: customers of every class.",
            "technologies": "None ticked: users of every technology.",
        }

    form_sections = (
        ("", ("name", "code", "description")),
        ("Sales", ("availability", "sort_order", "first_day", "last_day")),
        ("Who is offered it", ("account_classes", "technologies")),
    )

    def __init__(self, *args, items=(), **kwargs):
        initial = [{"product": row.product_id, "quantity": plain(row.quantity)} for row in items]
        options = {"offered": product_choices(allowed_items())}
        super().__init__(*args, rows_initial=initial, row_options=options, **kwargs)
        offer_entries(self.fields["account_classes"], AccountClass)
        offer_entries(self.fields["technologies"], Technology)

    def clean(self):
        """Refuse a validity that has no day."""
        cleaned = super().clean()
        first, last = self.cleaned_data.get("first_day"), self.cleaned_data.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", "The last day is before the first.")
        if last and last > LAST_DAY:
            self.add_error("last_day", "Leave the last day empty for a period without end.")
        return cleaned

    def values(self):
        """Return what the operation takes."""
        values = {name: self.cleaned_data[name] for name in self.Meta.fields}
        first, last = self.cleaned_data["first_day"], self.cleaned_data["last_day"]
        after = last and last + timedelta(days=1)
        values["validity"] = (first, after) if first or after else None
        values["items"] = [
            ItemRow(row.cleaned_data["product"], row.cleaned_data["quantity"])
            for row in self.filled_rows()
        ]
        return values
