"""Import of tax rates: a row is a rate of a tax code with its percentage from a day on."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db import models

from config.shared.imports.columns import Column, DecimalCell, RecordCell, SlugCell, TextCell
from config.shared.imports.day_cells import DayCell
from config.shared.imports.drafts import Draft
from config.shared.imports.files import Line
from config.shared.operations.clock import today
from pricing.imports.coded import PricingResource
from pricing.imports.rate_cells import AmountCell, EnumCell
from pricing.kernel.tax_rules import RuleKind, TaxRule
from pricing.models import TaxCode, TaxRate, TaxRateVersion
from pricing.operations.taxes import add_tax_rate, rename_tax_rate, set_percentage

_OF_VERSION = ("percentage", "rule", "rule_value")


class TaxRateResource(PricingResource):
    """Rates of tax codes with their latest percentage, found by code of tax and rate."""

    slug = "tax-rates"
    title = "Tax rates"
    about = (
        "A row is a rate of a tax code with its percentage from a day on, today at the earliest "
        "where it has one already; exports have the latest. Rates that the file does not name stay."
    )
    model = TaxRate
    key = ("tax_code", "code")
    examples = (
        {"tax code": "sample-vat", "code": "standard", "name": "Standard", "percentage": "19"},
        {"tax code": "sample-vat", "code": "reduced", "name": "Reduced", "percentage": "5"},
        {"tax code": "sample-state", "code": "full", "percentage": "4", "from": "2026-01-01"},
        {
            "tax code": "sample-city",
            "code": "full",
            "percentage": "1.5",
            "from": "2026-01-01",
            "falls on": "Monthly maximum",
            "sum or share": "200",
        },
    )

    tax_code = Column(
        "tax code",
        "tax_code",
        RecordCell(TaxCode, noun="tax code"),
        about="The code of the tax.",
        required=True,
    )
    code = Column("code", "code", SlugCell(40), about="Which rate of the tax it is.", required=True)
    name = Column("name", "name", TextCell(80), about="Its name; the code where empty.")
    percentage = Column(
        "percentage",
        "percentage",
        DecimalCell(digits=9, decimals=6),
        about="8.25 is 8.25 %.",
        required=True,
    )
    starts_on = Column(
        "from",
        "starts_on",
        DayCell(),
        about="Its first day; where empty, today if anything changes.",
    )
    rule = Column(
        "falls on",
        "rule",
        EnumCell(RuleKind),
        about="What part of a charge it falls on; as before where empty.",
    )
    rule_value = Column(
        "sum or share",
        "rule_value",
        AmountCell(decimals=4),
        about="The sum per month, or the percentage that is taxed: 90 is 90 %.",
    )

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.stored: dict[tuple[int, str], TaxRate] = {}

    @classmethod
    def view_permission(cls) -> str:
        """Return what one needs to export."""
        return "pricing.view_taxcode"

    def load(self, lines: Sequence[Line]) -> None:
        """Look up what the rows name."""
        self.load_records(lines)
        codes = self.texts_of(lines, "code")
        rates = TaxRate.objects.filter(code__in=codes).select_related("tax_code")
        for rate in rates.prefetch_related("versions"):
            self.stored[rate.tax_code_id, rate.code] = rate

    def find(self, row: Mapping[str, str]) -> models.Model | None:
        """Find the rate by tax and code."""
        tax_code = self.named("tax_code", row)
        return self.stored.get((tax_code.pk, row.get("code", ""))) if tax_code else None

    def stored_values(self, record: models.Model) -> dict[str, Any]:
        """Return the rate with its latest percentage."""
        rate: Any = record
        last = _last(rate)
        return {
            "tax_code": rate.tax_code,
            "code": rate.code,
            "name": rate.name,
            "percentage": last and (last.fraction * 100).normalize(),
            "starts_on": last and last.period.lower,
            "rule": RuleKind(last.rule) if last else None,
            "rule_value": last and _value_of(last),
        }

    def import_instance(self, instance: Draft, row: Any, **kwargs: Any) -> None:
        """Read the cells and fill in what an empty one stands for."""
        draft: Any = instance
        try:
            super().import_instance(instance, row, **kwargs)
        finally:
            if draft.rule is None:
                draft.rule = draft.stored["rule"] or RuleKind.EVERYTHING
                draft.rule_value = draft.rule_value or draft.stored["rule_value"]
            stored = draft.stored["starts_on"]
            draft.starts_on = draft.starts_on or stored or today()
            is_other = any(getattr(draft, name) != draft.stored[name] for name in _OF_VERSION)
            if is_other and draft.starts_on == stored and stored <= today():
                draft.starts_on = today()

    def problems(self, draft: Any) -> Iterator[tuple[str, str]]:
        """Check that the rule has the number it needs."""
        if draft.rule is RuleKind.PERCENTAGE:
            if draft.rule_value is None or not 0 <= draft.rule_value <= 100:
                yield "rule_value", "Give the percentage that is taxed, 0 to 100."
        elif draft.rule is not RuleKind.EVERYTHING and (draft.rule_value or 0) <= 0:
            yield "rule_value", "Give the sum per month."
        elif draft.rule is RuleKind.EVERYTHING and draft.rule_value:
            yield "rule_value", "Everything is taxed: leave it empty."

    def create(self, draft: Draft) -> models.Model | None:
        """Add the rate to its tax code."""
        row: Any = draft
        return add_tax_rate(
            row.tax_code,
            code=row.code,
            name=row.name or row.code,
            fraction=_fraction(row.percentage),
            rule=_rule(row),
            starts_on=row.starts_on,
        )

    def change(self, draft: Draft) -> models.Model | None:
        """Rename the rate; let another percentage follow."""
        row: Any = draft
        rate: TaxRate = row.record
        changes = draft.changes()
        if row.name and "name" in changes:
            rename_tax_rate(rate, name=row.name)
        if {*_OF_VERSION, "starts_on"} & changes.keys():
            set_percentage(
                rate,
                _fraction(row.percentage),
                rule=_rule(row),
                starts_on=row.starts_on,
                on=today(),
            )
        return rate

    def history(self, pks: set[int]) -> Iterable[Any]:
        """Return the history of rates and their percentages."""
        return [*super().history(pks), TaxRateVersion.history.filter(tax_rate_id__in=pks)]

    def all_records(self) -> models.QuerySet[Any]:
        """Return all, tax by tax."""
        return TaxRate.objects.order_by("tax_code__code", "code", "pk")

    def prepared(self, records: Sequence[Any]) -> None:
        """Load tax codes and percentages."""
        models.prefetch_related_objects(list(records), "tax_code", "versions")


def _last(rate: TaxRate) -> TaxRateVersion | None:
    return max(rate.versions.all(), key=lambda version: version.period.lower, default=None)


def _fraction(percentage: Decimal) -> Decimal:
    return percentage / 100


def _rule(row: Any) -> TaxRule:
    value = row.rule_value or Decimal(0)
    return TaxRule(row.rule, value / 100 if row.rule is RuleKind.PERCENTAGE else value)


def _value_of(version: TaxRateVersion) -> Decimal | None:
    if version.rule == RuleKind.EVERYTHING:
        return None
    value: Decimal = version.rule_value
    return (value * 100 if version.rule == RuleKind.PERCENTAGE else value).normalize()
