"""Delivery keeps the order of a lane, tries again by the table, and never sends twice at once."""

import threading
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection, connections

from provisioning.models import ProvisioningRequest, RequestState
from provisioning.operations.delivery import RETRY_DELAYS, deliver_due, deliver_lane
from provisioning.operations.requests import (
    NotWaiting,
    ReasonMissing,
    retry_request,
    skip_request,
)
from provisioning.providers import Answer, DeliveryFailed, Outgoing
from provisioning.providers.simulator.server import HeadEndServer
from subscriptions.models import ActionKind, SubscribedService
from tests.catalog.factories import ProductFactory, ProductTypeFactory
from tests.provisioning.factories import carry, make_provider
from tests.subscriptions.factories import act, subscribe

pytestmark = pytest.mark.django_db
DAY = date(2026, 1, 15)
LATER = datetime(2100, 1, 1, tzinfo=UTC)


def service_on(url: str) -> SubscribedService:
    product = ProductFactory(type=ProductTypeFactory(provisioned=True))
    carry(product, make_provider(url=url), "4711")
    return subscribe(product, on=DAY)


def switched_off_again(service: SubscribedService) -> None:
    act(ActionKind.DEACTIVATE, service.subscription, on=date(2026, 1, 20), state_reason="CUSTOMER")


class Recorder:
    """A provider that answers what it is told to, and notes what was asked."""

    def __init__(self, *answers: Answer | Exception) -> None:
        self.answers = list(answers)
        self.asked: list[Outgoing] = []

    def send(self, outgoing: Outgoing) -> Answer:
        self.asked.append(outgoing)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


ACCEPTED = Answer(accepted=True, body={})
REJECTED = Answer(accepted=False, body={}, error_code="E7", error_text="card unknown")


def lane(service: SubscribedService) -> dict[str, int]:
    request = ProvisioningRequest.objects.filter(subscription=service.subscription).first()
    return {"subscription_id": request.subscription_id, "provider_id": request.provider_id}


def states() -> list[str]:
    return list(ProvisioningRequest.objects.order_by("id").values_list("state", flat=True))


def test_requests_reach_the_head_end_in_their_order(
    head_end_server: HeadEndServer, head_end_url: str
) -> None:
    service = service_on(head_end_url)
    switched_off_again(service)

    done = deliver_due(now=LATER)

    assert done.completed == 2
    assert [entry["type"] for entry in head_end_server.head_end.log] == [
        "ACTIVATE_SERVICE",
        "DEACTIVATE_SERVICE",
    ]
    shelf = head_end_server.head_end.snapshot()[service.subscription.number]
    assert shelf[service.number]["on"] is False


def test_a_rejection_blocks_its_lane_and_no_other() -> None:
    blocked, free = service_on("http://127.0.0.1:9"), service_on("http://127.0.0.1:9")
    switched_off_again(blocked)

    first = deliver_lane(**lane(blocked), now=LATER, connector=Recorder(REJECTED))
    second = deliver_lane(**lane(free), now=LATER, connector=Recorder(ACCEPTED))
    again = deliver_lane(**lane(blocked), now=LATER, connector=Recorder())

    assert (first.rejected, second.completed, again.completed) == (1, 1, 0)
    head = ProvisioningRequest.objects.filter(subscription=blocked.subscription).earliest("id")
    assert head.last_error == "E7: card unknown"


def test_a_failed_delivery_is_tried_again_by_the_table_and_then_given_up() -> None:
    service = service_on("http://127.0.0.1:9")
    now = LATER
    waits = []

    while states() == ["PENDING"]:
        deliver_lane(**lane(service), now=now, connector=Recorder(DeliveryFailed("no answer")))
        request = ProvisioningRequest.objects.get()
        waits.append(request.next_attempt_at - now)
        now = request.next_attempt_at

    assert states() == ["DEAD"]
    assert waits[:5] == [timedelta(minutes=n) for n in (1, 5, 15, 60)] + [timedelta(hours=6)]
    assert len(waits) == len(RETRY_DELAYS) + 1
    assert sum(RETRY_DELAYS[4:], timedelta()) == timedelta(days=3)


def test_it_is_not_tried_before_its_time() -> None:
    service = service_on("http://127.0.0.1:9")
    deliver_lane(**lane(service), now=LATER, connector=Recorder(DeliveryFailed("no answer")))
    silent = Recorder()

    deliver_lane(**lane(service), now=LATER + timedelta(seconds=59), connector=silent)

    assert silent.asked == []


def test_a_repeat_carries_the_same_key() -> None:
    service = service_on("http://127.0.0.1:9")
    provider = Recorder(DeliveryFailed("no answer"), ACCEPTED)

    deliver_lane(**lane(service), now=LATER, connector=provider)
    deliver_lane(**lane(service), now=LATER + timedelta(minutes=1), connector=provider)

    assert provider.asked[0].idempotency_key == provider.asked[1].idempotency_key
    assert states() == ["COMPLETED"]


def test_a_given_up_request_goes_again_when_a_person_retries_it() -> None:
    service = service_on("http://127.0.0.1:9")
    ProvisioningRequest.objects.update(state=RequestState.DEAD, attempts=17)

    retry_request(ProvisioningRequest.objects.get(), by=None, now=LATER)
    done = deliver_lane(**lane(service), now=LATER, connector=Recorder(ACCEPTED))

    assert done.completed == 1


def test_skipping_with_a_reason_frees_the_lane() -> None:
    service = service_on("http://127.0.0.1:9")
    switched_off_again(service)
    deliver_lane(**lane(service), now=LATER, connector=Recorder(REJECTED))
    head = ProvisioningRequest.objects.earliest("id")

    skip_request(head, reason="Card replaced by hand", by=None, now=LATER)
    deliver_lane(**lane(service), now=LATER, connector=Recorder(ACCEPTED))

    assert states() == ["SKIPPED", "COMPLETED"]


def test_skipping_needs_a_reason() -> None:
    service_on("http://127.0.0.1:9")

    with pytest.raises(ReasonMissing, match="Say why"):
        skip_request(ProvisioningRequest.objects.get(), reason=" ", by=None, now=LATER)


def test_what_is_completed_is_neither_retried_nor_skipped() -> None:
    service = service_on("http://127.0.0.1:9")
    deliver_lane(**lane(service), now=LATER, connector=Recorder(ACCEPTED))

    with pytest.raises(NotWaiting, match="completed already"):
        retry_request(ProvisioningRequest.objects.get(), by=None, now=LATER)


@pytest.mark.django_db(transaction=True)
def test_a_lane_in_another_sessions_hands_is_left_to_it() -> None:
    service = service_on("http://127.0.0.1:9")
    where = lane(service)
    name = f"provisioning:{where['subscription_id']}:{where['provider_id']}"
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(hashtextextended(%s, 0))", [name])
    silent = Recorder()

    def deliver_elsewhere() -> None:
        deliver_lane(**where, now=LATER, connector=silent)
        connections.close_all()

    thread = threading.Thread(target=deliver_elsewhere)
    thread.start()
    thread.join()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_unlock_all()")

    assert silent.asked == []
    assert states() == ["PENDING"]
