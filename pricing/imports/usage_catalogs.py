"""Imports of usage service catalogues and of their rates."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import models
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from catalog.models import Product
from config.shared.db import days
from config.shared.imports.columns import Column, RecordCell, SlugCell, TextCell, YesNoCell
from config.shared.imports.day_cells import InstantCell, PeriodOfDaysCell, plain_days
from config.shared.imports.drafts import Draft
from config.shared.imports.files import Line
from pricing.imports.coded import CodedResource, PricingResource
from pricing.imports.rate_cells import AmountCell
from pricing.models import UsageCatalog, UsageCatalogRow
from pricing.operations.usage_catalogs import (
    add_usage_rate,
    change_catalog,
    change_usage_rate,
    create_catalog,
)

_VALIDITY = PeriodOfDaysCell()


class UsageCatalogResource(CodedResource):
    """Usage catalogues, without their rates."""

    slug = "usage-catalogues"
    title = "Usage catalogues"
    about = (
        "A row is a catalogue; its rates are imported as “Rates of usage catalogues”. One that has "
        "been used keeps its currency. Catalogues that the file does not name stay as they are."
    )
    model = UsageCatalog
    examples = (
        {"code": "sample-films", "name": "Sample films", "currency": "EUR"},
        {
            "code": "sample-matches",
            "name": "Sample matches",
            "currency": "EUR",
            "valid": "2026-08-01..2027-05-31",
        },
    )

    code = Column("code", "code", SlugCell(40), about="Which one it is.", required=True)
    name = Column("name", "name", TextCell(120), about="Its name.", required=True)
    currency = Column(
        "currency", "currency", TextCell(3), about="Its ISO 4217 code.", required=True
    )
    validity = Column(
        "valid", "validity", PeriodOfDaysCell(), about="One period of days; always where empty."
    )
    description = Column("description", "description", TextCell(), about="What staff should know.")

    def stored_values(self, record: models.Model) -> dict[str, Any]:
        """Return what is stored, the days as a period."""
        catalog: Any = record
        return {**super().stored_values(catalog), "validity": plain_days(catalog.validity)}

    def create(self, draft: Draft) -> models.Model | None:
        """Make the catalogue."""
        return create_catalog(**draft.values())

    def change(self, draft: Draft) -> models.Model | None:
        """Change what differs."""
        row: Any = draft
        return change_catalog(row.record, **draft.changes())


class UsageRateResource(PricingResource):
    """Rates of usage catalogues, found by catalogue, product and first day."""

    slug = "usage-rates"
    title = "Rates of usage catalogues"
    about = (
        "A row is the rate of a usage service in a catalogue. A catalogue that has been used takes "
        "only products that are not in it. Rates that the file does not name stay."
    )
    model = UsageCatalogRow
    key = ("catalog", "product", "validity")
    examples = (
        {"catalogue": "sample-films", "product": "SAMPLE-FILM", "rate": "3.99"},
        {
            "catalogue": "sample-matches",
            "product": "SAMPLE-MATCH",
            "rate": "9.99",
            "valid": "2026-09-01..2026-09-30",
            "event from": "2026-09-12 20:45",
            "event until": "2026-09-12 22:45",
            "provisioning id": "M-1209",
        },
    )

    catalog = Column(
        "catalogue",
        "catalog",
        RecordCell(UsageCatalog),
        about="The code of the catalogue.",
        required=True,
    )
    product = Column(
        "product", "product", RecordCell(Product), about="A usage service's code.", required=True
    )
    rate = Column("rate", "rate", AmountCell(), about="Per unit.", required=True)
    validity = Column(
        "valid",
        "validity",
        _VALIDITY,
        about="The days of the rate, its first day says which one it is; always where empty.",
    )
    event_from = Column("event from", "event_from", InstantCell(), about="When it can be taken.")
    event_until = Column("event until", "event_until", InstantCell(), about="Up to when.")
    provisioning_id = Column(
        "provisioning id", "provisioning_id", TextCell(60), about="The provider's id for it."
    )
    pre_rated = Column(
        "pre-rated", "pre_rated", YesNoCell(), about="Does usage come with its amount?"
    )

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.stored: dict[tuple[int, int, Any], UsageCatalogRow] = {}

    def load(self, lines: Sequence[Line]) -> None:
        """Look up what the rows name, and the rates that the catalogues have."""
        self.load_records(lines)
        catalogs, products = self.found("catalog"), self.found("product")
        models.prefetch_related_objects(products, "type")
        rows = list(self.all_records().filter(catalog__in=catalogs, product__in=products))
        self.prepared(rows)
        self.stored |= {(row.catalog_id, row.product_id, row.validity.lower): row for row in rows}

    def key_of(self, row: Mapping[str, str]) -> tuple[str, str]:
        """Return catalogue, product and first day as one text."""
        texts = [row.get("catalogue", ""), row.get("product", "")]
        return ("valid", "\n".join([*texts, str(_first_day(row))])) if all(texts) else ("", "")

    def find(self, row: Mapping[str, str]) -> models.Model | None:
        """Find the rate by catalogue, product and first day."""
        catalog, product = self.named("catalog", row), self.named("product", row)
        if catalog is None or product is None:
            return None
        return self.stored.get((catalog.pk, product.pk, _first_day(row)))

    def stored_values(self, record: models.Model) -> dict[str, Any]:
        """Return what is stored, the event as two instants."""
        row: Any = record
        names = ("catalog", "product", "rate", "provisioning_id", "pre_rated")
        return {
            **{name: getattr(row, name) for name in names},
            "validity": plain_days(row.validity),
            "event_from": row.event and row.event.lower,
            "event_until": row.event and row.event.upper,
        }

    def create(self, draft: Draft) -> models.Model | None:
        """Add the rate to its catalogue."""
        row: Any = draft
        return add_usage_rate(row.catalog, product=row.product, **_values(row))

    def change(self, draft: Draft) -> models.Model | None:
        """Change the rate."""
        row: Any = draft
        return change_usage_rate(row.record, **_values(row))

    def all_records(self) -> models.QuerySet[Any]:
        """Return all, catalogue by catalogue."""
        return UsageCatalogRow.objects.order_by("catalog__code", "product__code", "validity", "pk")


def _first_day(row: Mapping[str, str]) -> Any:
    try:
        period = _VALIDITY.clean(row.get("valid", ""))
    except ValueError:
        return row["valid"]
    return period and period.lower


def _values(row: Any) -> dict[str, Any]:
    start, end = row.event_from, row.event_until
    return {
        "rate": row.rate,
        "validity": row.validity or days(None, None),
        "event": DateTimeTZRange(start, end) if start or end else None,
        "provisioning_id": row.provisioning_id,
        "pre_rated": row.pre_rated,
    }
