"""Pages of a catalogue of a hundred thousand products, beside their plain SQL and an empty page.

A page is asked for through the whole stack of middleware. Its plain SQL is what it asked the
database, sent by psycopg alone, with all rows fetched. The empty page is the frame with as many
bytes and no query; for a part of a page, which htmx asks for, as many bytes without a frame. The
three take turns, so that they share the minute and its noise.
"""

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from statistics import median
from time import perf_counter
from typing import Any, Final

from django.conf import settings
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import override_settings

from catalog.panels.sections import TABS
from config.shared.panels import load_panels
from subscriptions.models import AccountUser
from tests.benchmarks.catalogue_seeder import Size, analyze, seed_catalogue
from tests.benchmarks.databases import migrated
from tests.benchmarks.offer import build_offer
from tests.benchmarks.seeder import seed
from tests.benchmarks.tables import Figures, show
from tests.subscriptions.factories import noon

JANUARY: Final = date(2026, 1, 1)
ROUNDS: Final = 60
WARM_UP: Final = 3
MOST_ACCOUNTS: Final = 1_000
HTMX: Final = {"HX-Request": "true", "HX-Target": "offers"}


@dataclass(slots=True)
class Page:
    """A page that is measured: its name and address, and what was found out about it."""

    name: str
    url: str
    headers: dict[str, str] = field(default_factory=dict)
    queries: list[tuple[str, Any]] = field(default_factory=list)
    empty_url: str = ""
    times: dict[str, list[float]] = field(
        default_factory=lambda: {"page": [], "sql": [], "empty": []}
    )

    def p95(self, what: str) -> float:
        """Return the time that 95 of 100 keep to, in milliseconds."""
        found = sorted(self.times[what])
        return found[int(len(found) * 0.95) - 1]

    def ratio(self, of: Callable[[str], float]) -> float:
        """Return how much the page takes beside the sum of its SQL and the empty page."""
        return of("page") / (of("sql") + of("empty"))

    def median(self, what: str) -> float:
        """Return the time in the middle, in milliseconds: what noise leaves alone."""
        return median(self.times[what])


def pages(user: AccountUser) -> list[Page]:
    """Return what is measured."""
    service, bundle = "/products/P-012300/", "/products/P-012328/"
    offers = f"/users/{user.number}/add-service/"
    filled = {panel.tab for panel in load_panels("PRODUCT_PANELS")}  # the others answer with Main
    return [
        Page("product list", "/products/"),
        Page("product list by code", "/products/?sort=code"),
        Page("product list by type", "/products/?sort=type"),
        Page("product list of a family", "/products/?family=family-3"),
        Page("product search, many", "/products/?q=harbour"),
        Page("product search, one", "/products/?q=P-012345"),
        Page("searching field", "/products/+choose/?q=harbour"),
        Page("offer list", offers),
        Page("offer search", f"{offers}?q=harbour+data", headers=HTMX),
        *(
            Page(f"product, {label}", f"{service}?tab={slug}")
            for slug, label in TABS
            if slug in filled
        ),
        Page("bundle, Components", f"{bundle}?tab=components"),
        Page("families", "/product-families/"),
        Page("recurring services", "/definitions/recurring-services/"),
        Page("admin, products", "/admin/catalog/product/"),
        Page("admin, product search", "/admin/catalog/product/?q=harbour"),
        Page("admin, a product", f"/admin/catalog/product/{user.pk + 1_000}/change/"),
    ]


def catalogue_pages(accounts: int) -> Figures:
    """Seed a catalogue and measure its pages."""
    size = Size()
    with migrated("catalogue"), _as_in_production():
        offer = build_offer()
        seed_catalogue(offer, size, now=noon(JANUARY))
        seed(offer, min(accounts, MOST_ACCOUNTS), on=JANUARY, by=None, now=noon(JANUARY))
        analyze()
        User.objects.create_superuser("bench")
        measured = pages(AccountUser.objects.order_by("pk")[0])
        _measure(measured)
    show(
        f"Pages of {size.products:,} products and {size.families:,} families, p95 of {ROUNDS}, ms",
        ["page", "queries", "page", "SQL", "empty", "page / (SQL + empty)", "of medians"],
        [[each.name, *_figures(each).values()] for each in measured],
    )
    return {each.name: _figures(each) for each in measured}


def _figures(page: Page) -> dict[str, float]:
    times = {what: page.p95(what) for what in ("page", "sql", "empty")}
    return {
        "queries": len(page.queries),
        **times,
        "ratio": page.ratio(page.p95),
        "ratio of medians": page.ratio(page.median),
    }


@contextmanager
def _as_in_production() -> Iterator[None]:
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    with override_settings(
        ROOT_URLCONF="tests.benchmarks.empty_page",
        BUSINESS_CLOCK_MOVABLE=False,
        ALLOWED_HOSTS=["testserver"],
        STORAGES={**settings.STORAGES, "staticfiles": plain},
    ):
        yield


def _measure(measured: list[Page]) -> None:
    client, stranger = Client(), Client()
    client.force_login(User.objects.get(username="bench"))
    for page in measured:
        for _ in range(WARM_UP):
            _get(client, page)
        with connection.execute_wrapper(_into(page.queries)):
            answer = _get(client, page)
        page.empty_url = _empty_url(stranger, answer)
        with connection.execute_wrapper(_refuse):
            empty = _get(stranger, Page("", page.empty_url))
        if len(empty) != len(answer):
            raise AssertionError(f"{page.url} has {len(answer)} bytes, its empty one {len(empty)}.")
    # As config.wsgi does: what is loaded by now stays, and the collector leaves it alone.
    gc.collect()
    gc.freeze()
    try:
        for _ in range(ROUNDS):
            for page in measured:
                _take_turns(page, client, stranger)
    finally:
        gc.unfreeze()


def _take_turns(page: Page, client: Client, stranger: Client) -> None:
    start = perf_counter()
    _get(client, page)
    page.times["page"].append(_since(start))
    start = perf_counter()
    _plain_sql(page.queries)
    page.times["sql"].append(_since(start))
    start = perf_counter()
    stranger.get(page.empty_url)
    page.times["empty"].append(_since(start))


def _empty_url(stranger: Client, answer: bytes) -> str:
    """Return the address of an empty page with as many bytes, framed if the answer is."""
    if b"<html" not in answer:
        return f"/bare/{len(answer)}/"
    frame = _get(stranger, Page("", "/empty/0/"))
    return f"/empty/{len(answer) - len(frame)}/"


def _get(client: Client, page: Page) -> bytes:
    answer = client.get(page.url, headers=page.headers)
    if answer.status_code != 200:
        raise AssertionError(f"{page.url} answered {answer.status_code}.")
    content: bytes = answer.content
    return content


def _into(queries: list[tuple[str, Any]]) -> Any:
    def note(execute: Any, sql: str, params: Any, many: Any, context: Any) -> Any:
        queries.append((sql, params))
        return execute(sql, params, many, context)

    return note


def _refuse(execute: Any, sql: str, params: Any, many: Any, context: Any) -> Any:
    raise AssertionError(f"The empty page asks the database: {sql}")


def _plain_sql(queries: list[tuple[str, Any]]) -> None:
    connection.ensure_connection()
    with connection.connection.cursor() as cursor:
        for sql, params in queries:
            cursor.execute(sql, params)
            if cursor.description is not None:
                cursor.fetchall()


def _since(start: float) -> float:
    return (perf_counter() - start) * 1_000
