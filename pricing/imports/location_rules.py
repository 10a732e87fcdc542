"""Import of location rules: a row is a rule with the tax codes of a place."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django.db import models

from config.shared.countries import unknown_country
from config.shared.imports.columns import (
    Column,
    RecordCell,
    RecordsCell,
    TextCell,
    WholeCell,
    in_key_order,
)
from config.shared.imports.day_cells import DayCell
from config.shared.imports.drafts import Draft
from config.shared.imports.files import Line
from config.shared.operations.clock import today
from pricing.imports.coded import PricingResource
from pricing.models import LocationRule, LocationRuleCode, TaxCode, TaxRegion
from pricing.operations.tax_places import add_location_rule, end_location_rule

_MOST = 32_767


class CountryCell(TextCell):
    """The two letters of a country."""

    def read(self, text: str) -> str:
        """Return them in capitals."""
        if unknown_country(text):
            raise ValueError(unknown_country(text))
        return text.upper()


class LocationRuleResource(PricingResource):
    """Location rules, found by name and first day."""

    slug = "location-rules"
    title = "Location rules"
    about = (
        "A row is a rule: where a service is taken, and which tax codes hold there. A rule that is "
        "there only gets another last day; to change one, end it and add another. Rules that the "
        "file does not name stay as they are."
    )
    model = LocationRule
    key = ("name", "starts_on")
    examples = (
        {
            "name": "Sample Cyprus",
            "order": "10",
            "country": "CY",
            "tax codes": "sample-vat",
            "from": "2030-01-01",
            "until": "2030-12-31",
        },
        {
            "name": "Sample New York City",
            "country": "US",
            "postal code": "100",
            "tax codes": "sample-state; sample-city",
            "from": "2030-01-01",
            "until": "2030-12-31",
        },
    )

    name = Column("name", "name", TextCell(80), about="Which rule it is.", required=True)
    starts_on = Column("from", "starts_on", DayCell(), about="Its first day.", required=True)
    ends_on = Column("until", "ends_on", DayCell(), about="Its last day; none where empty.")
    position = Column(
        "order",
        "position",
        WholeCell(least=0, most=_MOST, empty=100),
        about="Lower ones are asked first; 100 where empty.",
    )
    country = Column("country", "country", CountryCell(), about="Two letters; any where empty.")
    postal_prefix = Column(
        "postal code", "postal_prefix", TextCell(20), about="What it begins with; any where empty."
    )
    tax_region = Column(
        "tax region", "tax_region", RecordCell(TaxRegion), about="Its code; any where empty."
    )
    tax_codes = Column(
        "tax codes",
        "tax_codes",
        RecordsCell(TaxCode, noun="tax code"),
        about="Codes, with semicolons: one VAT at most, or an exempt code alone.",
        required=True,
    )

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.stored: dict[tuple[str, str], LocationRule] = {}

    def load(self, lines: Sequence[Line]) -> None:
        """Look up what the rows name, and the rules of these names."""
        self.load_records(lines)
        rules = list(self.all_records().filter(name__in=self.texts_of(lines, "name")))
        self.prepared(rules)
        self.stored |= {(rule.name, rule.period.lower.isoformat()): rule for rule in rules}

    def find(self, row: Mapping[str, str]) -> models.Model | None:
        """Find the rule by name and first day."""
        return self.stored.get((row.get("name", ""), row.get("from", "")))

    def stored_values(self, record: models.Model) -> dict[str, Any]:
        """Return what is stored, the days on their own."""
        rule: Any = record
        names = ("name", "position", "country", "postal_prefix", "tax_region")
        end: date | None = rule.period.upper
        return {
            **{name: getattr(rule, name) for name in names},
            "starts_on": rule.period.lower,
            "ends_on": end and end - timedelta(days=1),
            "tax_codes": in_key_order(code.tax_code for code in rule.codes.all()),
        }

    def problems(self, draft: Any) -> Iterator[tuple[str, str]]:
        """Keep what a rule says; its end comes after its beginning."""
        if draft.starts_on and draft.ends_on and draft.ends_on < draft.starts_on:
            yield "ends_on", "The last day is before the first."
        for name in draft.changes().keys() - {"ends_on"} if draft.record else ():
            yield name, "It stays as it is: end the rule, and add another."
        if draft.record and draft.ends_on is None and draft.stored["ends_on"] is not None:
            yield "ends_on", "A rule that ends keeps a last day; add another rule after it."

    def create(self, draft: Draft) -> models.Model | None:
        """Add the rule."""
        values = {**draft.values(), "tax_codes": list(draft.values()["tax_codes"])}
        return add_location_rule(**values, on=today())

    def change(self, draft: Draft) -> models.Model | None:
        """Give it another last day."""
        row: Any = draft
        end_location_rule(row.record, ends_on=row.ends_on, on=today())
        rule: LocationRule = row.record
        return rule

    def history(self, pks: set[int]) -> Iterable[Any]:
        """Return the history of rules and their codes."""
        return [*super().history(pks), LocationRuleCode.history.filter(rule_id__in=pks)]

    def all_records(self) -> models.QuerySet[Any]:
        """Return all, in the order in which they are asked."""
        return LocationRule.objects.order_by("position", "pk")

    def prepared(self, records: Sequence[Any]) -> None:
        """Load regions and codes."""
        models.prefetch_related_objects(list(records), "tax_region", "codes__tax_code")
