"""What a CSR is offered: the class by technology matrix, availability, validity."""

from datetime import date

import pytest

from catalog.models import AccountClass, MatchOn, Product, SalesBundle, Technology
from catalog.operations.fees import FeeRow, GroupRow, create_fee_group, set_dependent_fees
from catalog.operations.products import set_validity
from catalog.queries.offers import offered_products, offered_sales_bundles
from catalog.queries.products import is_valid_on
from config.shared.db import days
from tests.catalog.factories import (
    AccountClassFactory,
    ProductFactory,
    SalesBundleFactory,
    TechnologyFactory,
)

pytestmark = pytest.mark.django_db

NEW_YEAR = date(2026, 1, 1)
# The account is Residential, the user's technology Fiber.
MATRIX = [
    pytest.param("", "", True, marks=pytest.mark.case("billmax:S1")),
    pytest.param("Residential", "", True, marks=pytest.mark.case("billmax:S2")),
    pytest.param("", "Fiber", True, marks=pytest.mark.case("billmax:S3")),
    pytest.param("Residential", "Fiber", True, marks=pytest.mark.case("billmax:S4")),
    pytest.param("Business", "", False, marks=pytest.mark.case("billmax:S5")),
    pytest.param("", "Wireless", False, marks=pytest.mark.case("billmax:S6")),
    pytest.param("Residential", "Wireless", False, marks=pytest.mark.case("billmax:S7")),
    pytest.param("Business", "Fiber", False, marks=pytest.mark.case("billmax:S8")),
    pytest.param("Business", "Wireless", False),
]


@pytest.fixture
def classes() -> dict[str, AccountClass]:
    return {name: AccountClassFactory(name=name) for name in ("Residential", "Business")}


@pytest.fixture
def technologies() -> dict[str, Technology]:
    return {name: TechnologyFactory(name=name) for name in ("Fiber", "Wireless")}


@pytest.mark.parametrize(("class_name", "technology_name", "shown"), MATRIX)
def test_offers_fit_account_class_and_technology(
    classes: dict[str, AccountClass],
    technologies: dict[str, Technology],
    class_name: str,
    technology_name: str,
    shown,
) -> None:
    product, bundle = ProductFactory(), SalesBundleFactory()
    for definition in (product, bundle):
        definition.account_classes.set([classes[class_name]] if class_name else [])
        definition.technologies.set([technologies[technology_name]] if technology_name else [])
    customer = {
        "account_class_id": classes["Residential"].pk,
        "technology_id": technologies["Fiber"].pk,
        "on": NEW_YEAR,
    }

    assert offered_products(**customer).filter(pk=product.pk).exists() is shown
    assert offered_sales_bundles(**customer).filter(pk=bundle.pk).exists() is shown
    assert offered_products(**customer, filtered=False).get() == product
    assert offered_sales_bundles(**customer, filtered=False).get() == bundle


def test_a_customer_without_class_or_technology_sees_what_names_none(
    classes: dict[str, AccountClass],
) -> None:
    ProductFactory(account_classes=[classes["Business"]])
    open_to_all = ProductFactory()

    offered = offered_products(account_class_id=None, technology_id=None, on=NEW_YEAR)

    assert list(offered) == [open_to_all]


def test_a_definition_of_two_classes_is_offered_to_both_and_once(
    classes: dict[str, AccountClass],
) -> None:
    product = ProductFactory(account_classes=list(classes.values()))

    for account_class in classes.values():
        offered = offered_products(
            account_class_id=account_class.pk, technology_id=None, on=NEW_YEAR
        )
        assert list(offered) == [product]


@pytest.mark.parametrize("availability", ["NO_NEW_USERS", "DISCONTINUED"])
def test_only_what_is_available_is_offered(availability: str) -> None:
    ProductFactory(availability=availability)
    SalesBundleFactory(availability=availability)

    assert not offered_products(account_class_id=None, technology_id=None, on=NEW_YEAR)
    assert not offered_sales_bundles(account_class_id=None, technology_id=None, on=NEW_YEAR)


def test_termed_services_bundles_and_expenses_are_offered() -> None:
    sold = [ProductFactory(), ProductFactory(fixed_bundle=True), ProductFactory(expense=True)]
    for trait in ("usage", "one_time", "traceable", "non_traceable"):
        ProductFactory(**{trait: True})

    assert list(offered_products(account_class_id=None, technology_id=None, on=NEW_YEAR)) == sold


def test_recurring_fees_are_not_offered_for_they_come_with_their_parent() -> None:
    parent, rental, setup = ProductFactory(), ProductFactory(), ProductFactory(expense=True)
    grouped = ProductFactory()
    create_fee_group(name="Line rental", match_on=MatchOn.CITY, rows=[GroupRow(grouped)])
    set_dependent_fees(parent, [FeeRow(rental), FeeRow(setup)])

    assert _products(NEW_YEAR) == [parent, setup]


def _products(on: date) -> list[Product]:
    return list(offered_products(account_class_id=None, technology_id=None, on=on))


def _sales_bundles(on: date) -> list[SalesBundle]:
    return list(offered_sales_bundles(account_class_id=None, technology_id=None, on=on))


@pytest.mark.case("crmcom:T10")
def test_a_product_is_selectable_on_the_days_of_its_validity_only() -> None:
    product = ProductFactory()
    set_validity(product, [(date(2026, 1, 1), date(2026, 4, 1))])

    assert _products(date(2026, 3, 31)) == [product]
    assert _products(date(2026, 4, 1)) == []
    assert is_valid_on(product, date(2026, 3, 31))
    assert not is_valid_on(product, date(2026, 4, 1))


def test_a_sales_bundle_is_selectable_on_the_days_of_its_validity_only() -> None:
    bundle = SalesBundleFactory(validity=days(date(2026, 1, 1), date(2026, 4, 1)))

    assert _sales_bundles(date(2026, 3, 31)) == [bundle]
    assert _sales_bundles(date(2026, 4, 1)) == []
