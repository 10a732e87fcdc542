"""The rows of tiers on the page of a rate."""

import pytest
from django.urls import reverse

from tests.catalog.factories import ProductFactory
from tests.pricing.factories import PricePlanFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def send(admin_client):
    """Send a new rate of a service with one tier; `more` are further fields."""
    plan, seats = PricePlanFactory(), ProductFactory(code="SEATS", name="Seats")

    def post(**more):
        return admin_client.post(
            reverse("pricing:plan_rate_new", args=[plan.code]),
            {
                "product": seats.code,
                "rows-TOTAL_FORMS": "2",
                "rows-INITIAL_FORMS": "0",
                "rows-0-up_to": "3",
                "rows-0-rate": "9.00",
                **more,
            },
        ).context["form"]

    return post


def test_more_rows_come_without_checking_and_keep_what_was_typed(send):
    form = send(more_rows="yes", product="", **{"rows-0-rate": "nine"})

    assert len(form.rows.forms) == 7
    assert (form.errors, form.rows.total_error_count()) == ({}, 0)
    assert (form.rows.forms[0]["up_to"].value(), form.rows.forms[0]["rate"].value()) == (
        "3",
        "nine",
    )


def test_a_wrong_basis_is_said_together_with_what_is_wrong_in_the_tiers(send):
    form = send(basis="MATURITY", **{"rows-0-rate": "nine"})

    assert form.errors["basis"] == [
        "Tiers need a price by quantity, by quantity and maturity, or by duration."
    ]
    assert "rate" in form.rows.forms[0].errors


def test_a_basis_that_the_product_does_not_have_is_said_together_with_the_tiers(send):
    form = send(basis="DURATION", **{"rows-0-up_to": "x"})

    assert form.errors["basis"] == ["Seats is priced by maturity or quantity and maturity."]
    assert "up_to" in form.rows.forms[0].errors
