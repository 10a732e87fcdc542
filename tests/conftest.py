"""What every test may count on: the embedded servers, Chromium, and browsers of people."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client, TransactionTestCase
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from playwright.sync_api import expect
from zeal import zeal_context, zeal_ignore
from zeal.constants import initialize_app_registry
from zeal.patch import patch as patch_queries

from config.embedded import locks, supervisor
from config.embedded.errors import InUse
from config.embedded.paths import places
from config.tools.chromium import NAMES
from tests.cases import Collector
from tests.emptying import empty_quickly, remember_migrated_rows
from tests.people import person

# The same 200 examples at every run of the gate; `make properties` tries others, seed by seed.
hypothesis_settings.register_profile("gate", max_examples=200, derandomize=True, deadline=None)
hypothesis_settings.register_profile(
    "seeded",
    max_examples=200,
    deadline=None,
    database=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
hypothesis_settings.load_profile("gate")


def pytest_configure(config: pytest.Config) -> None:
    """Note the acceptance cases of all tests, for the gate's own; be patient with browsers."""
    config.pluginmanager.register(Collector(), Collector.name)
    expect.set_options(timeout=PATIENCE_MS)


# Stories of whole systems, the longest first.
STORIES = (
    "tests/browser/test_company_zx.py",
    "tests/faults/test_killed_run.py",
    "tests/browser/",
    "tests/faults/",
)
# What a page may take to answer where other work keeps the machine busy.
PATIENCE_MS = 20_000


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put what takes long in front, so that no core waits for it in the end."""
    items.sort(key=_haste)


def _haste(item: pytest.Item) -> int:
    for place, story in enumerate(STORIES):
        if item.nodeid.startswith(story):
            return place
    return len(STORIES) + (item.get_closest_marker("browser") is None)


@pytest.fixture(scope="session", autouse=True)
def quick_emptying() -> Iterator[None]:
    """Empty the database after tests that commit without truncating each of its tables."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", empty_quickly)
        yield


@pytest.fixture(scope="session", autouse=True)
def no_query_per_row() -> Iterator[None]:
    """Fail the test whose page asks the database once for each of its rows.

    The comparison of decks asks for its two versions one by one.
    """
    initialize_app_registry()
    patch_queries()
    get = Client.get

    def get_watched(self: Client, *args: Any, **kwargs: Any) -> Any:
        with zeal_context(), zeal_ignore([{"model": "pricing.RateDeckVersion", "field": "get()"}]):
            return get(self, *args, **kwargs)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Client, "get", get_watched)
        yield


@pytest.fixture(scope="session")
def embedded_servers() -> Iterator[None]:
    """Start the tests' own servers, where settings name no others; the last user stops them."""
    where = places(settings.DATA_DIR)
    postgres = settings.DATABASES["default"]["HOST"] == str(where.sockets)
    valkey = str(where.valkey_socket) in settings.REDIS_URL
    if postgres or valkey:
        locks.hold(where.data)
        supervisor.start(settings.DATA_DIR, postgres=postgres, valkey=valkey, durable=False)
    yield
    if postgres or valkey:
        locks.release(where.data)
        with suppress(InUse):
            supervisor.stop(settings.DATA_DIR)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    embedded_servers: None, django_db_modify_db_settings_parallel_suffix: None
) -> None:
    """Have the servers up before pytest-django makes its database."""


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Drive the system's Chromium instead of a downloaded one."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        pytest.fail("The browser tests need Chromium: make chromium")
    return {
        **browser_type_launch_args,
        "executable_path": found,
        "args": ["--no-sandbox", "--disable-gpu"],
    }


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """End the sessions that threads of live servers left, so that the database can be dropped."""
    with django_db_blocker.unblock():
        remember_migrated_rows()
    yield
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


@pytest.fixture
def browse(db: None) -> Callable[[str], Client]:
    """Return a function: the browser of somebody of a role."""

    def sign_in(role: str) -> Client:
        client = Client()
        client.force_login(person(role))
        return client

    return sign_in


@pytest.fixture
def stranger(browse: Callable[[str], Client]) -> Client:
    """The browser of somebody without rights."""
    return browse("")
