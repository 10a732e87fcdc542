"""A whole rate with its phases, on a page of its own."""

from django import forms

from config.shared.choosing import ChosenField
from config.shared.db import choices_of
from config.shared.forms import AmountInput, dress_field
from pricing.forms.prices import MOST_PERIODS, PriceFields, amount_field, plain, price_initial
from pricing.kernel.periods import Duration, Unit
from pricing.kernel.rates import AfterLast, Phase
from pricing.models import PricePlanRate
from pricing.queries.plans import bundles, priced_products

MOST_PHASES = 6
NO_USAGE = "Choose a product of the list; usage services are priced in usage catalogues only."


class RateForm(PriceFields):
    """The whole rate of a product in a plan, with its phases."""

    product = ChosenField(
        priced_products(),
        search="catalog:choose_product",
        query="for=priced",
        error_messages={"invalid_choice": NO_USAGE},
    )
    bundle = ChosenField(
        bundles(),
        search="catalog:choose_product",
        query="for=bundle",
        required=False,
        label="As a component of",
        help_text="The price of the product where it comes with this bundle; empty: sold alone.",
    )
    after_last = forms.ChoiceField(
        label="After the last phase",
        choices=[
            (AfterLast.KEEP.value, "Keep its price"),
            (AfterLast.REPEAT.value, "Start over"),
            (AfterLast.STOP.value, "Stop billing"),
        ],
        initial=AfterLast.KEEP.value,
        required=False,
    )
    form_sections = [
        ("Product", ["product", "bundle"]),
        ("Price", ["base_amount", "setup_fee", "per_count", "per_unit", "tax_inclusive"]),
    ]

    def __init__(self, *args, phase_count: int = 0, **kwargs):
        super().__init__(*args, **kwargs)
        self.phase_numbers = range(1, max(MOST_PHASES, phase_count + 1) + 1)
        for number in self.phase_numbers:
            for name, field in phase_fields(number).items():
                dress_field(field)
                is_choice = isinstance(field.widget, forms.Select)
                look = "form-select w-auto" if is_choice else "form-control w-auto"
                field.widget.attrs["class"] = look
                if isinstance(field.widget, AmountInput):
                    field.widget.attrs["size"] = 8
                self.fields[name] = field
        self.fields["base_amount"].help_text = "Left out where there are phases."
        self.fields["per_unit"].help_text = "A one-off product is paid once, whatever stands here."

    def sections(self):
        """Return the sections without the phases, which stand in a table of their own."""
        inside = {"product", "bundle", "base_amount", "setup_fee", "per_count", "tax_inclusive"}
        return [part for part in super().sections() if inside & {f.name for f in part.fields}]

    def phase_rows(self):
        """Return the fields of each phase: amount, times, count, unit."""
        return [
            (number, [self[name] for name in phase_fields(number)]) for number in self.phase_numbers
        ]

    def clean(self):
        """Ask for an amount where no phase has one, and for whole phases."""
        cleaned = super().clean()
        for number in self.phase_numbers:
            amount, times = (cleaned.get(f"phase{number}_{name}") for name in ("amount", "times"))
            if amount is None and times is not None:
                self.add_error(f"phase{number}_amount", "A phase has an amount.")
        is_priced = cleaned.get("base_amount") is not None or self.phases()
        if not is_priced and not {"base_amount", "phase1_amount"} & set(self.errors):
            self.add_error("base_amount", "Give an amount, or the amount of a phase.")
        return cleaned

    def phases(self) -> tuple[Phase, ...]:
        """Return the phases that have an amount, in order."""
        data = self.cleaned_data
        return tuple(
            Phase(
                Duration(
                    data.get(f"phase{number}_count") or 1,
                    Unit(data.get(f"phase{number}_unit") or Unit.MONTH),
                ),
                data.get(f"phase{number}_times") or 0,
                data[f"phase{number}_amount"],
            )
            for number in self.phase_numbers
            if data.get(f"phase{number}_amount") is not None
        )

    def rate(self) -> dict:
        """Return the fields for `add_rate` and `change_rate`."""
        data = self.cleaned_data
        return {
            **self.price(),
            "product": data["product"],
            "bundle": data["bundle"],
            "after_last": data["after_last"] or AfterLast.KEEP,
            "phases": self.phases(),
        }


def phase_fields(number: int) -> dict:
    """Return the fields of one phase; all may be empty, then there is no such phase."""
    return {
        f"phase{number}_amount": amount_field(required=False, label=f"Amount of phase {number}"),
        f"phase{number}_count": forms.IntegerField(
            required=False,
            min_value=1,
            max_value=MOST_PERIODS,
            initial=1,
            label=f"Period of phase {number}",
        ),
        f"phase{number}_unit": forms.ChoiceField(
            required=False,
            choices=choices_of(Unit),
            initial=Unit.MONTH.value,
            label=f"Unit of phase {number}",
        ),
        f"phase{number}_times": forms.IntegerField(
            required=False, min_value=0, max_value=MOST_PERIODS, label=f"Times of phase {number}"
        ),
    }


def rate_initial(rate: PricePlanRate) -> dict:
    """Return a rate as the initial values of RateForm; reads its phases."""
    initial = {
        **price_initial(rate),
        "product": rate.product_id,
        "bundle": rate.bundle_id,
        "after_last": rate.after_last,
    }
    phases = sorted(rate.phases.all(), key=lambda phase: phase.position)
    for number, phase in enumerate(phases, start=1):
        initial |= {
            f"phase{number}_amount": plain(phase.amount),
            f"phase{number}_count": phase.count,
            f"phase{number}_unit": phase.unit,
            f"phase{number}_times": phase.times,
        }
    if phases:
        initial["base_amount"] = None
    return initial
