"""Ten thousand products from a file, beside a bare COPY of it; and all products into a file.

In a database with a hundred thousand products. 300 of the rows are wrong.
"""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final
from unittest.mock import patch

from django.db import connection
from django.test.utils import override_settings

from catalog.models import Product, ProductFamily, ProductType
from config.shared.imports.resources import load_resources
from config.shared.imports.writers import csv_text, write_xlsx
from config.shared.models import ImportBatch
from config.shared.operations import imports
from config.shared.operations.imports import order_import, receive_file, work_on_import
from config.shared.queries.imports import rejected_lines
from tests.benchmarks.catalogue_seeder import Size, analyze, seed_catalogue
from tests.benchmarks.databases import migrated
from tests.benchmarks.offer import build_offer
from tests.benchmarks.tables import Figures, show

ROWS: Final = 10_000
WRONG: Final = 300
NOW: Final = datetime(2026, 2, 1, 9, 0, tzinfo=UTC)
_HEAD: Final = "code,name,type,family,validity,order,description\n"
_RESET_PEAK: Final = Path("/proc/self/clear_refs")
_STATUS: Final = Path("/proc/self/status")


def import_products(accounts: int) -> Figures:
    """Import and export products; return the figures. `accounts` has no effect."""
    with (
        migrated("imports"),
        TemporaryDirectory() as media,
        override_settings(MEDIA_ROOT=media),
        patch.object(imports, "send_task", _queued),
    ):
        seed_catalogue(build_offer(), Size(), now=NOW)
        analyze()
        content = _file()
        steps: list[tuple[str, int, float, float]] = []
        with _measured(steps, "COPY of the file", ROWS):
            _copy(content)
        batch = receive_file("products", BytesIO(content), "rows.csv", by=None, clock=_clock)
        with _measured(steps, "check", ROWS):
            work_on_import(batch.pk, clock=_clock)
        batch.refresh_from_db()
        with _measured(steps, "reject file", batch.rejected_count):
            rejected = list(rejected_lines(batch, _HEAD.strip().split(",")))
        order_import(batch, "GOOD", by=None, clock=_clock)
        with _measured(steps, "apply good rows", batch.new_count):
            work_on_import(batch.pk, clock=_clock)
        again = receive_file("products", BytesIO(content), "rows.csv", by=None, clock=_clock)
        with _measured(steps, "check again, all the same", ROWS):
            work_on_import(again.pk, clock=_clock)
        exported = _export(steps)
        _check(batch, len(rejected))
    show(
        f"Import of {ROWS:,} products, {WRONG} of them wrong, into {Size().products:,}",
        ("step", "rows", "seconds", "rows/s", "MB added at the peak"),
        [(name, rows, seconds, rows / seconds, peak) for name, rows, seconds, peak in steps],
    )
    print(f"  Export: the first line after {exported['first_line_seconds']:.2f} s.")
    figures = {
        name.replace(" ", "_"): {"rows": rows, "seconds": seconds, "peak_mb": peak}
        for name, rows, seconds, peak in steps
    }
    return {**figures, **exported}


def _file() -> bytes:
    types = list(
        ProductType.objects.filter(composition="FLAT", characteristics=None)
        .order_by("pk")
        .values_list("code", flat=True)
    )
    families = list(ProductFamily.objects.order_by("pk").values_list("code", flat=True))
    every = ROWS // WRONG
    lines = [
        f"NEW-{n},Imported product {n},"
        f"{'no-such-type' if n % every == 0 and n // every < WRONG else types[n % len(types)]},"
        f"{families[n % len(families)]},2026-01-01..2026-03-31; 2026-05-01..,{n},"
        f'"Words about product {n}, and some more"\n'
        for n in range(ROWS)
    ]
    return (_HEAD + "".join(lines)).encode()


def _copy(content: bytes) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE bare (code text, name text, type text, family text, validity text,"
            ' "order" text, description text)'
        )
        with cursor.copy("COPY bare FROM STDIN WITH (FORMAT csv, HEADER)") as copy:
            copy.write(content)


def _export(steps: list[tuple[str, int, float, float]]) -> dict[str, Any]:
    resource = load_resources()["products"]()
    resource.add_columns(None)
    head, products = resource.export_head(), Product.objects.order_by("sort_order", "name", "pk")
    count = products.count()
    with _measured(steps, "export CSV", count):
        started = time.perf_counter()
        parts = csv_text(head, resource.export_rows(products))
        next(parts), next(parts)
        first = time.perf_counter() - started
        size = sum(map(len, parts))
    with _measured(steps, "export XLSX", count), write_xlsx(head, resource.export_rows(products)):
        pass
    return {"first_line_seconds": first, "csv_characters": size}


def _check(batch: ImportBatch, rejected: int) -> None:
    batch.refresh_from_db()
    made = Product.objects.filter(code__startswith="NEW-").count()
    if (batch.state, made, rejected) != ("APPLIED", ROWS - WRONG, WRONG):
        raise AssertionError(f"{batch.state}: {made} made, {rejected} rejected. {batch.failure}")


@contextmanager
def _measured(steps: list[tuple[str, int, float, float]], name: str, rows: int) -> Iterator[None]:
    """Add a step: how long it took, and how much memory it took more at its peak."""
    _RESET_PEAK.write_text("5")
    before = _memory("VmRSS")
    started = time.perf_counter()
    yield
    seconds = time.perf_counter() - started
    steps.append((name, rows, seconds, max(0.0, _memory("VmHWM") - before)))


def _memory(name: str) -> float:
    found = re.search(rf"{name}:\s+(\d+) kB", _STATUS.read_text())
    return int(found[1]) / 1024 if found else 0.0


def _queued(name: str, **arguments: object) -> bool:
    """Leave the work to the benchmark."""
    return True


def _clock() -> datetime:
    return NOW
