"""What a plan takes as a price, and what it refuses."""

from decimal import Decimal

import pytest

from catalog.models import BundleComponent, Product
from pricing.kernel.periods import Duration, Unit
from pricing.kernel.rates import AfterLast, Basis, Phase
from pricing.operations.plans import (
    BasisNotAllowed,
    NoSetUpFee,
    NotAComponent,
    PricingError,
    RateExists,
    UsageNotInPlan,
    WrongAmount,
    WrongPhases,
    add_rate,
    change_rate,
)
from pricing.operations.rate_checks import bases_for
from pricing.queries.rates import find_rate, kernel_rates
from tests.catalog.factories import FamilyFactory, ProductFactory
from tests.pricing.factories import PricePlanFactory, RateFactory

pytestmark = pytest.mark.django_db
MONTH = Duration(1, Unit.MONTH)
QUARTER = Duration(3, Unit.MONTH)


@pytest.mark.case("crmcom:C3")
def test_a_usage_service_is_refused_in_a_price_plan() -> None:
    movies = ProductFactory(name="PPV Movies", usage=True)
    plan = PricePlanFactory()

    with pytest.raises(UsageNotInPlan, match="belongs in a usage service catalogue only"):
        add_rate(plan, product=movies, basis=Basis.USAGE, base_amount=Decimal(5))

    assert plan.rates.count() == 0


@pytest.mark.parametrize(
    ("trait", "allowed"),
    [
        ("", (Basis.MATURITY, Basis.QUANTITY_AND_MATURITY)),
        ("expense", (Basis.FLAT_FEE, Basis.QUANTITY)),
        ("one_time", (Basis.FLAT_FEE, Basis.QUANTITY, Basis.DURATION)),
        ("traceable", (Basis.FLAT_FEE, Basis.QUANTITY)),
        ("non_traceable", (Basis.FLAT_FEE, Basis.QUANTITY)),
        ("usage", ()),
    ],
)
def test_the_kind_of_a_product_says_on_what_its_price_depends(
    trait: str, allowed: tuple[Basis, ...]
) -> None:
    product = ProductFactory(**({trait: True} if trait else {}))

    assert bases_for(product) == allowed


def test_an_expense_has_no_rate_by_maturity() -> None:
    with pytest.raises(BasisNotAllowed, match="priced by flat fee"):
        add_rate(PricePlanFactory(), product=ProductFactory(expense=True), basis=Basis.MATURITY)


def test_a_product_has_one_rate_alone_and_one_as_a_component_of_each_bundle() -> None:
    rate = RateFactory()
    bundle = bundle_of(rate.product)

    component = add_rate(rate.plan, product=rate.product, basis=Basis.MATURITY, bundle=bundle)

    assert component.bundle == bundle
    with pytest.raises(RateExists, match="as a component of"):
        add_rate(rate.plan, product=rate.product, basis=Basis.MATURITY, bundle=bundle)
    with pytest.raises(RateExists):
        add_rate(rate.plan, product=rate.product, basis=Basis.MATURITY)


@pytest.mark.case("crmcom:R9")
def test_a_component_costs_what_its_component_rate_says() -> None:
    rate = RateFactory(base_amount=Decimal(30))
    bundle = bundle_of(rate.product)
    add_rate(
        rate.plan,
        product=rate.product,
        basis=Basis.MATURITY,
        bundle=bundle,
        base_amount=Decimal(12),
    )

    rates = kernel_rates([rate.plan_id])

    plan_id, product_id = rate.plan_id, rate.product_id
    alone = find_rate(rates, plan_id=plan_id, product_id=product_id)
    inside = find_rate(rates, plan_id=plan_id, product_id=product_id, bundle_product_id=bundle.pk)
    assert alone is not None
    assert inside is not None
    assert (alone.base_amount, inside.base_amount) == (Decimal(30), Decimal(12))


def test_a_component_without_a_rate_of_its_own_costs_nothing() -> None:
    rate = RateFactory(base_amount=Decimal(30))
    bundle = bundle_of(rate.product)

    found = find_rate(
        kernel_rates([rate.plan_id]),
        plan_id=rate.plan_id,
        product_id=rate.product_id,
        bundle_product_id=bundle.pk,
    )

    assert found is None


def test_a_product_is_priced_as_a_component_only_of_bundles_that_have_it() -> None:
    with pytest.raises(NotAComponent, match="is not a component of"):
        add_rate(
            PricePlanFactory(),
            product=ProductFactory(),
            basis=Basis.MATURITY,
            bundle=bundle_of(ProductFactory()),
        )


def test_a_product_of_a_family_in_the_bundle_counts_as_a_component() -> None:
    product = ProductFactory(family=FamilyFactory())
    bundle = ProductFactory(flexible_bundle=True)
    BundleComponent.objects.create(bundle=bundle, family=product.family)

    rate = add_rate(PricePlanFactory(), product=product, basis=Basis.MATURITY, bundle=bundle)

    assert rate.bundle == bundle


@pytest.mark.parametrize(
    ("prices", "error"),
    [
        pytest.param({"base_amount": Decimal("-0.01")}, WrongAmount, id="negative"),
        pytest.param({"setup_fee": Decimal(-1)}, WrongAmount, id="negative set-up fee"),
        pytest.param({"base_amount": Decimal("NaN")}, WrongAmount, id="not a number"),
        pytest.param({"base_amount": Decimal("1E+20")}, WrongAmount, id="too large"),
        pytest.param({"base_amount": Decimal("1E-11")}, WrongAmount, id="too fine"),
        pytest.param({"phases": [Phase(MONTH, 3, Decimal(-1))]}, WrongAmount, id="negative phase"),
        pytest.param(
            {"phases": [Phase(MONTH, 0, Decimal(1)), Phase(MONTH, 1, Decimal(2))]},
            WrongPhases,
            id="endless phase in front of another",
        ),
    ],
)
def test_prices_that_cannot_stand_are_refused(
    prices: dict[str, object], error: type[PricingError]
) -> None:
    plan = PricePlanFactory()

    with pytest.raises(error):
        RateFactory(plan=plan, **prices)

    assert plan.rates.count() == 0


def test_what_is_paid_once_has_neither_phases_nor_a_set_up_fee() -> None:
    expense = ProductFactory(expense=True)

    with pytest.raises(WrongPhases):
        RateFactory(product=expense, phases=[Phase(MONTH, 1, Decimal(1))])
    with pytest.raises(NoSetUpFee):
        RateFactory(product=expense, setup_fee=Decimal(1))


def test_a_rate_reaches_the_kernel_as_it_was_entered() -> None:
    phases = (Phase(MONTH, 3, Decimal("10.00")), Phase(QUARTER, 4, Decimal("60.00")))
    entered = RateFactory(
        phases=phases,
        after_last=AfterLast.REPEAT,
        per=QUARTER,
        tax_inclusive=True,
        setup_fee=Decimal(15),
    )

    rate = kernel_rates([entered.plan_id])[entered.plan_id, entered.product_id, None]

    assert rate.rate_id == entered.pk
    assert (rate.basis, rate.per, rate.phases) == (Basis.MATURITY, QUARTER, phases)
    assert (rate.after_last, rate.tax_inclusive, rate.setup_fee) == (AfterLast.REPEAT, True, 15)


def test_changed_phases_take_the_place_of_the_old() -> None:
    rate = RateFactory(phases=[Phase(MONTH, 3, Decimal(10)), Phase(MONTH, 0, Decimal(20))])

    change_rate(rate, phases=[Phase(MONTH, 6, Decimal(8)), Phase(MONTH, 0, Decimal(18))])

    amounts = [phase.amount for phase in rate.phases.order_by("position")]
    assert amounts == [Decimal(8), Decimal(18)]


def test_a_rate_without_phases_costs_its_amount_again() -> None:
    rate = RateFactory(phases=[Phase(MONTH, 0, Decimal(20))])

    rate = change_rate(rate, base_amount=Decimal(25), phases=())

    assert (rate.tiered, rate.phases.count()) == (False, 0)


def test_the_history_of_a_rate_tells_each_change() -> None:
    rate = RateFactory(base_amount=Decimal(30))

    change_rate(rate, base_amount=Decimal(31))

    amounts = [row.base_amount for row in rate.history.order_by("history_id")]
    assert amounts == [Decimal(30), Decimal(31)]


def bundle_of(product: Product) -> Product:
    bundle = ProductFactory(fixed_bundle=True)
    BundleComponent.objects.create(bundle=bundle, product=product, quantity=1)
    return bundle
