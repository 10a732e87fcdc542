"""What a package consists of and what it costs: its components and fees in one list."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from catalog.models import BundleComponent, Composition, DependentFee, Product
from catalog.queries.fees import dependent_fees_of
from catalog.queries.products import components_of
from config.shared.statements import Given, Statement
from pricing.kernel.periods import Duration
from pricing.kernel.rates import Rate
from pricing.models import PlanState, PricePlan
from pricing.queries.rates import RateKey, find_rate, first_amount, first_duration, kernel_rates


@dataclass(frozen=True, slots=True)
class Element:
    """A part of a package. `how` says whether it comes with it; `amount` is for `quantity`, None
    where there is no price, and `per` None where it is charged once. `setup_fee` comes on top.
    """

    name: str
    how: str
    product: Product | None = None
    quantity: Decimal | None = None
    amount: Decimal | None = None
    per: Duration | None = None
    setup_fee: Decimal = Decimal(0)
    is_covered: bool = False
    is_counted: bool = True


@dataclass(frozen=True, slots=True)
class Elements:
    """The elements of a package in a plan (None: no effective plan prices it).

    `totals` are what the package costs with all that comes with it, by what they pay for.
    """

    plan: PricePlan | None
    rows: tuple[Element, ...]
    totals: tuple[tuple[Duration | None, Decimal], ...]


def elements_of(package: Product) -> Elements:
    """Return the elements of a package with their first prices in its first effective plan: a
    base plan before a conditional one, the oldest first. At most six queries.
    """
    plan = next(iter(_PLAN_OF.ask(package=package.pk)), None)
    components = components_of([package.pk]).get(package.pk, [])
    fees = dependent_fees_of([package.pk]).get(package.pk, [])
    products = {package.pk, *(fee.fee_id for fee in fees if fee.fee_id)}
    rates = kernel_rates([plan.pk], product_ids=products) if plan else {}
    plan_id = plan.pk if plan else 0
    own = rates.get((plan_id, package.pk, None))
    rows = [_priced(Element(package.name, "the package", package, Decimal(1)), own)]
    rows += [_component(row, package, rates, plan_id) for row in components]
    rows += [_fee(row, rates, plan_id) for row in fees]
    return Elements(plan, tuple(rows), _totals(rows))


def _component(
    row: BundleComponent, package: Product, rates: Mapping[RateKey, Rate], plan_id: int
) -> Element:
    product = row.product
    if product is None:
        most = f", at most {row.maximum}" if row.maximum is not None else ""
        name = " ".join(str(each) for each in (row.type, row.family) if each)
        how = f"at least {row.minimum}{most} chosen" if row.minimum else f"optional{most}"
        return Element(name, how, is_counted=False)
    comes = row.mandatory or package.type.composition == Composition.FIXED_BUNDLE
    element = Element(
        product.name,
        "comes with it" if comes else "optional",
        product,
        row.quantity or Decimal(1),
        is_counted=comes,
    )
    rate = find_rate(rates, plan_id=plan_id, product_id=product.pk, bundle_product_id=package.pk)
    return _priced(element, rate, is_covered=bool(plan_id) and rate is None)


def _fee(row: DependentFee, rates: Mapping[RateKey, Rate], plan_id: int) -> Element:
    how = "fee while it runs" if row.is_recurring else "fee, once"
    if row.fee is None:
        matched = row.group.get_match_on_display().lower() if row.group else ""
        return Element(str(row.group), f"{how}, by {matched}", None, row.quantity)
    element = Element(row.fee.name, how, row.fee, row.quantity)
    return _priced(element, rates.get((plan_id, row.fee.pk, None)))


def _priced(element: Element, rate: Rate | None, *, is_covered: bool = False) -> Element:
    if rate is None:
        return replace(element, is_covered=is_covered)
    return replace(
        element,
        amount=first_amount(rate, element.quantity or Decimal(1)),
        per=None if rate.is_once else first_duration(rate),
        setup_fee=rate.setup_fee,
    )


def _totals(rows: list[Element]) -> tuple[tuple[Duration | None, Decimal], ...]:
    found: dict[Duration | None, Decimal] = {}
    for row in rows:
        if row.is_counted and row.amount is not None:
            found[row.per] = found.get(row.per, Decimal(0)) + row.amount
            if row.setup_fee:
                found[None] = found.get(None, Decimal(0)) + row.setup_fee
    return tuple(found.items())


_PLAN_OF = Statement(
    lambda: PricePlan.objects.filter(
        state=PlanState.EFFECTIVE, rates__product=Given("package"), rates__bundle=None
    ).order_by("kind", "pk")[:1]
)
