"""A fee without a price keeps its parent from being sold: the pages of both say so."""

import pytest

from catalog.operations.fees import FeeRow, GroupRow, create_fee_group, set_dependent_fees
from pricing.models import PlanState
from pricing.queries.fee_prices import fees_without_price, parents_without_price
from tests.catalog.factories import ProductFactory
from tests.pricing.factories import PricePlanFactory, RateFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def line():
    """A line that a plan prices, with a named fee and one picked by the city; none has a price."""
    line = ProductFactory(name="Line")
    modem, city = ProductFactory(name="Modem rent"), ProductFactory(name="City fee", expense=True)
    group = create_fee_group(name="By city", match_on="CITY", rows=[GroupRow(city)])
    set_dependent_fees(line, [FeeRow(fee=modem), FeeRow(group=group)])
    line.plan = PricePlanFactory(name="Standard")
    RateFactory(plan=line.plan, product=line)
    line.fees = (modem, city)
    return line


def test_fees_without_a_price_are_named_with_the_plan(line):
    assert fees_without_price(line) == [
        "Modem rent has no price in Standard: Line cannot be sold there.",
        "City fee has no price in Standard: Line cannot be sold there.",
    ]


def test_a_priced_fee_is_not_named(line):
    RateFactory(plan=line.plan, product=line.fees[0])

    assert fees_without_price(line) == [
        "City fee has no price in Standard: Line cannot be sold there."
    ]


def test_plans_that_have_expired_or_do_not_price_the_product_do_not_count(line):
    line.plan.state = PlanState.EXPIRED
    line.plan.save()
    PricePlanFactory(name="Other")

    assert fees_without_price(line) == []


def test_the_page_of_the_fee_and_the_list_of_its_parent_say_it(admin_client, line):
    for fee in line.fees:
        text = f"{fee.name} has no price in Standard: Line cannot be sold there."
        assert parents_without_price(fee) == [text]
        assert text in admin_client.get(fee.get_absolute_url()).content.decode()
        listed = admin_client.get(f"{line.get_absolute_url()}?tab=components").content.decode()
        assert text in listed
    assert parents_without_price(line) == []
