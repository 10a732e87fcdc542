"""Dependent fees on the product page, and the pages of fee groups."""

from decimal import Decimal

import pytest
from django.urls import reverse

from catalog.models import FeeGroup, MatchOn
from catalog.operations.fees import FeeRow, GroupRow, create_fee_group, set_dependent_fees
from tests.catalog.factories import ProductFactory

pytestmark = pytest.mark.django_db


def rows(*filled: dict[str, str], prefix: str = "rows", stored: int = 0) -> dict[str, str]:
    """Return what a form with rows sends."""
    data = {f"{prefix}-TOTAL_FORMS": str(len(filled)), f"{prefix}-INITIAL_FORMS": str(stored)}
    for place, row in enumerate(filled):
        data |= {f"{prefix}-{place}-{name}": value for name, value in row.items()}
    return data


def test_fees_are_set_on_the_product_page_and_a_refusal_stands_at_its_row(admin_client):
    parent, rental = ProductFactory(), ProductFactory(code="RENTAL")
    group = create_fee_group(
        name="Line rental", match_on=MatchOn.CITY, rows=[GroupRow(ProductFactory())]
    )
    page = parent.get_absolute_url() + "?tab=components"
    form = admin_client.get(page).context["form_token"]
    sent = {"panel": "fees", "form_token": form}
    one = {"fee": "rental", "quantity": "2"}
    fees = rows(one, {"group": group.code, "quantity": "1"}, prefix="fees-rows")
    usage = ProductFactory(usage=True).code
    wrong = rows(one, {"fee": usage, "quantity": "1"}, prefix="fees-rows")

    refused = admin_client.post(page, {**sent, **wrong})
    saved = admin_client.post(page, {**sent, **fees}, follow=True)

    assert "Row 2: " in refused.content.decode()
    assert "neither a flat termed service nor an expense" in refused.content.decode()
    assert f"The fees of {parent} were saved." in saved.content.decode()
    stored = parent.dependent_fees.order_by("sort_order").values_list("fee", "group", "quantity")
    assert list(stored) == [(rental.pk, None, 2), (None, group.pk, 1)]


def test_readers_see_fees_and_products_that_are_not_termed_have_none(reader_client):
    parent = ProductFactory()
    set_dependent_fees(parent, [FeeRow(ProductFactory(name="Box rental"), quantity=Decimal(2))])

    page = reader_client.get(parent.get_absolute_url(), {"tab": "components"}).content.decode()
    usage = ProductFactory(usage=True).get_absolute_url()

    assert "Box rental" in page
    assert "while it runs" in page
    assert b"Dependent fees" not in reader_client.get(usage, {"tab": "components"}).content


def test_a_fee_group_is_created_changed_listed_and_deleted(admin_client):
    fee = ProductFactory(code="RENTAL")
    new = reverse("catalog:fee_group_new")
    edit = reverse("catalog:fee_group_edit", args=["line-rental"])
    head = {"name": "Line rental", "match_on": "CITY"}
    first = rows({"criterion": "Athens", "fee": "RENTAL"}, {"criterion": "athens", "fee": "RENTAL"})

    refused = admin_client.post(new, {**head, **first})
    admin_client.post(new, {**head, **rows({"criterion": "*", "fee": "RENTAL"})})
    shown = admin_client.get(edit)
    more = rows(
        {"criterion": "*", "fee": "RENTAL"}, {"criterion": "Athens", "fee": fee.code}, stored=1
    )
    admin_client.post(edit, {**head, "code": "line-rental", "match_required": "on", **more})

    assert "already has a fee for “athens”" in refused.content.decode()
    assert shown.status_code == 200
    group = FeeGroup.objects.get()
    assert (group.match_required, group.rows.count()) == (True, 2)
    assert b"Line rental" in admin_client.get(reverse("catalog:fee_group_list")).content
    found = admin_client.get(reverse("catalog:choose_fee_group"), {"q": "line"}).json()
    assert found["choices"][0]["value"] == "line-rental"
    admin_client.post(reverse("catalog:fee_group_delete", args=["line-rental"]))
    assert not FeeGroup.objects.exists()
