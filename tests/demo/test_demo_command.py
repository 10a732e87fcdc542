"""`manage.py demo --no-serve`: from an empty data folder to a summary; the second time at once."""

import json
import time
from collections.abc import Iterator

import pytest

from tests.faults.bed import Bed, bed, free_port, said

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def servers() -> Iterator[Bed]:
    """Servers of the test's own, with an empty, migrated database."""
    with bed(durable=False) as made:
        done = made.manage("migrate", "--noinput", "--verbosity", "0")
        assert done.returncode == 0, said(done)
        yield made


def test_demo_bills_and_deactivates_and_a_second_call_keeps_the_data(servers: Bed) -> None:
    command = ("demo", "--no-serve", "--accounts", "25", "--head-end-port", str(free_port()))
    began = time.monotonic()
    first = servers.manage(*command)
    first_took = time.monotonic() - began

    began = time.monotonic()
    second = servers.manage(*command)
    second_took = time.monotonic() - began

    assert (first.returncode, second.returncode) == (0, 0), said(first)
    summary, again = (json.loads(each.stdout.splitlines()[-1]) for each in (first, second))
    assert list(summary) == [
        "accounts",
        "bills",
        "lines",
        "net",
        "tax",
        "gross",
        "deactivated_services",
        "provisioning_requests",
        "seconds",
    ]
    assert summary["accounts"] == 25
    assert summary["bills"] > 25
    assert summary["deactivated_services"] > 0
    assert list(summary["provisioning_requests"]) == ["COMPLETED"]
    assert summary | {"seconds": 0} == again | {"seconds": 0}
    assert second_took < first_took
