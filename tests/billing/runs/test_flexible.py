"""Flexible bundles on bills: component rates of what was chosen, for as long as it is chosen."""

from datetime import date
from decimal import Decimal

import pytest

from billing.models import RatedBillingItem
from subscriptions.models import ActionKind, BillTiming, SchemeProduct
from subscriptions.operations.actions import preview
from subscriptions.operations.requests import ActionRequest
from tests.billing.factories import bill_run
from tests.subscriptions.factories import act
from tests.subscriptions.flexible import sports_pack

pytestmark = pytest.mark.django_db

MARCH, MAR_11, APRIL = date(2026, 3, 1), date(2026, 3, 11), date(2026, 4, 1)
GOLF, POLO = range(2)


def live() -> list[tuple[str, Decimal]]:
    items = RatedBillingItem.objects.filter(reversed_at=None, reverses=None)
    return sorted((item.product.name, item.amount) for item in items.select_related("product"))


@pytest.mark.case("crmcom:R9")
def test_a_choice_is_billed_at_its_component_rates() -> None:
    sports_pack("31.00", Golf="6.20").sell(GOLF, POLO, on=MARCH)

    bill_run(MARCH)

    assert live() == [("Golf", Decimal("6.20")), ("Sports pack", Decimal(31))]


def test_an_amendment_gives_back_what_goes_and_charges_what_comes() -> None:
    pack = sports_pack("31.00", Golf="6.20", Polo="9.30")
    SchemeProduct.objects.filter(scheme=pack.scheme).update(timing=BillTiming.PRE_BILL)
    head = pack.sell(GOLF, on=MARCH)
    bill_run(MARCH)
    request = ActionRequest(
        kind=ActionKind.AMEND_BUNDLE,
        performed_on=MAR_11,
        subscription=head.subscription,
        services=(head,),
        choices=pack.choose(POLO),
    )

    foreseen = [line.amount for line in preview(request).lines if line.amount is not None][-1]
    act(
        ActionKind.AMEND_BUNDLE,
        head.subscription,
        on=MAR_11,
        services=(head,),
        choices=pack.choose(POLO),
    )
    bill_run(MAR_11)

    # 10 of 31 days of Golf, 21 of 31 of Polo; the pack itself is not touched.
    assert live() == [
        ("Golf", Decimal("2.00")),
        ("Polo", Decimal("6.30")),
        ("Sports pack", Decimal(31)),
    ]
    assert foreseen == Decimal("2.10")
    bill_run(APRIL)
    assert ("Polo", Decimal("9.30")) in live()
    assert [name for name, _ in live()].count("Golf") == 1
