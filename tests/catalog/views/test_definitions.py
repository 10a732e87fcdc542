"""Lists of definitions: the same products, by kind, with the columns that BillMax lists have."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from catalog.operations.bundles import ComponentRow, set_components
from catalog.operations.fees import FeeRow, set_dependent_fees
from catalog.operations.products import set_validity
from pricing.operations.plans import add_rate
from tests.catalog.factories import (
    AccountClassFactory,
    ProductFactory,
    ProductTypeFactory,
    SalesBundleFactory,
    TechnologyFactory,
)
from tests.pricing.factories import PricePlanFactory, basis_for

pytestmark = pytest.mark.django_db

LISTS = ("one_time_list", "recurring_fee_list", "recurring_service_list", "recurring_package_list")


def listed(client, name: str, **query: str) -> list[str]:
    page = client.get(reverse(f"catalog:{name}"), query)
    return [row.record.name for row in page.context["table"].paginated_rows]


@pytest.fixture
def rental(db):
    return ProductFactory(name="Box rental")


@pytest.fixture
def package(rental):
    """A package of one element with a recurring and a one-time fee."""
    product = ProductFactory(name="Family TV", fixed_bundle=True, charge_type="TV")
    set_components(product, [ComponentRow(ProductFactory(name="News"), quantity=1)])
    set_dependent_fees(product, [FeeRow(rental), FeeRow(ProductFactory(name="Fee", expense=True))])
    return product


def test_each_kind_of_definition_has_its_list(admin_client, package):
    for name, trait in (("Visit", "one_time"), ("Box", "traceable"), ("Remote", "non_traceable")):
        ProductFactory(name=name, **{trait: True})
    ProductFactory(name="Call", usage=True)

    found = {name: sorted(listed(admin_client, name)) for name in LISTS}

    assert found == {
        "one_time_list": ["Box", "Fee", "Remote", "Visit"],
        "recurring_fee_list": ["Box rental"],
        "recurring_service_list": ["News"],
        "recurring_package_list": ["Family TV"],
    }


def test_a_line_shows_dates_lists_first_price_and_counts(admin_client, package):
    draft, plan = PricePlanFactory(), PricePlanFactory(name="Standard")
    draft.state = "DRAFT"
    draft.save()
    for each, amount in ((draft, "1.00"), (plan, "29.90")):
        add_rate(
            each,
            product=package,
            basis=basis_for(package),
            base_amount=Decimal(amount),
            setup_fee=Decimal("15.00"),
        )
    package.account_classes.add(AccountClassFactory(name="Residential"))
    set_validity(package, [(date(2026, 1, 1), date(2026, 5, 1))])

    page = admin_client.get(reverse("catalog:recurring_package_list"))
    row = next(iter(page.context["table"].paginated_rows))

    cells = {column.name: str(cell) for column, cell in row.items()}
    assert (cells["start"], cells["last_day"]) == ("1 Jan 2026", "30 Apr 2026")
    assert (cells["account_class"], cells["technology"]) == ("Residential", "all")
    assert "29.90" in cells["price"]
    assert "per month" in cells["price"]
    assert "15.00" in cells["setup_fee"]
    assert (cells["fee_count"], cells["element_count"]) == ("2", "1")
    export = admin_client.get(reverse("catalog:recurring_package_list"), {"export": "csv"})
    assert ",29.9000000000,15.0000000000,2,1" in b"".join(export.streaming_content).decode()


def test_definitions_are_narrowed_by_class_technology_charge_type_and_text(admin_client, package):
    ProductFactory(name="Business TV", fixed_bundle=True)
    residential, fibre = AccountClassFactory(), TechnologyFactory()
    package.account_classes.add(residential)
    package.technologies.add(fibre)

    for query in (
        {"account_class": str(residential.pk)},
        {"technology": str(fibre.pk)},
        {"charge_type": "tv"},
        {"q": "family"},
    ):
        assert listed(admin_client, "recurring_package_list", **query) == ["Family TV"]


def test_sales_bundles_are_narrowed_by_class_and_technology(admin_client):
    residential, fibre = AccountClassFactory(), TechnologyFactory()
    SalesBundleFactory(name="For all")
    bundle = SalesBundleFactory(name="Welcome")
    bundle.account_classes.add(residential)
    bundle.technologies.add(fibre)

    for query in ({"account_class": str(residential.pk)}, {"technology": str(fibre.pk)}):
        assert listed(admin_client, "sales_bundle_list", **query) == ["Welcome"]


@pytest.mark.parametrize("name", ["one_time_list", "recurring_package_list"])
def test_a_list_asks_the_same_number_of_queries_for_1_and_6_rows(admin_client, package, name):
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert admin_client.get(reverse(f"catalog:{name}")).status_code == 200
        return len(asked)

    few = queries()
    plan = PricePlanFactory()
    residential = AccountClassFactory()
    for trait in ({"fixed_bundle": True}, {"expense": True}) * 5:
        product = ProductFactory(**trait, account_classes=[residential])
        add_rate(plan, product=product, basis=basis_for(product), base_amount=Decimal(5))

    assert queries() == few


@pytest.mark.parametrize(
    ("names", "query"),
    [
        pytest.param(["Bundle"], "?type=bundle", id="the only one"),
        pytest.param(["Bundle", "Pack"], "", id="one of two is for the user to choose"),
    ],
)
def test_a_new_package_opens_with_its_type_where_only_one_fits(admin_client, names, query):
    ProductTypeFactory(name="A service")
    for name in names:
        ProductTypeFactory(name=name, code=name.lower(), fixed_bundle=True)

    page = admin_client.get(reverse("catalog:recurring_package_list"))

    assert page.context["new_action"] == (
        "New recurring package",
        reverse("catalog:product_new") + query,
    )
