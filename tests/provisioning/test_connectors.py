"""The contract every connector keeps, held against the simulated head-end over real HTTP."""

import json
import socket
from pathlib import Path
from urllib.request import urlopen
from uuid import UUID

import pytest

from provisioning.providers import DeliveryFailed, Outgoing
from provisioning.providers.http_json import HttpJsonConnector
from provisioning.providers.simulator.server import HeadEndServer
from provisioning.providers.simulator.state import HeadEnd, Refused

KEY = UUID("00000000-0000-4000-8000-000000000001")


def switching(kind: str, *, key: UUID = KEY) -> Outgoing:
    return Outgoing(
        number="Q-1",
        idempotency_key=key,
        payload={
            "type": kind,
            "subscription": "S-1",
            "account": "A-1",
            "services": [{"number": "V-1", "product": "4711", "distributors": ["CABLE"]}],
        },
    )


def connector(url: str) -> HttpJsonConnector:
    return HttpJsonConnector(url=url, timeout_seconds=2)


def test_an_accepted_request_switches_the_service(
    head_end_server: HeadEndServer, head_end_url: str
) -> None:
    answer = connector(head_end_url).send(switching("ACTIVATE_SERVICE"))

    assert answer.accepted
    assert answer.body["reference"] == "HE-000001"
    assert head_end_server.head_end.snapshot()["S-1"]["V-1"]["on"] is True


def test_a_repeat_with_the_same_key_gets_the_first_answer_and_changes_nothing(
    head_end_server: HeadEndServer, head_end_url: str
) -> None:
    first = connector(head_end_url).send(switching("ACTIVATE_SERVICE"))
    repeat = connector(head_end_url).send(switching("ACTIVATE_SERVICE"))

    assert repeat == first
    assert len(head_end_server.head_end.log) == 1


def test_a_rejection_carries_code_and_text(head_end_url: str) -> None:
    answer = connector(head_end_url).send(switching("MAKE_COFFEE"))

    assert not answer.accepted
    assert answer.error_code == "UNKNOWN_TYPE"
    assert answer.error_text == "this head-end does not know MAKE_COFFEE"


def test_a_server_out_of_order_is_a_failed_delivery(
    head_end_server: HeadEndServer, head_end_url: str
) -> None:
    head_end_server.fault, head_end_server.fault_times = "down", 1

    with pytest.raises(DeliveryFailed, match="answered 503"):
        connector(head_end_url).send(switching("ACTIVATE_SERVICE"))


def test_an_address_nobody_listens_on_is_a_failed_delivery() -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{held.getsockname()[1]}"

        with pytest.raises(DeliveryFailed, match="no answer"):
            connector(url).send(switching("ACTIVATE_SERVICE"))


def test_an_address_that_is_no_http_address_is_refused() -> None:
    with pytest.raises(ValueError, match="not an HTTP address"):
        connector("file:///etc/passwd")


def test_the_head_end_remembers_over_a_restart(tmp_path: Path) -> None:
    journal = tmp_path / "journal"
    first = HeadEnd(journal=journal)
    first.handle("key", switching("ACTIVATE_SERVICE").payload)

    second = HeadEnd(journal=journal)

    assert second.snapshot() == first.snapshot()
    assert second.handle("key", switching("ACTIVATE_SERVICE").payload) == first.answers["key"]


def test_the_head_end_refuses_a_request_without_services() -> None:
    with pytest.raises(Refused, match="services are needed"):
        HeadEnd().handle("key", {"type": "ACTIVATE_SERVICE", "subscription": "S-1"})


def test_the_head_end_shows_its_services_as_json_and_as_a_page(head_end_url: str) -> None:
    connector(head_end_url).send(switching("ACTIVATE_SERVICE"))

    with urlopen(f"{head_end_url}/services") as response:
        services = json.load(response)
    with urlopen(head_end_url) as response:
        page = response.read().decode()

    assert services["S-1"]["V-1"]["product"] == "4711"
    assert "Services known: 1 (1 on, 0 off)" in page
