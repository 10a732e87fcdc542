"""Imports of product types, and of what they ask of their products."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.db import models

from catalog.imports.entries import EntryResource
from catalog.models import (
    Characteristic,
    CharacteristicKind,
    Classification,
    Composition,
    GoodType,
    ProductType,
    ServiceType,
)
from catalog.operations.characteristics import FIELDS, CharacteristicRow, set_characteristics
from catalog.operations.errors import CatalogError
from catalog.operations.types import create_type, update_type
from config.shared.imports.columns import (
    ChoiceCell,
    Column,
    RecordCell,
    TextCell,
    TextsCell,
    YesNoCell,
)
from config.shared.imports.drafts import Draft
from config.shared.imports.files import Line
from config.shared.imports.resources import MasterResource


class TypeResource(EntryResource):
    """Product types."""

    slug = "types"
    title = "Product types"
    about = (
        "A row is a type. Types that products have already keep their classification, kind and "
        "composition. What a type asks of its products is imported as “Type characteristics”."
    )
    model = ProductType
    examples = (
        {
            "name": "Sample TV channel",
            "code": "sample-tv",
            "classification": "Service",
            "service type": "Termed",
            "composition": "Flat",
            "provisioned": "Yes",
        },
        {
            "name": "Sample choice of channels",
            "code": "sample-choice",
            "classification": "Service",
            "service type": "Termed",
            "composition": "Flexible bundle",
        },
        {
            "name": "Sample film",
            "code": "sample-film",
            "classification": "Service",
            "service type": "Usage",
            "composition": "Flat",
        },
        {
            "name": "Sample set-top box",
            "code": "sample-box",
            "classification": "Physical good",
            "physical good type": "Traceable",
            "composition": "Flat",
            "provisioned": "No",
        },
    )

    classification = Column(
        "classification",
        "classification",
        ChoiceCell(Classification),
        about="Service or physical good; needed for a new type.",
    )
    service_type = Column(
        "service type", "service_type", ChoiceCell(ServiceType), about="Of a service, its kind."
    )
    good_type = Column(
        "physical good type", "good_type", ChoiceCell(GoodType), about="Of a good, its kind."
    )
    composition = Column(
        "composition",
        "composition",
        ChoiceCell(Composition, empty=Composition.FLAT.value),
        about="Flat where empty.",
    )
    provisioned = Column(
        "provisioned", "provisioned", YesNoCell(), about="Whether it is used for provisioning."
    )

    def problems(self, draft: Draft) -> Iterator[tuple[str, str]]:
        """Ask for a classification, as the form does."""
        if not getattr(draft, "classification", ""):
            yield "classification", "This column must be filled."

    def create(self, draft: Draft) -> models.Model | None:
        """Create the type."""
        return create_type(**draft.values())

    def change(self, draft: Draft) -> models.Model | None:
        """Change what differs."""
        record: Any = draft.record
        return update_type(record, **draft.changes())


class CharacteristicResource(MasterResource):
    """What types ask of their products: a row is one characteristic."""

    slug = "characteristics"
    title = "Type characteristics"
    about = (
        "A row is a characteristic that a type asks of its products. The type and the name say "
        "which one is meant; a new one comes after those that the type has."
    )
    model = Characteristic
    key = ("name", "type")
    refusals = (CatalogError,)
    examples = (
        {"type": "sample-tv", "name": "Language", "kind": "Text", "required": "No"},
        {
            "type": "sample-tv",
            "name": "Quality",
            "kind": "Choice",
            "choices": "SD; HD; UHD",
            "required": "Yes",
            "default": "HD",
        },
    )

    type = Column(
        "type", "type", RecordCell(ProductType), about="The code of the type.", required=True
    )
    name = Column("name", "name", TextCell(80), about="What is asked.", required=True)
    kind = Column(
        "kind", "kind", ChoiceCell(CharacteristicKind), about="What an answer is.", required=True
    )
    unit = Column("unit", "unit", TextCell(20), about="Of a number: Mbit/s, GB.")
    choices = Column(
        "choices", "choices", TextsCell(), about="Of a choice: what is offered, with semicolons."
    )
    required = Column("required", "required", YesNoCell(), about="Whether it must be answered.")
    default = Column("default", "default", TextCell(200), about="What new products answer.")

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.stored: dict[int, dict[str, Characteristic]] = {}

    @classmethod
    def permissions(cls) -> list[str]:
        """Return what one needs: they are a part of the type."""
        return ["catalog.change_producttype"]

    @classmethod
    def view_permission(cls) -> str:
        """Return what one needs to export."""
        return "catalog.view_producttype"

    def load(self, lines: Sequence[Line]) -> None:
        """Look up the types that the rows name, with what they ask already."""
        self.load_records(lines)
        types: Any = self.column("type")
        self.stored = {found.pk: {} for found in types.widget.found.values()}
        for one in Characteristic.objects.filter(type__in=self.stored).order_by("sort_order", "pk"):
            self.stored[one.type_id][one.name.casefold()] = one

    def key_of(self, row: Mapping[str, str]) -> tuple[str, str]:
        """Return the type and the name as one text."""
        name, text = super().key_of(row)
        return name, f"{row.get('type', '')}\n{text}" if text else ""

    def find(self, row: Mapping[str, str]) -> models.Model | None:
        """Find the characteristic by its type and name."""
        types: Any = self.column("type")
        found = types.widget.found.get(row.get("type", ""))
        if found is None:
            return None
        return self.stored[found.pk].get(row.get("name", "").casefold())

    def stored_values(self, record: models.Model) -> dict[str, Any]:
        """Return what is stored."""
        one: Any = record
        return super().stored_values(record) | {
            "choices": tuple(one.choices),
            "type": one.type,
        }

    def create(self, draft: Draft) -> models.Model | None:
        """Add it to those of the type."""
        return self._set(draft)

    def change(self, draft: Draft) -> models.Model | None:
        """Put it in the place of the stored one."""
        return self._set(draft)

    def history(self, pks: set[int]) -> Iterable[Any]:
        """Return the history of what the types ask."""
        return [Characteristic.history.filter(type_id__in=pks)]

    def all_records(self) -> models.QuerySet[Any]:
        """Return all, type by type."""
        return Characteristic.objects.order_by("type__name", "type_id", "sort_order", "pk")

    def _set(self, draft: Draft) -> ProductType:
        values = draft.values()
        product_type: ProductType = values.pop("type")
        asked = self.stored[product_type.pk]
        name = str(values["name"]).casefold()
        rows = [_row(one) for key, one in asked.items() if key != name]
        place = list(asked).index(name) if name in asked else len(rows)
        stored = asked.get(name)
        rows.insert(place, CharacteristicRow(**values, id=stored.pk if stored else None))
        set_characteristics(product_type, rows)
        self.stored[product_type.pk] = {
            one.name.casefold(): one
            for one in Characteristic.objects.filter(type=product_type).order_by("sort_order", "pk")
        }
        return product_type


def _row(one: Characteristic) -> CharacteristicRow:
    return CharacteristicRow(**{field: getattr(one, field) for field in FIELDS}, id=one.pk)
