"""The timeline that billing reads."""

from datetime import date
from decimal import Decimal

import pytest

from catalog.operations.bundles import ComponentRow, set_components
from subscriptions.models import ActionKind, BillTiming
from subscriptions.operations.actions import ExpenseAddition
from subscriptions.operations.schemes import add_product_to_scheme
from subscriptions.queries.timeline import ProductTerms, histories
from tests.catalog.factories import ProductFactory
from tests.subscriptions.factories import SchemeFactory, act, offer, subscribe

pytestmark = pytest.mark.django_db

JAN_15 = date(2026, 1, 15)
FEB_1 = date(2026, 2, 1)


def test_the_timeline_is_plain_values() -> None:
    bundle, part = ProductFactory(fixed_bundle=True), ProductFactory()
    set_components(bundle, [ComponentRow(product=part, quantity=Decimal(2))])
    scheme = SchemeFactory()
    add_product_to_scheme(scheme, bundle, timing=BillTiming.POST_BILL)
    service = subscribe(bundle, on=JAN_15, scheme=scheme)
    act(ActionKind.DEACTIVATE, service.subscription, on=FEB_1)
    account_id = service.subscription.account_id

    found = histories([account_id])

    component = service.components.get()
    assert [(row.service_id, row.bundle_product_id) for row in found.services] == [
        (service.pk, None),
        (component.pk, bundle.pk),
    ]
    assert [tuple(row)[1:] for row in found.spells[component.pk]] == [
        (JAN_15, FEB_1, "EFFECTIVE", "BILL", part.pk, 2, None, account_id),
        (FEB_1, None, "NOT_EFFECTIVE", "KEEP", part.pk, 2, None, account_id),
    ]
    (terms,) = found.terms[service.subscription_id]
    assert (terms.start, terms.end, terms.method, terms.prorate) == (JAN_15, None, "PERIOD", True)
    assert (terms.plan_id, terms.frequency, terms.billing_day) == (
        scheme.default_plan_id,
        "MONTHLY",
        1,
    )
    assert found.products[scheme.pk, bundle.pk] == ProductTerms(
        timing="POST_BILL", exclude_from_deactivation=False
    )


def test_expenses_are_there_without_any_service() -> None:
    service = subscribe(ProductFactory(), on=JAN_15)
    fee = ProductFactory(expense=True)
    offer(fee, subscription_type=service.subscription.type)
    act(ActionKind.ADD_EXPENSE, service.subscription, on=FEB_1, expenses=(ExpenseAddition(fee),))

    found = histories([service.subscription.account_id], service_ids=[])

    assert found.services == ()
    (expense,) = found.expenses[service.subscription_id]
    assert (expense.product_id, expense.quantity, expense.incurred_on) == (fee.pk, 1, FEB_1)
    assert service.subscription_id in found.terms


def test_drafts_are_left_out_and_a_cancelled_first_day_is_not() -> None:
    draft = subscribe(ProductFactory(), on=JAN_15, addition={"draft": True})
    undone = subscribe(ProductFactory(), on=JAN_15)
    act(ActionKind.CANCEL, undone.subscription, on=JAN_15)
    accounts = [draft.subscription.account_id, undone.subscription.account_id]

    found = histories(accounts)

    assert [row.service_id for row in found.services] == [undone.pk]
    assert found.spells == {undone.pk: []}


@pytest.mark.parametrize("count", [1, 5])
def test_the_number_of_queries_does_not_grow(count: int, django_assert_num_queries) -> None:
    product, scheme = ProductFactory(), SchemeFactory()
    services = [subscribe(product, on=JAN_15, scheme=scheme) for _ in range(count)]
    accounts = [service.subscription.account_id for service in services]

    with django_assert_num_queries(5):
        found = histories(accounts)

    assert len(found.services) == count
