"""A real simulated head-end on a free port for each test that asks for one."""

import threading
from collections.abc import Iterator

import pytest

from provisioning.providers.simulator.server import HeadEndServer
from provisioning.providers.simulator.state import HeadEnd


@pytest.fixture
def head_end_server() -> Iterator[HeadEndServer]:
    with HeadEndServer(("127.0.0.1", 0), HeadEnd()) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def head_end_url(head_end_server: HeadEndServer) -> str:
    return f"http://127.0.0.1:{head_end_server.server_port}"
