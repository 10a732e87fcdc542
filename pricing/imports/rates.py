"""Import of the rates of price plans: a row is one rate of one plan."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django.db import models

from catalog.models import Product
from config.shared.imports.columns import ChoiceCell, Column, RecordCell, YesNoCell
from config.shared.imports.drafts import Draft
from config.shared.imports.files import Line
from config.shared.imports.resources import MasterResource
from pricing.imports.rate_cells import AmountCell, EnumCell, PeriodCell, PhasesCell, TiersCell
from pricing.kernel.rates import AfterLast, BasePer, Basis, SetUpFee, TimeUnit
from pricing.kernel.tiers import TierRule
from pricing.models import EffectiveFrom, PricePlan, PricePlanRate, RatePhase, RateTier
from pricing.operations.plans import add_rate, change_rate
from pricing.operations.rate_checks import RateTierRow, WrongPhases, tiers_by_phase, usual_basis
from pricing.operations.rates import RateTerms, terms_of
from pricing.operations.tier_plans import WrongTiers
from pricing.queries.errors import PricingError

ZERO = Decimal(0)
Key = tuple[int, int, int | None]


class RateResource(MasterResource):
    """Rates, found by plan, product and the bundle that the product is a component of."""

    slug = "rates"
    title = "Rates of price plans"
    about = (
        "A row is the price of a product in a plan, alone or in a bundle. Rates that "
        "the file does not name stay. A plan that has been used takes only products that are not "
        "in it."
    )
    model = PricePlanRate
    key = ("plan", "product", "bundle")
    refusals = (PricingError,)
    examples = (
        {
            "plan": "sample-retail",
            "product": "SAMPLE-NEWS",
            "amount": "24.90",
            "per": "month",
            "set-up fee": "15",
        },
        {
            "plan": "sample-summer",
            "product": "SAMPLE-NEWS",
            "basis": "Quantity and maturity",
            "per": "month",
            "tiers": "3: 99.00; 6: 89.00; *: 59.00",
        },
        {
            "plan": "sample-retail",
            "product": "SAMPLE-SPORTS",
            "phases": "3 x month: 6.00; month: 12.00",
        },
    )

    plan = Column(
        "plan",
        "plan",
        RecordCell(PricePlan, noun="price plan"),
        about="The code of the plan.",
        required=True,
    )
    product = Column(
        "product", "product", RecordCell(Product), about="The product's code.", required=True
    )
    bundle = Column(
        "bundle",
        "bundle",
        RecordCell(Product, noun="bundle"),
        about="The code of the bundle it is a component of; empty where it is sold alone.",
    )
    basis = Column(
        "basis",
        "basis",
        EnumCell(Basis, but=(Basis.USAGE,)),
        about="What the price depends on; as usual where empty.",
    )
    base_amount = Column(
        "amount",
        "base_amount",
        AmountCell(empty=ZERO),
        about="Of one period, piece or hour; empty where there are phases or tiers.",
    )
    per = Column(
        "per", "per", PeriodCell(), about="What the amount pays for: month, 3 months, 7 days."
    )
    base_per = Column(
        "asked per",
        "base_per",
        EnumCell(BasePer, empty=BasePer.PERIOD_AND_ITEM),
        about="Of a price by quantity and maturity: is the amount asked for each item?",
    )
    time_unit = Column(
        "time unit",
        "time_unit",
        EnumCell(TimeUnit, empty=TimeUnit.HOUR),
        about="Of a price by duration.",
    )
    setup_fee = Column("set-up fee", "setup_fee", AmountCell(empty=ZERO), about="Asked once.")
    setup = Column(
        "set-up",
        "setup",
        EnumCell(SetUpFee, empty=SetUpFee.CHARGE),
        about="Is the set-up fee asked?",
    )
    deposit = Column("deposit", "deposit", AmountCell(empty=ZERO), about="Asked once.")
    tax_inclusive = Column("tax inclusive", "tax_inclusive", YesNoCell(), about="No where empty.")
    minimum = Column(
        "minimum", "minimum", AmountCell(empty=ZERO), about="The least that is asked by quantity."
    )
    tier_rule = Column(
        "tier rule",
        "tier_rule",
        EnumCell(TierRule, empty=TierRule.GRADUATED),
        about="How tiers make a price.",
    )
    tiers = Column(
        "tiers",
        "tiers",
        TiersCell(),
        about="Bound: price + fixed price / block, as 3: 99; 6: 89 + 5; *: 59; 2> *: 9 in phase 2.",
    )
    phases = Column(
        "phases",
        "phases",
        PhasesCell(),
        about="Times x period: amount, as 3 x month: 6; month: 12.",
    )
    after_last = Column(
        "after the last",
        "after_last",
        EnumCell(AfterLast, empty=AfterLast.KEEP),
        about="What follows the last phase.",
    )
    effective_from = Column(
        "phases from",
        "effective_from",
        ChoiceCell(EffectiveFrom, empty=EffectiveFrom.SERVICE),
        about="The day phases count from.",
    )

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.stored: dict[Key, PricePlanRate] = {}

    @classmethod
    def view_permission(cls) -> str:
        """Return what one needs to export."""
        return "pricing.view_priceplan"

    def load(self, lines: Sequence[Line]) -> None:
        """Look up what the rows name, and the rates that the plans have for the products."""
        self.load_records(lines)
        plans, products = (
            {found.pk for text in self.texts_of(lines, name) if (found := self._named(name, text))}
            for name in ("plan", "product")
        )
        rates = PricePlanRate.objects.filter(plan__in=plans, product__in=products)
        rates = rates.select_related("plan", "product__type", "bundle")
        for rate in rates.prefetch_related("phases", "tiers"):
            self.stored[rate.plan_id, rate.product_id, rate.bundle_id] = rate

    def key_of(self, row: Mapping[str, str]) -> tuple[str, str]:
        """Return plan, product and bundle as one text."""
        texts = [row.get(name, "") for name in self.key]
        return ("product", "\n".join(texts)) if texts[0] and texts[1] else ("", "")

    def find(self, row: Mapping[str, str]) -> models.Model | None:
        """Find the rate by plan, product and bundle."""
        plan, product, bundle = (self._named(name, row.get(name, "")) for name in self.key)
        if plan is None or product is None or (row.get("bundle") and bundle is None):
            return None
        return self.stored.get((plan.pk, product.pk, bundle.pk if bundle else None))

    def stored_values(self, record: models.Model) -> dict[str, Any]:
        """Return what is stored; the tiers of phases stand with the others."""
        rate: Any = record
        terms = terms_of(rate)
        values = terms.fields()
        values |= {"plan": rate.plan, "product": rate.product, "bundle": rate.bundle}
        values["phases"] = tuple(replace(phase, tiers=()) for phase in terms.phases)
        groups = [(0, terms.tiers)]
        groups += [(number, phase.tiers) for number, phase in enumerate(terms.phases, start=1)]
        values["tiers"] = tuple(
            RateTierRow(tier.up_to, tier.rate, tier.fixed, tier.block, phase)
            for phase, tiers in groups
            for tier in tiers
        )
        return values

    def import_instance(self, instance: Draft, row: Any, **kwargs: Any) -> None:
        """Read the cells; an empty basis is the one stored, or what is usual for the product."""
        super().import_instance(instance, row, **kwargs)
        draft: Any = instance
        if draft.basis is None:
            draft.basis = draft.stored["basis"] or usual_basis(draft.product)

    def create(self, draft: Draft) -> models.Model | None:
        """Add the rate to its plan."""
        values = draft.values()
        names = {name: values.pop(name) for name in ("plan", "product", "bundle")}
        rate = add_rate(names.pop("plan"), **names, **_terms(values).fields())
        self.stored[rate.plan_id, rate.product_id, rate.bundle_id] = rate
        return rate

    def change(self, draft: Draft) -> models.Model | None:
        """Give the rate other terms."""
        values = {name: each for name, each in draft.values().items() if name not in self.key}
        rate: Any = draft.record
        return change_rate(rate, **_terms(values).fields())

    def attribute_of(self, refusal: Exception) -> str:
        """Return the attribute that a refusal is about: the cell of the tiers for any of them."""
        if isinstance(refusal, WrongTiers):
            return "tiers"
        return "phases" if isinstance(refusal, WrongPhases) else super().attribute_of(refusal)

    def history(self, pks: set[int]) -> Iterable[Any]:
        """Return the history of rates, their phases and tiers."""
        parts: list[Any] = [RatePhase, RateTier]
        return [*super().history(pks), *(part.history.filter(rate_id__in=pks) for part in parts)]

    def all_records(self) -> models.QuerySet[Any]:
        """Return all, plan by plan."""
        return PricePlanRate.objects.order_by("plan__code", "product__code", "bundle__code", "pk")

    def prepared(self, records: Sequence[Any]) -> None:
        """Load phases and tiers too."""
        super().prepared(records)
        models.prefetch_related_objects(list(records), "phases", "tiers")

    def _named(self, attribute: str, text: str) -> Any:
        column: Any = self.column(attribute)
        return column.widget.found.get(text)


def _terms(values: Mapping[str, Any]) -> RateTerms:
    """Return the terms of a row. Raises WrongTiers."""
    phases = values["phases"]
    try:
        tiers = tiers_by_phase(values["tiers"], len(phases))
    except WrongTiers as fault:
        place = "" if fault.row is None else f"Tier {fault.row + 1}: "
        raise WrongTiers(f"{place}{fault}", row=fault.row) from fault
    whole = tuple(
        replace(phase, tiers=tiers.get(number, ())) for number, phase in enumerate(phases, start=1)
    )
    return RateTerms(**{**values, "phases": whole, "tiers": tiers.get(0, ())})
