"""Forms of dependent fees and of fee groups."""

from django import forms

from catalog.forms.lists import OperationForm
from catalog.forms.rows import RowForm, RowsMixin, plain, quantity_field
from catalog.models import FeeGroup
from catalog.operations.fees import CATCH_ALL, FeeRow, GroupRow
from catalog.queries.fees import fee_groups
from catalog.queries.products import products
from config.shared.choosing import ChosenField
from config.shared.forms import RatebookForm

FEES = {"search": "catalog:choose_product", "query": "for=fee"}


class DependentFeeRow(RowForm):
    """A fee that comes with a product: a named one, or one of a group."""

    fee = ChosenField(products(), required=False, **FEES)
    group = ChosenField(
        fee_groups(), search="catalog:choose_fee_group", required=False, label="Or a fee group"
    )
    quantity = quantity_field(initial=1)


class DependentFeesForm(RowsMixin, RatebookForm):
    """The fees that come with a product."""

    row_form_class = DependentFeeRow
    rows_label = "Dependent fees"

    def __init__(self, *args, fees=(), **kwargs):
        initial = [
            {"fee": row.fee, "group": row.group, "quantity": plain(row.quantity)} for row in fees
        ]
        super().__init__(*args, rows_initial=initial, **kwargs)

    def fee_rows(self):
        """Return the rows for the operation."""
        names = ("fee", "group", "quantity")
        return [
            FeeRow(**{name: row.cleaned_data[name] for name in names}) for row in self.filled_rows()
        ]


class FeeOfGroupRow(RowForm):
    """A fee of a group and the value that picks it."""

    criterion = forms.CharField(max_length=80, label="Value")
    fee = ChosenField(products(), **FEES)


class FeeGroupForm(RowsMixin, OperationForm):
    """A fee group with its fees."""

    row_form_class = FeeOfGroupRow
    rows_label = "Fees"
    optional = ("code",)
    whole_row = ("description",)

    class Meta:
        model = FeeGroup
        fields = ("name", "code", "match_on", "match_required", "description")
        help_texts = {
            "code": "Made of the name where left empty.",
            "match_on": "A part of the address is the user's, or the account's where it has none.",
            "match_required": "Without a fee for the user's value, the product cannot be added.",
        }

    def __init__(self, *args, fees=(), **kwargs):
        initial = [{"criterion": row.criterion or CATCH_ALL, "fee": row.fee} for row in fees]
        super().__init__(*args, rows_initial=initial, **kwargs)

    def values(self):
        """Return what the operation takes."""
        values = {name: self.cleaned_data[name] for name in self.Meta.fields}
        values["rows"] = [
            GroupRow(row.cleaned_data["fee"], row.cleaned_data["criterion"])
            for row in self.filled_rows()
        ]
        return values
