"""Availability: by hand, and by the nightly run when the last period of validity has ended."""

from datetime import UTC, date, datetime

import pytest

from catalog.models import Availability, Product, SalesBundle
from catalog.operations.availability import StillHeld, set_availability
from catalog.operations.products import set_validity, update_product
from config.shared.db import days
from config.shared.models import RunState
from config.shared.operations.chunks import run_here
from config.shared.operations.runs import create_run, ensure_definitions, get_active_definition
from subscriptions.models import ServiceState
from tests.catalog.factories import ProductFactory, SalesBundleFactory
from tests.subscriptions.factories import subscribe

pytestmark = pytest.mark.django_db
FIRST_OF_MAY = date(2026, 5, 1)


def nightly(on, kind="product-availability"):
    ensure_definitions()
    now = datetime(on.year, on.month, on.day, 1, tzinfo=UTC)
    run = create_run(get_active_definition(kind), as_of=on, by=None, now=now)
    return run_here(run, now=now)


def availability_of(product):
    return Product.objects.values_list("availability", flat=True).get(pk=product.pk)


@pytest.mark.case("billmax:R9")
def test_on_its_end_date_a_product_is_offered_to_no_new_users():
    product = ProductFactory()
    set_validity(product, [(date(2026, 1, 1), FIRST_OF_MAY)])

    nightly(date(2026, 4, 30))
    before = availability_of(product)
    run = nightly(FIRST_OF_MAY)

    assert run.state == RunState.COMPLETED
    assert (before, availability_of(product)) == ("AVAILABLE", "NO_NEW_USERS")
    latest = product.history.latest()
    assert latest.availability == "NO_NEW_USERS"
    assert latest.history_change_reason == (
        f"Validity ended: product-availability run {run.number}"
    )


@pytest.mark.parametrize(
    "periods",
    [
        pytest.param([], id="always valid"),
        pytest.param([(date(2026, 1, 1), None)], id="without end"),
        pytest.param([(date(2026, 1, 1), date(2026, 5, 2))], id="its last day is today"),
        pytest.param(
            [(date(2026, 1, 1), date(2026, 2, 1)), (date(2026, 9, 1), date(2026, 10, 1))],
            id="valid again later",
        ),
    ],
)
def test_what_is_valid_or_will_be_stays_available(periods):
    product = ProductFactory()
    set_validity(product, periods)

    nightly(FIRST_OF_MAY)

    assert availability_of(product) == "AVAILABLE"


def test_a_discontinued_product_is_not_touched():
    product = ProductFactory(availability="DISCONTINUED")
    set_validity(product, [(date(2026, 1, 1), FIRST_OF_MAY)])

    nightly(FIRST_OF_MAY)

    assert availability_of(product) == "DISCONTINUED"


def test_a_second_run_of_the_day_finds_nothing_to_do():
    product = ProductFactory()
    set_validity(product, [(date(2026, 1, 1), FIRST_OF_MAY)])

    nightly(FIRST_OF_MAY)
    update_product(product, availability=Availability.NO_NEW_USERS)
    nightly(FIRST_OF_MAY)

    assert product.history.filter(history_change_reason__startswith="Validity ended").count() == 1


def test_sales_bundles_end_with_their_validity():
    over = SalesBundleFactory(validity=days(date(2026, 1, 1), FIRST_OF_MAY))
    on = SalesBundleFactory(validity=days(date(2026, 1, 1), None))
    always = SalesBundleFactory()

    nightly(FIRST_OF_MAY, "sales-bundle-availability")

    found = dict(SalesBundle.objects.values_list("pk", "availability"))
    assert found == {over.pk: "NO_NEW_USERS", on.pk: "AVAILABLE", always.pk: "AVAILABLE"}


def test_what_customers_have_is_not_discontinued():
    product = ProductFactory()
    subscribe(product, on=date(2026, 3, 1))

    with pytest.raises(StillHeld) as refusal:
        set_availability(product, Availability.DISCONTINUED)

    assert "have it: 1 service that is not closed." in str(refusal.value)
    assert refusal.value.field == "availability"
    with pytest.raises(StillHeld):
        update_product(product, availability=Availability.DISCONTINUED)
    assert set_availability(product, Availability.NO_NEW_USERS).availability == "NO_NEW_USERS"


def test_once_all_services_are_closed_it_is_discontinued():
    product = ProductFactory()
    service = subscribe(product, on=date(2026, 3, 1))
    type(service).objects.update(state=ServiceState.CANCELLED)

    assert set_availability(product, Availability.DISCONTINUED).availability == "DISCONTINUED"
