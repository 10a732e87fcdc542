"""Import of tax rates: a row is a rate of a tax code with its percentage from a day on."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import models

from config.shared.imports.columns import Cell, Column, DecimalCell, RecordCell, TextCell
from config.shared.imports.files import Line
from config.shared.imports.resources import Draft, MasterResource
from config.shared.operations.clock import today
from pricing.models import TaxCode, TaxRate, TaxRateVersion
from pricing.operations.taxes import add_tax_rate, rename_tax_rate, set_percentage
from pricing.queries.errors import PricingError


class DayCell(Cell):
    """A day: 2026-07-01."""

    empty: Any = None

    def read(self, text: str) -> date:
        """Return the day."""
        try:
            return date.fromisoformat(text.strip())
        except ValueError as error:
            raise ValueError(f"“{text}” is no day such as 2026-07-01.") from error

    def write(self, value: Any) -> str:
        """Return the day as text."""
        return "" if value is None else value.isoformat()


class TaxRateResource(MasterResource):
    """Rates of tax codes with their latest percentage, found by code of tax and rate."""

    slug = "tax-rates"
    title = "Tax rates"
    about = (
        "A row is a rate of a tax code with its percentage from a day on, today at the earliest "
        "where it has one already. Rates that the file does not name stay as they are."
    )
    model = TaxRate
    key = ("tax_code", "code")
    refusals = (PricingError,)
    examples = (
        {"tax code": "vat", "code": "standard", "name": "Standard", "percentage": "19"},
        {"tax code": "city", "code": "full", "percentage": "8.25", "from": "2026-07-01"},
    )

    tax_code = Column(
        "tax code",
        "tax_code",
        RecordCell(TaxCode, noun="tax code"),
        about="The code of the tax.",
        required=True,
    )
    code = Column("code", "code", TextCell(40), about="Which rate of the tax it is.", required=True)
    name = Column("name", "name", TextCell(80), about="Its name; the code where empty.")
    percentage = Column(
        "percentage",
        "percentage",
        DecimalCell(digits=9, decimals=6),
        about="8.25 is 8.25 %.",
        required=True,
    )
    starts_on = Column("from", "starts_on", DayCell(), about="Its first day; today where empty.")

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

    def key_of(self, row: Mapping[str, str]) -> tuple[str, str]:
        """Return tax and rate as one text."""
        texts = [row.get("tax code", ""), row.get("code", "")]
        return ("code", "\n".join(texts)) if all(texts) else ("", "")

    def find(self, row: Mapping[str, str]) -> models.Model | None:
        """Find the rate by tax and code."""
        column: Any = self.column("tax_code")
        tax_code = column.widget.found.get(row.get("tax code", ""))
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
        }

    def create(self, draft: Draft) -> models.Model | None:
        """Add the rate to its tax code."""
        row: Any = draft
        return add_tax_rate(
            row.tax_code,
            code=row.code,
            name=row.name or row.code,
            fraction=_fraction(row.percentage),
            starts_on=row.starts_on or today(),
        )

    def change(self, draft: Draft) -> models.Model | None:
        """Rename the rate; let another percentage follow, under the rule of the one before."""
        row: Any = draft
        stored: Any = draft.record
        rate: TaxRate = stored
        changes = draft.changes()
        if row.name and "name" in changes:
            rename_tax_rate(rate, name=row.name)
        if "percentage" in changes or "starts_on" in changes:
            starts_on = row.starts_on if "starts_on" in changes else None
            set_percentage(
                rate,
                _fraction(row.percentage),
                starts_on=starts_on or today(),
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
