"""A rate as one line of a table, saved in place."""

from typing import Any

from django import forms

from config.shared.choosing import ChosenField
from config.shared.record_field import record_field
from pricing.forms.prices import PriceFields, price_initial
from pricing.models import PricePlanRate


class RateLineForm(PriceFields):
    """A rate as one line of a table: a change of the rate `row`, or without it a new one.

    `choices` names the field of a new line that differs: the plans on a product's page, as they
    were read, the products on a plan's, which are searched. `is_once` leaves out what a price paid
    once does not have.
    """

    row = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        choices: dict[str, Any] | None = None,
        bundle_choices: Any = None,
        rate: PricePlanRate | None = None,
        is_once: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        row = rate.pk if rate else self.row_pk
        if row is None:
            self._add_choices(choices, bundle_choices)
            self.fields["base_amount"].required = True
            for name in ("per_count", "per_unit", "setup_fee") if is_once else ():
                del self.fields[name]
            return
        self.fields["row"].initial = row
        self.auto_id = f"rate-{row}-%s"
        if rate is not None:
            self.initial = {**price_initial(rate), "row": row}
        for field in self.fields.values():
            field.widget.attrs |= {"form": f"rate-{row}", "aria-label": field.label}
            if isinstance(field.widget, forms.CheckboxInput):
                field.widget.attrs["class"] = "form-check-input"
            elif isinstance(field.widget, forms.Select):
                field.widget.attrs["class"] = "form-select w-auto"
            else:
                field.widget.attrs |= {"class": "form-control w-auto text-end", "size": 8}
        self.fields["per_count"].widget.attrs["size"] = 3
        for name in ("base_amount", "setup_fee"):  # ten decimals are shown whole
            shown = len(str(self.initial.get(name, "")))
            self.fields[name].widget.attrs["size"] = max(8, shown + 2)

    def _add_choices(self, choices, bundle_choices):
        for name, offered in (choices or {}).items():
            if name == "product":
                self.fields[name] = ChosenField(
                    offered, search="catalog:choose_product", query="for=priced"
                )
            else:
                self.fields[name] = record_field(offered, first=f"Choose a {name}")
        if bundle_choices is not None:
            self.fields["bundle"] = ChosenField(
                bundle_choices,
                search="catalog:choose_product",
                query="for=bundle",
                required=False,
                label="As a component of",
            )
            self.fields["bundle"].widget.attrs["placeholder"] = "Sold alone"
        first = [*(choices or {}), "bundle"]
        self.order_fields([name for name in first if name in self.fields])

    @property
    def row_pk(self) -> int | None:
        """The rate that was sent, None for a new line."""
        text = self.data.get(self.add_prefix("row"), "") if self.is_bound else ""
        return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
