"""Import of tax groups: a row is the taxes of a class in a region from a day on."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import models

from config.shared.imports.columns import ChoiceCell, Column, RecordCell
from config.shared.imports.day_cells import DayCell
from config.shared.imports.drafts import Draft
from config.shared.imports.files import Line
from config.shared.operations.clock import today
from pricing.imports.coded import SetResource
from pricing.imports.tax_cells import GroupTaxesCell, in_order
from pricing.models import Rounding, TaxClass, TaxGroup, TaxGroupItem, TaxRegion
from pricing.operations.tax_places import GroupTax, WrongGroupItem, set_tax_group


class TaxGroupResource(SetResource):
    """The latest groups, found by class and region."""

    slug = "tax-groups"
    title = "Tax groups"
    about = (
        "A row says which taxes a tax class has in a tax region from a day on, today at the "
        "earliest where it has some already; exports have the latest. Without taxes it is not "
        "taxed there. Groups that the file does not name stay as they are."
    )
    model = TaxGroup
    key = ("tax_class", "tax_region")
    examples = (
        {
            "tax class": "sample-telecom",
            "tax region": "sample-nyc",
            "taxes": "sample-state/full; 2: sample-city/full",
        },
        {
            "tax class": "sample-goods",
            "tax region": "sample-nyc",
            "taxes": "sample-state/full",
            "from": "2026-07-01",
        },
        {"tax class": "sample-books", "tax region": "sample-nyc"},
    )

    tax_class = Column(
        "tax class", "tax_class", RecordCell(TaxClass), about="Its code.", required=True
    )
    tax_region = Column(
        "tax region", "tax_region", RecordCell(TaxRegion), about="Its code.", required=True
    )
    starts_on = Column(
        "from",
        "starts_on",
        DayCell(),
        about="The first day; where empty, today if anything changes.",
    )
    taxes = Column(
        "taxes",
        "taxes",
        GroupTaxesCell(),
        about="Rates of taxes, with semicolons; “2:” before one that is charged on those of "
        "level 1 too.",
    )
    rounding = Column(
        "rounded",
        "rounding",
        ChoiceCell(Rounding, empty=Rounding.DOCUMENT.value),
        about="Once per document where empty.",
    )

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.stored: dict[tuple[int, int], TaxGroup] = {}

    def load(self, lines: Sequence[Line]) -> None:
        """Look up what the rows name, and the latest group of each class in each region."""
        self.load_records(lines)
        taxes: Any = self.column("taxes")
        taxes.widget.load(self.texts_of(lines, "taxes"))
        groups = list(_latest().filter(tax_class__in=self.found("tax_class")))
        self.prepared(groups)
        self.stored |= {(group.tax_class_id, group.tax_region_id): group for group in groups}

    def find(self, row: Mapping[str, str]) -> models.Model | None:
        """Find the latest group of the class in the region."""
        tax_class, tax_region = self.named("tax_class", row), self.named("tax_region", row)
        if tax_class is None or tax_region is None:
            return None
        return self.stored.get((tax_class.pk, tax_region.pk))

    def stored_values(self, record: models.Model) -> dict[str, Any]:
        """Return what is stored, the taxes by level."""
        group: Any = record
        return {
            "tax_class": group.tax_class,
            "tax_region": group.tax_region,
            "starts_on": group.period.lower,
            "taxes": in_order(GroupTax(item.tax_rate, item.level) for item in group.items.all()),
            "rounding": group.rounding,
        }

    def import_instance(self, instance: Draft, row: Any, **kwargs: Any) -> None:
        """Read the cells; an empty day is the stored one, or today if anything changes."""
        draft: Any = instance
        try:
            super().import_instance(instance, row, **kwargs)
        finally:
            stored = draft.stored["starts_on"]
            draft.starts_on = draft.starts_on or stored or today()
            changed = draft.changes().keys() & {"taxes", "rounding"}
            if changed and draft.starts_on == stored and stored <= today():
                draft.starts_on = today()

    def attribute_of(self, refusal: Exception) -> str:
        """Return the column of taxes for one of them."""
        return "taxes" if isinstance(refusal, WrongGroupItem) else super().attribute_of(refusal)

    def history(self, pks: set[int]) -> Iterable[Any]:
        """Return the history of groups and their taxes."""
        return [*super().history(pks), TaxGroupItem.history.filter(group_id__in=pks)]

    def all_records(self) -> models.QuerySet[Any]:
        """Return the latest ones, class by class."""
        return _latest().order_by("tax_class__code", "tax_region__code", "pk")

    def prepared(self, records: Sequence[Any]) -> None:
        """Load class, region and taxes."""
        super().prepared(records)
        models.prefetch_related_objects(list(records), "items__tax_rate__tax_code")

    def create(self, row: Any) -> TaxGroup:
        """Let the taxes hold from their day on."""
        return set_tax_group(
            row.tax_class,
            row.tax_region,
            row.taxes,
            rounding=row.rounding,
            starts_on=row.starts_on,
            on=today(),
        )


def _latest() -> models.QuerySet[TaxGroup]:
    return TaxGroup.objects.filter(period__upper_inf=True)
