"""Import of bundle components: a row is one component of one bundle."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import models

from catalog.models import BundleComponent, Product, ProductFamily, ProductType
from catalog.operations.bundles import ComponentRow, set_components
from catalog.operations.errors import CatalogError
from catalog.queries.products import components_of
from config.shared.imports.columns import (
    Column,
    DecimalCell,
    RecordCell,
    WholeCell,
    YesNoCell,
)
from config.shared.imports.drafts import Draft
from config.shared.imports.files import Line
from config.shared.imports.resources import MasterResource

_MOST = 10_000
Selector = tuple[int | None, int | None, int | None]


class ComponentResource(MasterResource):
    """Components of bundle products, found by the bundle and what the row names."""

    slug = "components"
    title = "Bundle components"
    about = (
        "A row is a component: a product with its quantity; or, in a flexible bundle, a type "
        "and/or a family with how many may be chosen. Components that the file does not name stay."
    )
    model = BundleComponent
    key = ("bundle", "product", "type", "family")
    refusals = (CatalogError,)
    examples = (
        {"bundle": "SAMPLE-CHOICE", "product": "SAMPLE-NEWS", "quantity": "1", "mandatory": "Yes"},
        {"bundle": "SAMPLE-CHOICE", "family": "sample-sports", "minimum": "1", "maximum": "4"},
    )

    bundle = Column(
        "bundle", "bundle", RecordCell(Product), about="The code of the bundle.", required=True
    )
    product = Column(
        "product", "product", RecordCell(Product), about="The code of the product it contains."
    )
    type = Column("type", "type", RecordCell(ProductType), about="The code of a type to choose of.")
    family = Column(
        "family", "family", RecordCell(ProductFamily), about="The code of a family to choose of."
    )
    quantity = Column(
        "quantity",
        "quantity",
        DecimalCell(digits=12, decimals=4),
        about="Of a product; not with a type or family.",
    )
    minimum = Column(
        "minimum",
        "minimum",
        WholeCell(least=0, most=_MOST),
        about="How many of the type or family must be chosen; 0 where none need be.",
    )
    maximum = Column(
        "maximum",
        "maximum",
        WholeCell(least=0, most=_MOST),
        about="How many may be chosen; any number where empty.",
    )
    mandatory = Column("mandatory", "mandatory", YesNoCell(empty=True), about="Yes where empty.")

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.stored: dict[int, dict[Selector, BundleComponent]] = {}

    @classmethod
    def permissions(cls) -> list[str]:
        """Return what one needs: they are a part of the bundle."""
        return ["catalog.change_product"]

    @classmethod
    def view_permission(cls) -> str:
        """Return what one needs to export."""
        return "catalog.view_product"

    def load(self, lines: Sequence[Line]) -> None:
        """Look up what the rows name, and the components that the bundles have."""
        self.load_records(lines)
        texts = self.texts_of(lines, "bundle")
        bundles = {found.pk for text in texts if (found := self._named("bundle", text)) is not None}
        self.stored = {pk: {} for pk in bundles}
        for pk, rows in components_of(bundles).items():
            self.stored[pk] = {_selector(row): row for row in rows}

    def key_of(self, row: Mapping[str, str]) -> tuple[str, str]:
        """Return the bundle and what the row names as one text."""
        names = ("bundle", "product", "type", "family")
        name = next((one for one in names[1:] if row.get(one)), "")
        return name, "\n".join(row.get(one, "") for one in names) if name else ""

    def find(self, row: Mapping[str, str]) -> models.Model | None:
        """Find the component by its bundle and what it names."""
        bundle = self._named("bundle", row.get("bundle", ""))
        named = [self._named(name, row.get(name, "")) for name in ("product", "type", "family")]
        if bundle is None:
            return None
        product, kind, family = (record.pk if record else None for record in named)
        return self.stored[bundle.pk].get((product, kind, family))

    def stored_values(self, record: models.Model) -> dict[str, Any]:
        """Return what is stored; a named product has no minimum."""
        component: Any = record
        values = super().stored_values(record)
        if component.product_id is not None:
            values["minimum"] = None
        return values

    def create(self, draft: Draft) -> models.Model | None:
        """Add it after the components that the bundle has."""
        return self._set(draft)

    def change(self, draft: Draft) -> models.Model | None:
        """Put it in the place of the stored one."""
        return self._set(draft)

    def history(self, pks: set[int]) -> Iterable[Any]:
        """Return the history of what the bundles contain."""
        return [BundleComponent.history.filter(bundle_id__in=pks)]

    def all_records(self) -> models.QuerySet[Any]:
        """Return all, bundle by bundle."""
        return BundleComponent.objects.order_by("bundle__code", "bundle_id", "sort_order", "pk")

    def _named(self, attribute: str, text: str) -> Any:
        column: Any = self.column(attribute)
        return column.widget.found.get(text)

    def _set(self, draft: Draft) -> Product:
        values = draft.values()
        bundle: Product = values.pop("bundle")
        row = ComponentRow(**values)
        parts = {selector: _row(one) for selector, one in self.stored[bundle.pk].items()}
        parts[row.selector] = row
        set_components(bundle, list(parts.values()))
        stored = components_of([bundle.pk]).get(bundle.pk, [])
        self.stored[bundle.pk] = {_selector(one): one for one in stored}
        return bundle


def _selector(component: BundleComponent) -> Selector:
    return component.product_id, component.type_id, component.family_id


def _row(component: BundleComponent) -> ComponentRow:
    return ComponentRow(
        product=component.product,
        quantity=component.quantity,
        type=component.type,
        family=component.family,
        minimum=None if component.product else component.minimum,
        maximum=component.maximum,
        mandatory=component.mandatory,
    )
