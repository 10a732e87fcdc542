"""A whole rate with its phases and tiers, on a page of its own."""

from dataclasses import replace
from decimal import Decimal

from django import forms

from catalog.forms.rows import RowForm, RowsMixin
from config.shared.choosing import ChosenField
from config.shared.db import choices_of
from config.shared.forms import AmountInput, dress_field
from pricing.forms.prices import MOST_PERIODS, PriceFields, amount_field, plain, price_initial
from pricing.forms.usage_records import plain_decimal, rate_cell
from pricing.kernel.periods import Duration, Unit
from pricing.kernel.rates import (
    RECURRING_BASES,
    AfterLast,
    BasePer,
    Basis,
    Phase,
    SetUpFee,
    TimeUnit,
)
from pricing.kernel.tiers import Tier, TierRule
from pricing.models import EffectiveFrom, PricePlanRate
from pricing.operations.lengths import fault_of_length
from pricing.operations.rate_checks import (
    TIERED_BASES,
    RateTierRow,
    check_product,
    check_tiered,
    tiers_by_phase,
    usual_basis,
)
from pricing.operations.rates import terms_of
from pricing.operations.tier_plans import WrongTiers
from pricing.queries.errors import PricingError
from pricing.queries.plans import bundles, priced_products

MOST_PHASES = 6
NO_USAGE = "Choose a product of the list; usage services are priced in usage catalogues only."
RECURRING = f"basis: {' '.join(sorted(RECURRING_BASES))}"
TIERED = f"basis!: {' '.join(sorted(TIERED_BASES))}"
# A field → for which bases it is shown; "!": not for the usual one, which has no tiers or units.
SHOWN_FOR = {
    "per_count": RECURRING,
    "per_unit": RECURRING,
    "setup_fee": RECURRING,
    "setup": RECURRING,
    "effective_from": RECURRING,
    "base_per": f"basis!: {Basis.QUANTITY_AND_MATURITY}",
    "time_unit": f"basis!: {Basis.DURATION}",
    "minimum": TIERED,
}
TIER_RULES = [
    (TierRule.GRADUATED.value, "Graduated: each slab at its own price"),
    (TierRule.VOLUME.value, "Volume: one tier's price for all units"),
    (TierRule.STEP.value, "Step: one tier's fixed price in all"),
    (TierRule.PACKAGE.value, "Package: a price for each block begun"),
]


class RateTierForm(RowForm):
    """A quantity tier."""

    phase = forms.IntegerField(
        required=False, min_value=1, max_value=MOST_PERIODS, label="Phase (where there are any)"
    )
    above = forms.DecimalField(
        required=False, max_digits=22, decimal_places=8, min_value=0, label="From"
    )
    up_to = forms.DecimalField(
        required=False, max_digits=22, decimal_places=8, label="Up to (empty: no end)"
    )
    rate = rate_cell(required=False, label="Price per unit or block")
    fixed = rate_cell(required=False, label="Fixed price")
    block = forms.DecimalField(
        required=False, max_digits=22, decimal_places=8, label="Units in a block"
    )

    def is_filled(self):
        """Return whether something stands in the row."""
        return any(self.cleaned_data.get(name) is not None for name in self.fields)

    def row(self):
        """Return the row for the operation."""
        data = self.cleaned_data
        return RateTierRow(
            up_to=data["up_to"],
            rate=data["rate"] or Decimal(0),
            fixed=data["fixed"] or Decimal(0),
            block=Decimal(1) if data["block"] is None else data["block"],
            phase=data["phase"] or 0,
            above=data["above"],
        )


class RateForm(RowsMixin, PriceFields):
    """The whole rate of a product in a plan, with its phases and tiers."""

    row_form_class = RateTierForm
    rows_label = "Tiers"
    blank_rows = 2
    field_order = ["product", "bundle", "basis"]
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
    basis = forms.ChoiceField(
        required=False,
        choices=[
            ("", "As usual for the product"),
            *((value, label) for value, label in choices_of(Basis) if value != Basis.USAGE),
        ],
        help_text="Services: maturity, or quantity and maturity. What is paid once: flat fee, or "
        "quantity; one-time services also by duration.",
    )
    base_per = forms.ChoiceField(
        label="Amount is asked per",
        choices=choices_of(BasePer),
        initial=BasePer.PERIOD_AND_ITEM.value,
        required=False,
    )
    time_unit = forms.ChoiceField(
        label="Amount is for each",
        choices=choices_of(TimeUnit),
        initial=TimeUnit.HOUR.value,
        required=False,
    )
    minimum = amount_field(
        label="Minimum charge",
        required=False,
        help_text="The least that is asked for a period, or once, whatever the quantity.",
    )
    setup = forms.ChoiceField(
        label="Set-up fee is asked",
        choices=[
            (SetUpFee.CHARGE.value, "With the first charge"),
            (SetUpFee.WAIVE.value, "Never (waived)"),
            (SetUpFee.ON_OPEN.value, "On the first day in service, billed or not"),
        ],
        initial=SetUpFee.CHARGE.value,
        required=False,
    )
    deposit = amount_field(label="Deposit", required=False)
    effective_from = forms.ChoiceField(
        label="Phases count from",
        choices=EffectiveFrom.choices,
        initial=EffectiveFrom.SERVICE.value,
        required=False,
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
    tier_rule = forms.ChoiceField(
        label="Rule", choices=TIER_RULES, initial=TierRule.GRADUATED.value, required=False
    )
    form_sections = [
        ("Product", ["product", "bundle", "basis"]),
        (
            "Price",
            [
                *("base_amount", "tax_inclusive", "per_count", "per_unit", "base_per"),
                *("time_unit", "minimum", "setup_fee", "setup", "deposit"),
            ],
        ),
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
        for name, parts in SHOWN_FOR.items():
            self.fields[name].shown_for = parts
        self.fields["base_amount"].help_text = "Left out where there are phases or tiers."

    def sections(self):
        """Return the sections without phases and tiers, which stand in tables of their own."""
        inside = {name for _, names in self.form_sections for name in names}
        return [part for part in super().sections() if inside & {f.name for f in part.fields}]

    def phase_rows(self):
        """Return the fields of each phase: amount, times, count, unit."""
        return [
            (number, [self[name] for name in phase_fields(number)]) for number in self.phase_numbers
        ]

    def filled_rows(self):
        """Return the forms of the tiers in which something stands."""
        return [
            row
            for row in self.rows.forms
            if row not in self.rows.deleted_forms and row.is_valid() and row.is_filled()
        ]

    def clean(self):
        """Ask for an amount where no phase or tier has one, and for whole phases and tiers."""
        self._check_basis()
        cleaned = super().clean()
        self._give_phases_amounts(cleaned)
        self._check_lengths(cleaned)
        rows = self.filled_rows()
        places = {number: place for place, number in enumerate(self._priced_phases(), start=1)}
        count = len(places)
        tiers = [row.row() for row in rows]
        tiers = [replace(tier, phase=places.get(tier.phase, tier.phase)) for tier in tiers]
        try:
            self.tiers = tiers_by_phase(tiers, count)
        except WrongTiers as fault:
            self.tiers = {}
            self.add_row_error(fault.row, fault.field, str(fault))
            return cleaned
        is_priced = cleaned.get("base_amount") is not None or count or rows
        if not is_priced and not {"base_amount", "phase1_amount"} & set(self.errors):
            self.add_error("base_amount", "Give an amount, or that of a phase or tier.")
        return cleaned

    def _check_basis(self):
        """Say at once, whatever is wrong with the tiers, that the product has no such basis."""
        data = self.cleaned_data
        product = data.get("product")
        if product is None or "basis" not in data:
            return
        basis = Basis(data["basis"] or usual_basis(product))
        try:
            check_product(product, basis, data.get("bundle"))
            if any(row.has_changed() for row in self.rows.forms):
                check_tiered(basis)
        except PricingError as refusal:
            self.add_error(refusal.field, str(refusal))

    def _give_phases_amounts(self, cleaned):
        """Read the empty amount of a phase with tiers as 0; ask for that of other ones."""
        tiered = {row.cleaned_data["phase"] for row in self.filled_rows()}
        for number in self.phase_numbers:
            amount, times = (cleaned.get(f"phase{number}_{name}") for name in ("amount", "times"))
            name = f"phase{number}_amount"
            if amount is None and name not in self.errors:
                if number in tiered:
                    cleaned[name] = Decimal(0)
                elif times is not None:
                    self.add_error(name, "A phase has an amount, or tiers.")

    def _check_lengths(self, cleaned):
        """Refuse a phase that leaves the calendar, at its times or at its period."""
        for number in self._priced_phases():
            count, unit, times = (
                cleaned.get(f"phase{number}_{name}") for name in ("count", "unit", "times")
            )
            fault = fault_of_length((count or 1) * (times or 1), unit or Unit.MONTH)
            if fault:
                self.add_error(f"phase{number}_{'times' if times else 'count'}", fault)

    def _priced_phases(self) -> list[int]:
        """Return the numbers, as shown, of the phases that have an amount."""
        data = self.cleaned_data
        return [n for n in self.phase_numbers if data.get(f"phase{n}_amount") is not None]

    def phases(self) -> tuple[Phase, ...]:
        """Return the phases that have an amount, in order, with their tiers."""
        data = self.cleaned_data
        return tuple(
            Phase(
                Duration(
                    data.get(f"phase{number}_count") or 1,
                    Unit(data.get(f"phase{number}_unit") or Unit.MONTH),
                ),
                data.get(f"phase{number}_times") or 0,
                data[f"phase{number}_amount"],
                self.tiers.get(place, ()),
            )
            for place, number in enumerate(self._priced_phases(), start=1)
        )

    def rate(self) -> dict:
        """Return the fields for `add_rate` and `change_rate`."""
        data = self.cleaned_data
        product = data["product"]
        return {
            **self.price(),
            "product": product,
            "bundle": data["bundle"],
            "basis": data["basis"] or usual_basis(product),
            "base_per": data["base_per"] or BasePer.PERIOD_AND_ITEM,
            "time_unit": data["time_unit"] or TimeUnit.HOUR,
            "minimum": data["minimum"] or Decimal(0),
            "setup": data["setup"] or SetUpFee.CHARGE,
            "deposit": data["deposit"] or Decimal(0),
            "effective_from": data["effective_from"] or EffectiveFrom.SERVICE,
            "after_last": data["after_last"] or AfterLast.KEEP,
            "phases": self.phases(),
            "tier_rule": data["tier_rule"] or TierRule.GRADUATED,
            "tiers": self.tiers.get(0, ()),
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
    """Return a rate as the initial values of RateForm; reads its phases and tiers."""
    terms = terms_of(rate)
    initial = {
        **price_initial(rate),
        "product": rate.product_id,
        "bundle": rate.bundle_id,
        **{
            name: getattr(rate, name)
            for name in ("basis", "base_per", "time_unit", "setup", "effective_from")
        },
        "minimum": plain(rate.minimum) if rate.minimum else None,
        "deposit": plain(rate.deposit) if rate.deposit else None,
        "after_last": rate.after_last,
        "tier_rule": rate.tier_rule,
    }
    for number, phase in enumerate(terms.phases, start=1):
        initial |= {
            f"phase{number}_amount": None if phase.tiers else plain(phase.amount),
            f"phase{number}_count": phase.duration.count,
            f"phase{number}_unit": phase.duration.unit.value,
            f"phase{number}_times": phase.times,
        }
    if rate.tiered:
        initial["base_amount"] = None
    return initial


def tiers_initial(rate: PricePlanRate) -> list[dict]:
    """Return the tiers of a rate as the initial rows of RateForm."""
    terms = terms_of(rate)
    groups = [(None, terms.tiers)]
    groups += [(number, phase.tiers) for number, phase in enumerate(terms.phases, start=1)]
    return [row for phase, tiers in groups for row in _tier_rows(phase, tiers)]


def _tier_rows(phase: int | None, tiers: tuple[Tier, ...]) -> list[dict]:
    rows, above = [], Decimal(0)
    for tier in tiers:
        values = {
            "above": above,
            "up_to": tier.up_to,
            "rate": tier.rate or None,
            "fixed": tier.fixed or None,
            "block": tier.block if tier.block != 1 else None,
        }
        rows.append({"phase": phase, **{key: plain_decimal(each) for key, each in values.items()}})
        above = tier.up_to
    return rows
