"""The form of a sales bundle with its items."""

from datetime import timedelta

from django import forms
from django.utils.functional import cached_property

from catalog.forms.choosing import BundleChooser
from catalog.forms.lists import OperationForm, offer_entries
from catalog.forms.products import ProductForm
from catalog.forms.rows import RowForm, RowsMixin, plain, quantity_field
from catalog.models import AccountClass, Composition, Product, SalesBundle, Technology
from catalog.operations.sales_bundles import NO_ITEMS, ItemRow
from config.shared.choosing import ChosenField


class ItemForm(RowForm):
    """An item of a sales bundle. Any product may be posted: the operation says what fits."""

    product = ChosenField(
        Product.objects.select_related("type"), search="catalog:choose_product", query="for=item"
    )
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

    def __init__(self, *args, on, items=(), **kwargs):
        self.on = on
        self.stored_choices = {
            row.product_id: {each.product_id: each.quantity for each in row.choices.all()}
            for row in items
        }
        initial = [{"product": row.product, "quantity": plain(row.quantity)} for row in items]
        super().__init__(*args, rows_initial=initial, **kwargs)
        offer_entries(self.fields["account_classes"], AccountClass)
        offer_entries(self.fields["technologies"], Technology)

    def clean(self):
        """Refuse a validity that has no day, and a bundle without items."""
        cleaned = super().clean()
        if not self.filled_rows():
            self.rows.non_form_errors().append(NO_ITEMS)
            self.add_error(None, "There are no items.")
        first, last = self.cleaned_data.get("first_day"), self.cleaned_data.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", "The last day is before the first.")
        return cleaned

    @cached_property
    def choosers(self):
        """The choices of the flexible bundles among the items, by the id of their product."""
        if self.is_bound:
            self.rows.is_valid()
            products = [row.cleaned_data.get("product") for row in self.filled_rows()]
        else:
            products = [initial["product"] for initial in self.rows.initial]
        return {
            product.pk: BundleChooser(
                product,
                on=self.on,
                prefix=f"choices-{product.pk}",
                data=self.data if self.is_bound else None,
                chosen=self.stored_choices.get(product.pk),
            )
            for product in products
            if product is not None and product.type.composition == Composition.FLEXIBLE_BUNDLE
        }

    def add_row_error(self, place, field, message):
        """Show a refusal at its row, but what is wrong with a choice at the rows of the choice."""
        row = self.filled_rows()[place]
        product = row.cleaned_data.get("product")
        chooser = self.choosers.get(product.pk) if product else None
        if field != "choices" or chooser is None:
            super().add_row_error(place, field, message)
            return
        chooser.faults = tuple(chooser.flexible.faults(chooser.chosen))
        number = self.rows.forms.index(row) + 1
        self.add_error(None, f"Row {number}: {product} needs another choice.")

    def _item(self, data):
        chooser = self.choosers.get(data["product"].pk)
        choices = {product.pk: count for product, count in chooser.choices()} if chooser else {}
        return ItemRow(data["product"], data["quantity"], choices)

    def values(self):
        """Return what the operation takes."""
        values = {name: self.cleaned_data[name] for name in self.Meta.fields}
        first, last = self.cleaned_data["first_day"], self.cleaned_data["last_day"]
        after = last and last + timedelta(days=1)
        values["validity"] = (first, after) if first or after else None
        values["items"] = [self._item(row.cleaned_data) for row in self.filled_rows()]
        return values
