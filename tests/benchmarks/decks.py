"""A rate deck of 200,000 prefixes: reading its file beside a bare COPY of the same file, and
look-ups of the longest prefix beside a plain walk through a dict.
"""

import random
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO
from statistics import median
from typing import Final

from django.db import connection

from pricing.kernel.voice import DeckEntry, PrefixIndex
from pricing.models import DeckImportMode, RateDeck
from pricing.operations.deck_imports import import_deck
from pricing.operations.decks import create_deck, delete_version
from tests.benchmarks.databases import migrated
from tests.benchmarks.tables import Figures, show

PREFIXES: Final = 200_000
CALLS: Final = 200_000
HEADS: Final = 20_000
ROUNDS: Final = 3
NOW: Final = datetime(2026, 1, 1, tzinfo=UTC)
_BARE: Final = (
    "CREATE TABLE bare_deck (description varchar(120), prefix varchar(18), rate numeric,"
    " minimum int, increment int, fee numeric)"
)
_INDEXES: Final = (
    "ALTER TABLE bare_deck ADD id bigserial PRIMARY KEY; "
    'CREATE UNIQUE INDEX ON bare_deck (prefix COLLATE "C")'
)


def decks(accounts: int) -> Figures:
    """Measure, print and return seconds, look-ups a second and ratios; `accounts` is not read."""
    prefixes = _prefixes()
    with migrated("decks"):
        seconds = _reading(_file(prefixes))
    lookups = _lookups(prefixes)
    ratios = {
        "import_to_bare_copy": seconds["import"] / seconds["bare"],
        "import_to_copy_with_indexes": seconds["import"] / seconds["indexed"],
        "index_to_walk_new": lookups["index, new numbers"] / lookups["walk, new numbers"],
        "index_to_walk_repeated": (
            lookups["index, repeated heads"] / lookups["walk, repeated heads"]
        ),
    }
    show(
        f"A deck of {PREFIXES:,} prefixes read from its file, median of {ROUNDS}",
        ("", "seconds", "rows/s", "× bare COPY"),
        [
            (name, taken, PREFIXES / taken, taken / seconds["bare"])
            for name, taken in (
                ("bare COPY, no index", seconds["bare"]),
                ("COPY with key and index", seconds["indexed"]),
                ("checked import", seconds["import"]),
            )
        ],
    )
    show(
        f"Longest prefix of a number among {PREFIXES:,}, one core, median of {ROUNDS}",
        ("", "look-ups/s"),
        list(lookups.items()),
    )
    return {"seconds": seconds, "lookups_per_second": lookups, "ratios": ratios}


def _prefixes() -> list[str]:
    """Return prefixes of 1 to 9 digits, as a deck of the world has them; the same at every run."""
    chance = random.Random(4)
    found = {str(digit) for digit in range(1, 10)}
    while len(found) < PREFIXES:
        length = chance.choices((3, 4, 5, 6, 7, 8, 9), (1, 4, 15, 30, 30, 15, 5))[0]
        found.add(str(chance.randrange(10 ** (length - 1), 10**length)))
    return sorted(found, key=lambda prefix: chance.random())


def _file(prefixes: list[str]) -> bytes:
    head = "Description,Destination,Rate,Minimum Duration,Increment,Connect Fee\n"
    rows = (
        f"Destination {prefix},{prefix},{len(prefix)}.{prefix[:4]},60,6,0.05\n"
        for prefix in prefixes
    )
    return (head + "".join(rows)).encode()


def _reading(file: bytes) -> dict[str, float]:
    """Read the file in three ways, taking turns."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO pricing_currency (code, name, minor_digits) VALUES ('EUR', 'Euro', 2)"
            " ON CONFLICT DO NOTHING"
        )
    deck = create_deck(code="world", name="World", currency="EUR")
    taken: dict[str, list[float]] = {"bare": [], "indexed": [], "import": []}
    for _ in range(ROUNDS):
        taken["bare"].append(_copied(file, ""))
        taken["indexed"].append(_copied(file, _INDEXES))
        taken["import"].append(_imported(deck, file))
    return {name: median(seconds) for name, seconds in taken.items()}


def _copied(file: bytes, indexes: str) -> float:
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS bare_deck; {_BARE}; {indexes}")
        start = time.perf_counter()
        statement = (
            "COPY bare_deck (description, prefix, rate, minimum, increment, fee)"
            " FROM STDIN (FORMAT csv, HEADER)"
        )
        with cursor.copy(statement) as copy:
            copy.write(file)
        return time.perf_counter() - start


def _imported(deck: RateDeck, file: bytes) -> float:
    start = time.perf_counter()
    done = import_deck(
        deck,
        BytesIO(file),
        starts_on=date(2026, 1, 1),
        mode=DeckImportMode.ALL_OR_NOTHING,
        by=None,
        now=NOW,
    )
    taken = time.perf_counter() - start
    if done.version is None or done.version.row_count != PREFIXES:
        raise AssertionError("the file was not read whole")
    delete_version(done.version)
    return taken


def _lookups(prefixes: list[str]) -> dict[str, float]:
    """Look numbers up that were never seen, and numbers that come again and again."""
    chance = random.Random(5)
    entries = {prefix: DeckEntry(prefix, "", Decimal(1)) for prefix in prefixes}
    fresh = [str(chance.randrange(10**11, 10**12)) for _ in range(CALLS)]
    heads = [str(chance.randrange(10**11, 10**12)) for _ in range(HEADS)]
    repeated = chance.choices(heads, k=CALLS)
    found: dict[str, list[float]] = {}
    for _ in range(ROUNDS):
        for kind, numbers in (("new numbers", fresh), ("repeated heads", repeated)):
            index = PrefixIndex(entries.items())
            if kind == "repeated heads":
                _per_second(index.find, heads)
            for name, find in (("index", index.find), ("walk", _walk(entries))):
                found.setdefault(f"{name}, {kind}", []).append(_per_second(find, numbers))
    _check(entries, fresh)
    return {name: median(rates) for name, rates in found.items()}


def _walk(entries: dict[str, DeckEntry]) -> Callable[[str], DeckEntry | None]:
    def find(number: str) -> DeckEntry | None:
        for length in range(len(number), 0, -1):
            entry = entries.get(number[:length])
            if entry is not None:
                return entry
        return None

    return find


def _check(entries: dict[str, DeckEntry], numbers: list[str]) -> None:
    """Refuse to compare times of different answers."""
    index, walk = PrefixIndex(entries.items()), _walk(entries)
    if any(index.find(number) is not walk(number) for number in _some(numbers)):
        raise AssertionError("index and walk find different rows")


def _some(numbers: list[str]) -> Iterator[str]:
    yield from numbers[::100]


def _per_second(find: Callable[[str], DeckEntry | None], numbers: list[str]) -> float:
    start = time.perf_counter()
    for number in numbers:
        find(number)
    return len(numbers) / (time.perf_counter() - start)
