"""Forms of bundle products: their components, and what restricts the choice of them."""

from django import forms

from catalog.forms.rows import RowForm, RowsMixin, plain, quantity_field
from catalog.models import Composition, Product, ProductFamily, ProductType
from catalog.operations.bundles import ComponentRow
from config.shared.choosing import ChosenField
from config.shared.forms import RatebookForm

MOST_CHOSEN = 10_000


class ComponentRowForm(RowForm):
    """A row that names a component of `bundle`. Any product may be posted: the operation says what
    fits.
    """

    product = ChosenField(
        Product.objects.select_related("type"), search="catalog:choose_product", label="Product"
    )

    def __init__(self, *args, bundle, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["product"].search_with(f"for=component&bundle={bundle.code}")


class FixedComponentRow(ComponentRowForm):
    """A component of a fixed bundle."""

    quantity = quantity_field(initial=1)

    def component(self):
        """Return the row for the operation."""
        return ComponentRow(**{key: self.cleaned_data[key] for key in ("product", "quantity")})


class FlexibleComponentRow(ComponentRowForm):
    """A component of a flexible bundle: a product, or a type and/or a family to choose from."""

    quantity = quantity_field(required=False)
    type = ChosenField(
        ProductType.objects.all(),
        search="catalog:choose_type",
        query="kind=termed-flat",
        required=False,
    )
    family = ChosenField(
        ProductFamily.objects.all(), search="catalog:choose_family", required=False
    )
    minimum = forms.IntegerField(required=False, min_value=0, max_value=MOST_CHOSEN)
    maximum = forms.IntegerField(required=False, min_value=0, max_value=MOST_CHOSEN)
    mandatory = forms.BooleanField(required=False, initial=True, label="Always")
    groups = (("A named product", 3), ("or a kind to choose from", 4))
    group_starts = ("type",)
    field_order = ("product", "quantity", "mandatory", "type", "family", "minimum", "maximum")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["product"].required = False

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
        initial = [
            {
                "product": row.product,
                "quantity": plain(row.quantity),
                "type": row.type,
                "family": row.family,
                "minimum": None if row.product_id else row.minimum,
                "maximum": row.maximum,
                "mandatory": row.mandatory,
            }
            for row in components
        ]
        super().__init__(*args, rows_initial=initial, row_options={"bundle": bundle}, **kwargs)

    def component_rows(self):
        """Return the rows for the operation."""
        return [row.component() for row in self.filled_rows()]


AT_LEAST_ONE = "Give a whole number of at least 1, or leave it empty."


class RestrictionsForm(RatebookForm):
    """From how many families and types the components of a flexible bundle may come."""

    most_families = forms.IntegerField(
        label="Families at most",
        required=False,
        min_value=1,
        max_value=MOST_CHOSEN,
        help_text="1: all components are of one family. Empty: of any number of families.",
        error_messages={"invalid": AT_LEAST_ONE, "min_value": AT_LEAST_ONE},
    )
    most_types = forms.IntegerField(
        label="Types at most",
        required=False,
        min_value=1,
        max_value=MOST_CHOSEN,
        help_text="1: all components are of one type. Empty: of any number of types.",
        error_messages={"invalid": AT_LEAST_ONE, "min_value": AT_LEAST_ONE},
    )

    def __init__(self, *args, check_url="", **kwargs):
        super().__init__(*args, **kwargs)
        names = ", ".join(f"[name='{self.add_prefix(name)}']" for name in self.fields)
        for number, field in enumerate(self.fields.values()):
            # Saved components change the answer too; one field is enough to ask for it.
            saved = "" if number else ", panelsaved from:body"
            field.widget.attrs |= {
                "hx-get": check_url,
                "hx-trigger": f"input changed delay:300ms{saved}",
                "hx-target": "#restrictions-check",
                "hx-swap": "outerHTML",
                "hx-include": names,
                # Not the form: what is asked while one types must not take the place of saving.
                "hx-sync": "this:replace",
            }
