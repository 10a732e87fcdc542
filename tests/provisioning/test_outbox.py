"""An act writes its requests with it: one for each provider and service that goes on or off."""

from datetime import date

import pytest

from catalog.operations.bundles import ComponentRow, set_components
from provisioning.models import ActivationMethod, ProvisioningRequest
from provisioning.operations.providers import (
    NoDistributorApplied,
    distribute_product,
    set_effective,
)
from subscriptions.models import ActionKind
from tests.catalog.factories import ProductFactory, ProductTypeFactory
from tests.provisioning.factories import carry, make_provider
from tests.subscriptions.factories import act, subscribe
from tests.subscriptions.flexible import sports_pack

pytestmark = pytest.mark.django_db
DAY = date(2026, 1, 15)


def provisioned_product():
    return ProductFactory(type=ProductTypeFactory(provisioned=True))


def kinds() -> list[str]:
    return list(ProvisioningRequest.objects.order_by("id").values_list("kind", flat=True))


def test_selling_a_service_asks_its_provider_to_switch_it_on() -> None:
    product = provisioned_product()
    carry(product, make_provider(), "4711")

    service = subscribe(product, on=DAY)

    request = ProvisioningRequest.objects.get()
    assert request.kind == "ACTIVATE_SERVICE"
    assert request.state == "PENDING"
    assert request.payload == {
        "request": request.number,
        "type": "ACTIVATE_SERVICE",
        "account": service.subscription.account.number,
        "subscription": service.subscription.number,
        "services": [
            {"number": service.number, "product": "4711", "distributors": ["cable"], "values": {}}
        ],
    }


def test_a_service_goes_off_once_however_it_ends() -> None:
    product = provisioned_product()
    carry(product, make_provider(), "4711")
    subscription = subscribe(product, on=DAY).subscription

    act(ActionKind.DEACTIVATE, subscription, on=date(2026, 1, 20), state_reason="CUSTOMER")
    act(ActionKind.CANCEL, subscription, on=date(2026, 1, 25))

    assert kinds() == ["ACTIVATE_SERVICE", "DEACTIVATE_SERVICE"]


def test_each_effective_provider_is_asked_and_no_other() -> None:
    product = provisioned_product()
    carry(product, make_provider(), "4711")
    carry(product, make_provider(effective=False), "0815")

    subscribe(product, on=DAY)

    assert ProvisioningRequest.objects.get().payload["services"][0]["product"] == "4711"


def test_do_not_provision_is_recorded_and_not_sent() -> None:
    product = provisioned_product()
    carry(product, make_provider(), "4711")

    subscribe(product, on=DAY, provision=False)

    request = ProvisioningRequest.objects.get()
    assert request.state == "SKIPPED"
    assert request.skip_reason == "Do not provision was set on the action."


def test_a_provider_of_whole_subscriptions_gets_one_request_with_all_services() -> None:
    provider = make_provider(method=ActivationMethod.WHOLE_SUBSCRIPTION)
    product = provisioned_product()
    carry(product, provider, "4711")

    subscribe(product, on=DAY)

    request = ProvisioningRequest.objects.get()
    assert request.kind == "ACTIVATE_SUBSCRIBER"
    assert len(request.payload["services"]) == 1


def test_a_product_without_an_applied_distributor_is_refused() -> None:
    provider = make_provider()

    with pytest.raises(NoDistributorApplied):
        distribute_product(
            provisioned_product(), provider=provider, external_id="1", distributors=[]
        )


def test_a_provider_out_of_use_is_not_asked() -> None:
    provider = make_provider()
    product = provisioned_product()
    carry(product, provider, "4711")
    set_effective(provider, effective=False)

    subscribe(product, on=DAY)

    assert kinds() == []


def test_a_fixed_package_is_asked_for_once_with_its_components() -> None:
    package, part = ProductFactory(fixed_bundle=True), provisioned_product()
    set_components(package, [ComponentRow(part, 1)])
    provider = make_provider()
    carry(package, provider, "PACK")
    carry(part, provider, "4711")

    subscribe(package, on=DAY)

    assert ProvisioningRequest.objects.get().payload["services"][0]["product"] == "PACK"


def test_what_is_chosen_for_a_flexible_bundle_is_asked_for_and_let_go_by_itself() -> None:
    pack, provider = sports_pack(), make_provider()
    carry(pack.pack, provider, "PACK")
    for number, channel in enumerate(pack.channels):
        carry(channel, provider, f"CH-{number}")
    head = pack.sell(0, 1, on=DAY)

    act(
        ActionKind.AMEND_BUNDLE,
        head.subscription,
        on=date(2026, 1, 20),
        services=(head,),
        choices=pack.choose(1, 2),
    )

    asked = ProvisioningRequest.objects.order_by("id")
    assert [(each.kind, each.payload["services"][0]["product"]) for each in asked] == [
        ("ACTIVATE_SERVICE", "PACK"),
        ("ACTIVATE_SERVICE", "CH-0"),
        ("ACTIVATE_SERVICE", "CH-1"),
        ("DEACTIVATE_SERVICE", "CH-0"),
        ("ACTIVATE_SERVICE", "CH-2"),
    ]
