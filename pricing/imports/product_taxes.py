"""Imports of what products have of taxes: their rates, their tax classes, their exemptions."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django.db import models

from catalog.models import Product, ProductType
from config.shared.imports.columns import Column, RecordCell, TextCell, YesNoCell
from config.shared.imports.day_cells import DayCell
from config.shared.imports.drafts import Draft
from config.shared.imports.files import Line
from config.shared.operations.clock import today
from pricing.imports.coded import PricingResource, SetResource
from pricing.imports.tax_cells import TaxRateCell
from pricing.models import (
    ProductExemption,
    ProductTax,
    ProductTaxClass,
    TaxClass,
    TaxCode,
    TypeTaxClass,
)
from pricing.operations.tax_exemptions import end_product_exemption, exempt_product
from pricing.operations.tax_places import set_product_tax_class, set_type_tax_class
from pricing.operations.taxes import set_product_tax


class ProductTaxResource(SetResource):
    """Rates that products have, found by product and rate."""

    slug = "product-taxes"
    title = "Taxes of products"
    about = (
        "A row is a rate of a tax that a product has; of the rates of one tax code exactly one is "
        "applied. Rates that the file does not name stay."
    )
    model = ProductTax
    key = ("product", "tax_rate")
    examples = (
        {"product": "SAMPLE-SPORTS", "rate": "sample-vat/standard", "applied": "Yes"},
        {"product": "SAMPLE-SPORTS", "rate": "sample-vat/reduced", "applied": "No"},
    )

    product = Column(
        "product", "product", RecordCell(Product), about="The product's code.", required=True
    )
    tax_rate = Column("rate", "tax_rate", TaxRateCell(), about="Tax and rate.", required=True)
    applied = Column(
        "applied", "applied", YesNoCell(empty=True), about="Yes where empty, and for the first."
    )

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.stored: dict[tuple[int, int], ProductTax] = {}

    def load(self, lines: Sequence[Line]) -> None:
        """Look up what the rows name, and the rates that the products have."""
        self.load_records(lines)
        self._rates().load(self.texts_of(lines, "tax_rate"))
        rows = list(self.all_records().filter(product__in=self.found("product")))
        self.prepared(rows)
        self.stored |= {(row.product_id, row.tax_rate_id): row for row in rows}

    def find(self, row: Mapping[str, str]) -> models.Model | None:
        """Find it by product and rate."""
        product = self.named("product", row)
        rate = self._rates().found.get(row.get("rate", "").casefold())
        return self.stored.get((product.pk, rate.pk)) if product and rate else None

    def attribute_of(self, refusal: Exception) -> str:
        """Return the column: a rate without a percentage is at fault itself."""
        return "tax_rate" if getattr(refusal, "field", "") == "add" else "applied"

    def all_records(self) -> models.QuerySet[Any]:
        """Return all, product by product; what is applied comes first."""
        return ProductTax.objects.order_by("product__code", "-applied", "pk")

    def prepared(self, records: Sequence[Any]) -> None:
        """Load products and rates."""
        models.prefetch_related_objects(list(records), "product", "tax_rate__tax_code")

    def _rates(self) -> TaxRateCell:
        column: Any = self.column("tax_rate")
        cell: TaxRateCell = column.widget
        return cell

    def create(self, row: Any) -> ProductTax:
        """Give the product the rate, applied or not."""
        return set_product_tax(row.product, row.tax_rate, applied=row.applied)


class TaxedAsResource(SetResource):
    """What has a tax class, found by what it is; an empty class takes it away."""

    owner: str

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.stored: dict[int, Any] = {}

    def load(self, lines: Sequence[Line]) -> None:
        """Look up what the rows name, and the classes that they have."""
        self.load_records(lines)
        owners = [owner.pk for owner in self.found(self.owner)]
        rows = self.model._default_manager.in_bulk(owners)
        self.prepared(list(rows.values()))
        self.stored |= rows

    def find(self, row: Mapping[str, str]) -> models.Model | None:
        """Find the class of a product or type."""
        owner = self.named(self.owner, row)
        return self.stored.get(owner.pk) if owner else None

    def problems(self, draft: Any) -> Iterator[tuple[str, str]]:
        """Ask what is new for a class."""
        if draft.record is None and draft.tax_class is None:
            yield "tax_class", "It has no tax class yet: name one."

    def history(self, pks: set[int]) -> Iterable[Any]:
        """Return the history of the classes that they have."""
        manager: Any = self.model
        return [manager.history.filter(**{f"{self.owner}_id__in": pks})]

    def all_records(self) -> models.QuerySet[Any]:
        """Return all, by code."""
        return self.model._default_manager.order_by(f"{self.owner}__code", "pk")


class ProductTaxClassResource(TaxedAsResource):
    """Tax classes of products."""

    slug = "product-tax-classes"
    title = "Tax classes of products"
    about = (
        "A row is a product with a tax class of its own; an empty one leaves it to its type. "
        "Products that the file does not name stay as they are."
    )
    model = ProductTaxClass
    owner = "product"
    key = ("product",)
    examples = (
        {"product": "SAMPLE-SPORTS", "tax class": "sample-telecom"},
        {"product": "SAMPLE-BOX", "tax class": "sample-goods"},
    )

    product = Column(
        "product", "product", RecordCell(Product), about="The product's code.", required=True
    )
    tax_class = Column("tax class", "tax_class", RecordCell(TaxClass), about="Its code.")

    def create(self, row: Any) -> Product:
        """Give the product the class, another, or none."""
        product: Product = row.product
        set_product_tax_class(product, row.tax_class)
        return product


class TypeTaxClassResource(TaxedAsResource):
    """Tax classes of product types."""

    slug = "type-tax-classes"
    title = "Tax classes of product types"
    about = (
        "A row is a product type with the tax class of its products; an empty one takes it away. "
        "Types that the file does not name stay as they are."
    )
    model = TypeTaxClass
    owner = "type"
    key = ("type",)
    examples = (
        {"type": "sample-tv", "tax class": "sample-telecom"},
        {"type": "sample-box", "tax class": "sample-goods"},
    )

    type = Column("type", "type", RecordCell(ProductType), about="The type's code.", required=True)
    tax_class = Column("tax class", "tax_class", RecordCell(TaxClass), about="Its code.")

    def create(self, row: Any) -> ProductType:
        """Give the type the class, another, or none."""
        product_type: ProductType = row.type
        set_type_tax_class(product_type, row.tax_class)
        return product_type


class ExemptionResource(PricingResource):
    """Exemptions of products, found by product, tax code and first day."""

    slug = "product-exemptions"
    title = "Tax exemptions of products"
    about = (
        "A row frees a product from a tax code, or from every tax, for some days. One that is "
        "there can only end earlier. Exemptions that the file does not name stay."
    )
    model = ProductExemption
    key = ("product", "starts_on")
    examples = (
        {
            "product": "SAMPLE-SPORTS",
            "tax code": "sample-vat",
            "from": "2026-07-01",
            "reason": "Ruling 12",
        },
        {"product": "SAMPLE-NEWS", "from": "2026-07-01", "until": "2026-07-31", "reason": "Relief"},
    )

    product = Column(
        "product", "product", RecordCell(Product), about="The product's code.", required=True
    )
    tax_code = Column(
        "tax code", "tax_code", RecordCell(TaxCode, noun="tax code"), about="Every tax where empty."
    )
    starts_on = Column("from", "starts_on", DayCell(), about="Its first day.", required=True)
    ends_on = Column("until", "ends_on", DayCell(), about="Its last day; none where empty.")
    reason = Column("reason", "reason", TextCell(120), about="Why.", required=True)

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.stored: dict[tuple[int, int | None, str], ProductExemption] = {}

    def load(self, lines: Sequence[Line]) -> None:
        """Look up what the rows name, and the exemptions of the products."""
        self.load_records(lines)
        rows = list(self.all_records().filter(product__in=self.found("product")))
        self.prepared(rows)
        self.stored |= {
            (row.product_id, row.tax_code_id, row.period.lower.isoformat()): row for row in rows
        }

    def key_of(self, row: Mapping[str, str]) -> tuple[str, str]:
        """Return product, tax code and first day as one text."""
        name, text = super().key_of(row)
        return name, f"{text}\n{row.get('tax code', '')}" if text else ""

    def find(self, row: Mapping[str, str]) -> models.Model | None:
        """Find it by product, tax code and first day."""
        product, tax_code = self.named("product", row), self.named("tax_code", row)
        if product is None or (row.get("tax code") and tax_code is None):
            return None
        return self.stored.get((product.pk, tax_code and tax_code.pk, row.get("from", "")))

    def stored_values(self, record: models.Model) -> dict[str, Any]:
        """Return what is stored, the days on their own."""
        exemption: Any = record
        end: date | None = exemption.period.upper
        return {
            **{name: getattr(exemption, name) for name in ("product", "tax_code", "reason")},
            "starts_on": exemption.period.lower,
            "ends_on": end and end - timedelta(days=1),
        }

    def problems(self, draft: Any) -> Iterator[tuple[str, str]]:
        """Let what is there only end earlier."""
        if draft.starts_on and draft.ends_on and draft.ends_on < draft.starts_on:
            yield "ends_on", "The last day is before the first."
        if draft.record is None:
            return
        if draft.reason != draft.stored["reason"]:
            yield "reason", "It stays as it is."
        last = draft.stored["ends_on"]
        if draft.ends_on != last and (draft.ends_on is None or (last and draft.ends_on > last)):
            yield "ends_on", "It can only end earlier; add another exemption after it."
        elif draft.ends_on != last and draft.ends_on < today() - timedelta(days=1):
            yield "ends_on", "It can end yesterday at the earliest."

    def create(self, draft: Draft) -> models.Model | None:
        """Add the exemption."""
        return exempt_product(**draft.values())

    def change(self, draft: Draft) -> models.Model | None:
        """Let it end."""
        row: Any = draft
        exemption: ProductExemption = row.record
        end_product_exemption(exemption, on=row.ends_on + timedelta(days=1))
        return exemption

    def all_records(self) -> models.QuerySet[Any]:
        """Return all, product by product."""
        return ProductExemption.objects.order_by("product__code", "period", "pk")
