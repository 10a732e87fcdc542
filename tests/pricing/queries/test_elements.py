"""What a package consists of, in one list, and what it comes to."""

from decimal import Decimal

import pytest

from catalog.models import Product
from catalog.operations.bundles import ComponentRow, set_components
from catalog.operations.fees import FeeRow, set_dependent_fees
from pricing.kernel.periods import Duration, Unit
from pricing.operations.plans import add_rate
from pricing.queries.elements import elements_of
from tests.catalog.factories import FamilyFactory, ProductFactory
from tests.pricing.factories import PricePlanFactory, basis_for

pytestmark = pytest.mark.django_db

MONTHLY = Duration(1, Unit.MONTH)


def price(plan, product: Product, amount: str, **fields) -> None:
    add_rate(plan, product=product, basis=basis_for(product), base_amount=Decimal(amount), **fields)


def test_a_package_costs_what_it_does_itself_with_priced_components_and_fees() -> None:
    package = ProductFactory(name="Family TV", fixed_bundle=True)
    news, movies = ProductFactory(name="News"), ProductFactory(name="Movies")
    rental, visit = ProductFactory(name="Box rental"), ProductFactory(name="Visit", expense=True)
    set_components(package, [ComponentRow(news, quantity=1), ComponentRow(movies, quantity=2)])
    set_dependent_fees(package, [FeeRow(rental), FeeRow(visit)])
    plan = PricePlanFactory()
    price(plan, package, "29.90", setup_fee=Decimal("15.00"))
    price(plan, movies, "2.00", bundle=package)
    price(plan, rental, "6.20")
    price(plan, visit, "25.00")

    found = elements_of(package)

    assert [(row.name, row.how, row.amount, row.is_covered) for row in found.rows] == [
        ("Family TV", "the package", Decimal("29.90"), False),
        ("News", "comes with it", None, True),
        ("Movies", "comes with it", Decimal("4.00"), False),
        ("Box rental", "fee while it runs", Decimal("6.20"), False),
        ("Visit", "fee, once", Decimal("25.00"), False),
    ]
    assert dict(found.totals) == {MONTHLY: Decimal("40.10"), None: Decimal("40.00")}


def test_what_is_optional_is_not_counted() -> None:
    package, news = ProductFactory(flexible_bundle=True), ProductFactory(name="News")
    rows = [
        ComponentRow(news, quantity=1, mandatory=False),
        ComponentRow(family=FamilyFactory(name="Sports"), minimum=2, maximum=4),
    ]
    set_components(package, rows)
    plan = PricePlanFactory()
    price(plan, package, "10.00")
    price(plan, news, "3.00", bundle=package)

    found = elements_of(package)

    assert [row.how for row in found.rows[1:]] == ["optional", "at least 2, at most 4 chosen"]
    assert dict(found.totals) == {MONTHLY: Decimal("10.00")}
    assert elements_of(ProductFactory(fixed_bundle=True)).plan is None
