"""Imports of usage: tier plans, and the usage plans of products."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db import models

from catalog.models import Product
from config.shared.imports.columns import (
    Cell,
    Column,
    DecimalCell,
    RecordCell,
    SlugCell,
    TextCell,
    YesNoCell,
)
from config.shared.imports.drafts import Draft
from config.shared.imports.files import Line
from pricing.imports.coded import CodedResource, SetResource
from pricing.imports.rate_cells import AmountCell, EnumCell, TiersCell
from pricing.kernel.usage import Direction, Reduction, Style
from pricing.models import ProductUsagePlan, TierPlan, TierPlanTier, VoicePlan
from pricing.operations.rate_checks import RateTierRow
from pricing.operations.tier_plans import (
    TierRow,
    WrongTiers,
    change_tier_plan,
    create_tier_plan,
)
from pricing.operations.voice_plans import set_usage_plan

ZERO = Decimal(0)


class TierRowsCell(Cell):
    """Tiers of a tier plan: 100: 0.50; 500: 0.40 + 5.00; *: 0.30 (bound: rate + fixed price)."""

    empty: Any = ()

    def __init__(self) -> None:
        super().__init__()
        self.tiers = TiersCell()

    def read(self, text: str) -> tuple[TierRow, ...]:
        """Return the tiers."""
        rows = self.tiers.read(text)
        if any(row.phase or row.block != 1 for row in rows):
            raise ValueError(f"A tier plan has no phases or blocks; write {self.hints()}.")
        return tuple(TierRow(row.up_to, row.rate, row.fixed) for row in rows)

    def write(self, value: Any) -> Any:
        """Return the tiers in one cell."""
        return self.tiers.write([RateTierRow(row.up_to, row.rate, row.fixed) for row in value])

    def hints(self) -> str:
        """Return how they are written."""
        return "100: 0.50; 500: 0 + 5.00; *: 0.30"


class TierPlanResource(CodedResource):
    """Tier plans with their tiers."""

    slug = "tier-plans"
    title = "Tier plans"
    about = (
        "A row is a plan with its tiers. Of one that has been used, only the name and the "
        "description change. Plans that the file does not name stay as they are."
    )
    model = TierPlan
    examples = (
        {
            "code": "sample-data",
            "name": "Sample data",
            "currency": "EUR",
            "units": "GB",
            "unit price": "0.60",
        },
        {
            "code": "sample-burst",
            "name": "Sample burst",
            "currency": "EUR",
            "samples": "Percentile",
            "percentile": "95",
            "style": "Marginal",
            "tiers": "100: 0.50; 500: 0.40; *: 0.30",
        },
    )

    code = Column("code", "code", SlugCell(40), about="Which plan it is.", required=True)
    name = Column("name", "name", TextCell(120), about="Its name.", required=True)
    currency = Column(
        "currency", "currency", TextCell(3), about="Its ISO 4217 code.", required=True
    )
    reduction = Column(
        "samples",
        "reduction",
        EnumCell(Reduction, empty=Reduction.SUM),
        about="How they become one number; their sum where empty.",
    )
    percentile = Column(
        "percentile",
        "percentile",
        DecimalCell(digits=5, decimals=2),
        about="For the percentile only; 95 where empty.",
    )
    direction = Column(
        "direction",
        "direction",
        EnumCell(Direction, empty=Direction.BOTH),
        about="Which values of a sample count; both where empty.",
    )
    units = Column("units", "units", TextCell(20), about="A label, such as GB.")
    free_units = Column(
        "free units", "free_units", AmountCell(decimals=8, empty=ZERO), about="Taken off first."
    )
    style = Column(
        "style",
        "style",
        EnumCell(Style, empty=Style.LINEAR),
        about="How the number is priced; linear where empty.",
    )
    unit_price = Column(
        "unit price", "unit_price", AmountCell(empty=ZERO), about="For the linear style only."
    )
    tiers = Column(
        "tiers",
        "tiers",
        TierRowsCell(),
        about="For the other styles: bound: rate + fixed price, with semicolons.",
    )
    can_go_down = Column(
        "can go down",
        "can_go_down",
        YesNoCell(empty=True),
        about="May a service fall into a lower tier? Yes where empty.",
    )
    description = Column("description", "description", TextCell(), about="What staff should know.")

    def stored_values(self, record: models.Model) -> dict[str, Any]:
        """Return what is stored, tiers in order."""
        plan: Any = record
        names = [one.attribute for one in self.columns() if one.attribute != "tiers"]
        tiers = sorted(plan.tiers.all(), key=lambda tier: tier.position)
        return {
            **{name: getattr(plan, name) for name in names},
            "tiers": tuple(TierRow(tier.up_to, tier.rate, tier.fixed) for tier in tiers),
        }

    def import_instance(self, instance: Draft, row: Any, **kwargs: Any) -> None:
        """Read the cells; an empty percentile is the usual one."""
        draft: Any = instance
        try:
            super().import_instance(instance, row, **kwargs)
        finally:
            if draft.percentile is None:
                draft.percentile = Decimal(95)

    def create(self, draft: Draft) -> models.Model | None:
        """Make the plan."""
        return create_tier_plan(**draft.values())

    def change(self, draft: Draft) -> models.Model | None:
        """Change what differs."""
        row: Any = draft
        return change_tier_plan(row.record, **draft.changes())

    def attribute_of(self, refusal: Exception) -> str:
        """Return the column of tiers for one of them."""
        is_tier = isinstance(refusal, WrongTiers) or getattr(refusal, "row", None) is not None
        return "tiers" if is_tier else super().attribute_of(refusal)

    def history(self, pks: set[int]) -> Iterable[Any]:
        """Return the history of plans and tiers."""
        return [*super().history(pks), TierPlanTier.history.filter(plan_id__in=pks)]

    def prepared(self, records: Sequence[Any]) -> None:
        """Load the tiers."""
        models.prefetch_related_objects(list(records), "tiers")


class ProductUsagePlanResource(SetResource):
    """By which plan the usage of products is billed, found by the product."""

    slug = "usage-plans"
    title = "Usage plans of products"
    about = (
        "A row is a termed product with the tier plan or the voice plan that bills its usage; "
        "without one it is not billed. Products that the file does not name stay as they are."
    )
    model = ProductUsagePlan
    key = ("product",)
    examples = (
        {"product": "SAMPLE-SPORTS", "tier plan": "sample-data"},
        {"product": "SAMPLE-NEWS", "voice plan": "sample-home"},
    )

    product = Column(
        "product", "product", RecordCell(Product), about="The product's code.", required=True
    )
    tier_plan = Column("tier plan", "tier_plan", RecordCell(TierPlan), about="Its code.")
    voice_plan = Column("voice plan", "voice_plan", RecordCell(VoicePlan), about="Its code.")

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.stored: dict[int, ProductUsagePlan] = {}

    def load(self, lines: Sequence[Line]) -> None:
        """Look up what the rows name, and the plans that the products have."""
        self.load_records(lines)
        found = self.found("product")
        models.prefetch_related_objects(found, "type")
        rows = list(ProductUsagePlan.objects.filter(product__in=found))
        self.prepared(rows)
        self.stored |= {row.product_id: row for row in rows}

    def find(self, row: Mapping[str, str]) -> models.Model | None:
        """Find the plan of the product."""
        product = self.named("product", row)
        return self.stored.get(product.pk) if product else None

    def import_instance(self, instance: Draft, row: Any, **kwargs: Any) -> None:
        """Read the cells, and note whether any plan is named, a wrong one too."""
        draft: Any = instance
        draft.names_plan = bool(row.get("tier plan") or row.get("voice plan"))
        super().import_instance(instance, row, **kwargs)

    def problems(self, draft: Any) -> Iterator[tuple[str, str]]:
        """Refuse two plans, and none for a product that has none."""
        if draft.tier_plan and draft.voice_plan:
            yield "voice_plan", "Choose a tier plan or a voice plan, not both."
        if not (draft.record or draft.names_plan):
            yield "tier_plan", "Its usage is not billed yet: name a plan."

    def history(self, pks: set[int]) -> Iterable[Any]:
        """Return the history of the products' plans."""
        return [ProductUsagePlan.history.filter(product_id__in=pks)]

    def all_records(self) -> models.QuerySet[Any]:
        """Return all, by product."""
        return ProductUsagePlan.objects.order_by("product__code", "pk")

    def create(self, row: Any) -> Product:
        """Bill the product by the plan, or by none."""
        product: Product = row.product
        set_usage_plan(product, row.tier_plan or row.voice_plan)
        return product
