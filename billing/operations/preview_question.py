"""A question about a price, and its answer."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from billing.kernel.history import BillingMethod, Terms
from billing.models import ItemKind
from billing.operations.errors import BillingError
from billing.operations.preview_parts import Part
from billing.queries.histories import CYCLES
from billing.queries.items import Item
from catalog.models import Product, SalesBundle
from pricing.kernel.periods import Period
from pricing.kernel.steps import Step
from pricing.models import AdditiveDiscount, PricePlan, UsageCatalog
from subscriptions.models import Account, Frequency

ZERO = Decimal(0)


class PreviewRefused(BillingError):
    """A price cannot be told; `field` names what was given and does not fit."""

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True, slots=True)
class PriceQuestion:
    """What is asked: `quantity` of a product, or of all in a bundle, in service from `on`.

    `billing_day` is where cycles begin; without it the first cycle is a whole one. `discounts`
    are taken as given, None keeps a place free; those that apply by themselves come in with an
    account. `units` of usage are priced by `catalog`, or by the product's own usage plan.
    `posted_on` picks the taxes.
    """

    product: Product | SalesBundle
    on: date
    plan: PricePlan | None = None
    quantity: Decimal = Decimal(1)
    frequency: str = Frequency.MONTHLY.value
    billing_day: int | None = None
    account: Account | None = None
    discounts: tuple[AdditiveDiscount | None, ...] = ()
    catalog: UsageCatalog | None = None
    units: Decimal | None = None
    posted_on: date | None = None

    @property
    def currency(self) -> str:
        """The currency of the plan, or, where only usage is asked about, of the catalogue.

        Raises PreviewRefused if neither is named.
        """
        priced_by = self.plan or self.catalog
        if priced_by is None:
            raise PreviewRefused("Choose a price plan.", field="plan")
        return priced_by.currency

    @property
    def chosen(self) -> list[tuple[str, AdditiveDiscount]]:
        """The discounts, each with the field that names it."""
        places = enumerate(self.discounts, start=1)
        return [(f"discount_{place}", each) for place, each in places if each is not None]

    def terms(self, plan: PricePlan) -> Terms:
        """Return the billing terms that are asked about."""
        return Terms(
            Period(self.on, None),
            BillingMethod.PERIOD,
            self.billing_day or self.on.day,
            CYCLES[Frequency(self.frequency)],
            prorate=True,
            bill_next_term=False,
            pre_bill=True,
            plan_id=plan.pk,
        )


@dataclass(slots=True)
class PreviewedLine:
    """A price with every step to it, tax included in the last; `days` are those it pays for."""

    part: Part
    title: str
    steps: tuple[Step, ...]
    item: Item | None = None
    net: Decimal = ZERO
    tax: Decimal = ZERO
    gross: Decimal = ZERO

    @property
    def days(self) -> Period | None:
        """The days the price is for; None where it is paid once."""
        if self.item is None or self.item.kind != ItemKind.RECURRING:
            return None
        return Period(self.item.start, self.item.end)

    @property
    def cycle(self) -> Period | None:
        """The days of the whole cycle; None where it is paid once."""
        if self.item is None or self.item.kind != ItemKind.RECURRING:
            return None
        return Period(self.item.cycle_start, self.item.cycle_end)


@dataclass(slots=True)
class PricePreview:
    """The first bill of what was asked about; `notes` say what was taken for granted."""

    currency: str
    posted_on: date
    lines: list[PreviewedLine] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def net(self) -> Decimal:
        """The sum without tax."""
        return sum((line.net for line in self.lines), ZERO)

    @property
    def tax(self) -> Decimal:
        """The tax in all."""
        return sum((line.tax for line in self.lines), ZERO)

    @property
    def gross(self) -> Decimal:
        """What is to be paid in all."""
        return sum((line.gross for line in self.lines), ZERO)
