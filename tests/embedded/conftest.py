"""Data folders of the supervisor's own tests, never the ones that other tests share."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from config.embedded import supervisor
from config.embedded.paths import make_data_folder, places


@pytest.fixture
def data_dir() -> Iterator[Path]:
    """Return an empty data folder; its servers are stopped and it is removed afterwards."""
    with _folder() as data:
        yield data


@pytest.fixture(scope="module")
def running() -> Iterator[Path]:
    """Return a data folder whose servers run, for tests that only ask."""
    with _folder() as data:
        supervisor.start(data)
        yield data


@contextmanager
def _folder() -> Iterator[Path]:
    # pytest's own folders are closed to the system user that runs the servers for root.
    outer = Path(tempfile.mkdtemp(prefix="ratebook-test-"))
    outer.chmod(0o755)
    data = outer / "data"
    make_data_folder(data)
    yield data
    if places(data).sockets.exists():
        supervisor.stop(data)
    with suppress(FileNotFoundError):
        shutil.rmtree(places(data).sockets)
    shutil.rmtree(outer)
