"""Forms of additive discounts: the discount with its products, a new version, its days."""

from decimal import Decimal
from typing import Any

from django import forms

from catalog.forms.lists import offer_entries
from catalog.forms.rows import RowForm, plain
from catalog.models import (
    AccountClass,
    AccountClassification,
    Product,
    ProductFamily,
    ProductType,
)
from config.shared.choosing import ChosenField
from pricing.forms.usage_records import (
    CurrencyField,
    UsageRowsForm,
    ValidityMixin,
    first_day_field,
    last_day_field,
    plain_decimal,
)
from pricing.models import AdditiveDiscount, DiscountApplication, DiscountOption, DiscountRenewal
from pricing.models.discounts import AMOUNTS, ONCE, PERCENTAGES
from pricing.operations.discount_checks import NOT_TICKED, TICKED_TWICE
from pricing.operations.discounts import HeldRow, Parts, ProductRow
from pricing.operations.lengths import fault_of_length

TAKEN_OFF, HELD = "OFF", "HELD"
TAKEN_FROM = ("on_recurring", "on_setup", "on_once")
_LASTING = "option: " + " ".join(one for one in DiscountOption if one not in ONCE)
# Field → which values of others need it (static/js/shown_for.js).
SHOWN_FOR = {
    "needs_approval": f"application: {DiscountApplication.AD_HOC}",
    "value": "option: " + " ".join(o for o in DiscountOption if o != DiscountOption.FREE_PERIOD),
    "currency": "option: " + " ".join(AMOUNTS),
    **dict.fromkeys(
        TAKEN_FROM,
        "option: " + " ".join(o for o in DiscountOption if o != DiscountOption.FREE_USAGE),
    ),
    **dict.fromkeys(("for_count", "for_unit", "renewal"), _LASTING),
    **dict.fromkeys(
        ("renewal_count", "renewal_unit"), f"{_LASTING}; renewal: {DiscountRenewal.EVERY}"
    ),
}


class DiscountRowForm(RowForm):
    """What a discount is taken off, or what has to be on the subscription for it."""

    role = forms.ChoiceField(
        label="Is",
        choices=[(TAKEN_OFF, "discounted"), (HELD, "required on the subscription")],
        initial=TAKEN_OFF,
    )
    product = ChosenField(
        Product.objects.select_related("type"), search="catalog:choose_product", required=False
    )
    type = ChosenField(ProductType.objects.all(), search="catalog:choose_type", required=False)
    family = ChosenField(
        ProductFamily.objects.all(), search="catalog:choose_family", required=False
    )
    least_quantity = forms.DecimalField(
        max_digits=12, decimal_places=4, min_value=0, required=False, label="At least"
    )

    def clean(self):
        """Ask for a product, or a type and/or a family."""
        cleaned = super().clean()
        named = [cleaned.get(name) for name in ("product", "type", "family")]
        if not any(named) and not self.errors:
            self.add_error("product", "Name a product, or a type and/or a family.")
        elif named[0] and (named[1] or named[2]):
            self.add_error("product", "A product needs no type and no family.")
        return cleaned

    def row(self):
        """Return the row for the operation."""
        data = self.cleaned_data
        named = {name: data[name] for name in ("product", "type", "family")}
        if data["role"] == HELD:
            least = data["least_quantity"]
            return HeldRow(**named, least_quantity=Decimal(1) if least is None else least)
        return ProductRow(**named)


class DiscountForm(ValidityMixin, UsageRowsForm):
    """A discount with the products it is for, and who gets it."""

    row_form_class = DiscountRowForm
    rows_label = "Products"
    free_fields = ("code", "name", "alternative_code", "description")
    currency = CurrencyField(required=False)
    valid_from = first_day_field()
    valid_until = last_day_field()
    form_sections = [
        ("Main information", ["name", "code", "alternative_code", "sort_order"]),
        ("How it is given", ["application", "needs_approval", "applies_to"]),
        (
            "What it gives",
            [
                *("option", "value", "currency", "for_count", "for_unit"),
                *("renewal", "renewal_count", "renewal_unit", *TAKEN_FROM),
            ],
        ),
        (
            "Who gets it",
            [
                *("valid_from", "valid_until", "account_classes", "classifications"),
                *("least_quantity", "most_quantity"),
            ],
        ),
        ("Notes", ["description"]),
    ]

    class Meta:
        model = AdditiveDiscount
        fields = [
            *("name", "code", "alternative_code", "sort_order", "application", "needs_approval"),
            *("applies_to", "option", "value", "currency", "for_count", "for_unit", "renewal"),
            *TAKEN_FROM,
            *("renewal_count", "renewal_unit", "account_classes", "classifications"),
            *("least_quantity", "most_quantity", "description"),
        ]
        widgets = {
            "account_classes": forms.CheckboxSelectMultiple,
            "classifications": forms.CheckboxSelectMultiple,
        }
        labels = {"least_quantity": "Quantity at least", "most_quantity": "Quantity at most"}
        help_texts = {
            "value": "A percentage of at most 100, an amount, or units of usage.",
            "for_count": "How long each time; empty: one billing period.",
            "account_classes": "None ticked: accounts of every class.",
            "classifications": "None ticked: accounts of every classification.",
            "least_quantity": "Of the service itself.",
        }

    def __init__(self, *args, parts: Parts | None = None, **kwargs):
        rows = [] if parts is None else _initial_rows(parts)
        super().__init__(*args, rows_initial=rows, **kwargs)
        for name, needed in SHOWN_FOR.items():
            if name in self.fields:
                self.fields[name].shown_for = needed
                self.fields[name].required = False
        for name in ("value", "least_quantity", "most_quantity"):
            if name in self.fields and self.initial.get(name) is not None:
                self.initial[name] = plain_decimal(self.initial[name])
        if self.is_frozen:
            for name in ("valid_from", "valid_until"):
                self.fields.pop(name, None)
            return
        self.fields["currency"].choices = [("", "None"), *self.fields["currency"].choices]
        offer_entries(self.fields["account_classes"], AccountClass)
        offer_entries(self.fields["classifications"], AccountClassification)
        self.set_validity(self.instance.validity)

    def clean(self):
        """Empty what the option does not ask for, and say at the field what is missing."""
        if self.is_frozen:
            return UsageRowsForm.clean(self)
        cleaned = super().clean()
        option = cleaned.get("option")
        cleaned["renewal"] = cleaned.get("renewal") or DiscountRenewal.EVERY_CYCLE
        if option in ONCE:
            cleaned["renewal"], cleaned["for_count"] = DiscountRenewal.NEVER, None
        if option == DiscountOption.FREE_PERIOD:
            cleaned["value"] = None
        if option == DiscountOption.FREE_USAGE:
            cleaned |= dict.fromkeys(TAKEN_FROM, False) | {"on_recurring": True}
        if option not in AMOUNTS:
            cleaned["currency"] = ""
        if not cleaned.get("for_count"):
            cleaned["for_unit"] = ""
        if cleaned.get("renewal") != DiscountRenewal.EVERY:
            cleaned["renewal_count"], cleaned["renewal_unit"] = None, ""
        if cleaned.get("application") == DiscountApplication.AUTO_APPLY:
            cleaned["needs_approval"] = False
        for field, fault in _faults(cleaned):
            if field not in self.errors:
                self.add_error(field, fault)
        return cleaned

    def record_fields(self) -> dict[str, Any]:
        """Return the discount's own fields for the operation; no days mean always."""
        found = super().record_fields()
        for name in ("account_classes", "classifications"):
            found.pop(name, None)
        if not self.is_frozen:
            days = self.validity()
            is_bound = days.lower is not None or days.upper is not None
            found["validity"] = days if is_bound else None
        return found

    def parts(self) -> Parts | None:
        """Return the lists for the operation; None keeps those of a frozen one."""
        rows = self.wanted_rows()
        if rows is None:
            return None
        return Parts(
            [row for row in rows if not isinstance(row, HeldRow)],
            [row for row in rows if isinstance(row, HeldRow)],
            list(self.cleaned_data["account_classes"]),
            list(self.cleaned_data["classifications"]),
        )

    def add_row_error(self, place, field, message):
        """Show a refusal at the row of the table that has the product required."""
        held = [n for n, row in enumerate(self.wanted_rows() or []) if isinstance(row, HeldRow)]
        super().add_row_error(held[place] if place < len(held) else place, field, message)


def _faults(cleaned: dict[str, Any]):
    option, value = cleaned.get("option"), cleaned.get("value")
    if option != DiscountOption.FREE_PERIOD:
        if value is None or value <= 0:
            yield "value", "Say how much is taken off: more than 0."
        elif option in PERCENTAGES and value > 100:
            yield "value", "A percentage is at most 100."
    if option in AMOUNTS and not cleaned.get("currency"):
        yield "currency", "Say in which currency the amount is."
    ticked = sum(bool(cleaned.get(name)) for name in TAKEN_FROM)
    if not ticked:
        yield "on_recurring", NOT_TICKED
    elif option in ONCE and ticked > 1:
        yield "on_recurring", TICKED_TWICE
    if cleaned.get("for_count") and not cleaned.get("for_unit"):
        yield "for_unit", "Choose the unit of time."
    if cleaned.get("renewal") == DiscountRenewal.EVERY:
        if not cleaned.get("renewal_count"):
            yield "renewal_count", "Say after how long it is given again."
        elif not cleaned.get("renewal_unit"):
            yield "renewal_unit", "Choose the unit of time."
    for name in ("for", "renewal"):
        count, unit = cleaned.get(f"{name}_count"), cleaned.get(f"{name}_unit")
        if count and unit and (fault := fault_of_length(count, unit)):
            yield f"{name}_count", fault
    least, most = cleaned.get("least_quantity"), cleaned.get("most_quantity")
    if least is not None and most is not None and most < least:
        yield "most_quantity", "The most is below the least."


def _initial_rows(parts: Parts) -> list[dict[str, Any]]:
    rows = [
        {"role": TAKEN_OFF, "product": row.product, "type": row.type, "family": row.family}
        for row in parts.products
    ]
    return rows + [
        {
            "role": HELD,
            "product": row.product,
            "type": row.type,
            "family": row.family,
            "least_quantity": plain(row.least_quantity),
        }
        for row in parts.held
    ]
