"""Reading a file of rates into a new version of a deck.

The rows go to a temporary table by COPY, are checked there as a set, and the good ones become the
version's in one statement. What is rejected is kept with its reasons.
"""

from collections.abc import Generator, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime
from typing import IO, Any, Final, cast

from django.contrib.auth.models import User
from django.db import connection, transaction
from psycopg import sql

from config.shared.imports.files import FileRefused, Line, Rows, read_rows
from pricing.models import (
    DeckFormat,
    DeckImportMode,
    RateDeck,
    RateDeckImport,
    RateDeckVersion,
)
from pricing.operations.usage_records import lock
from pricing.queries.errors import PricingError

OWN_HEAD: Final = {
    "prefix": "Prefix",
    "description": "Description",
    "rate": "Rate",
    "minimum": "Minimum seconds",
    "increment": "Increment seconds",
    "fee": "Connect fee",
}
BILLMAX_HEAD: Final = {
    "prefix": "Destination",
    "description": "Description",
    "rate": "Rate",
    "minimum": "Minimum Duration",
    "increment": "Increment",
    "fee": "Connect Fee",
}
HEADS: Final = {DeckFormat.OWN: OWN_HEAD, DeckFormat.BILLMAX: BILLMAX_HEAD}
# What a cell means that is left empty; a prefix and a rate have to be given.
_EMPTY: Final = {"description": "", "minimum": "0", "increment": "1", "fee": "0"}
_NUMBER: Final = r"^([0-9]{1,14}(\.[0-9]{0,10}0*)?|\.[0-9]{1,10}0*)$"
_CENTS: Final = r"^([0-9]{1,14}(\.[0-9]{0,8}0*)?|\.[0-9]{1,8}0*)$"
_BAND_COLUMN: Final = "rate "
_NUL: Final = "\x00"
# What the file of rejected rows has beside the columns it came with, so that it can be corrected
# and read again.
REJECT_HEAD: Final = ("Line", "Reasons")


class DeckFileRefused(PricingError):
    """The file as a whole cannot be read."""

    field = "file"


class WrongStart(PricingError):
    """A version cannot begin on the day."""

    field = "starts_on"


@dataclass(frozen=True, slots=True)
class _Columns:
    """Where a file has what: names of its columns, and the code of each band's column."""

    named: Mapping[str, str]
    bands: Mapping[str, str]
    head: tuple[str, ...]
    file_format: DeckFormat


@transaction.atomic
def import_deck(
    deck: RateDeck,
    file: IO[bytes],
    *,
    starts_on: date,
    mode: str,
    by: User | None,
    now: datetime,
    file_name: str = "",
) -> RateDeckImport:
    """Read a file into a version of the deck that holds from a day on.

    The head tells whose format it is. Under ALL_OR_NOTHING no version is made if one row is
    rejected; the import and its rejects are kept in any case.

    Raises DeckFileRefused or WrongStart.
    """
    deck = lock(deck)
    _check_start(deck, starts_on)
    try:
        rows = read_rows(file, known=[*OWN_HEAD.values(), *BILLMAX_HEAD.values()])
        with closing(cast(Generator[Line, None, None], rows.lines)):
            columns = _columns(deck, rows.head)
            _stage(rows, columns)
    except FileRefused as refusal:
        raise DeckFileRefused(str(refusal)) from refusal
    done = RateDeckImport(
        deck=deck,
        starts_on=starts_on,
        file_name=file_name[:120] or "rates",
        file_format=columns.file_format,
        mode=mode,
        head=list(columns.head),
        created_at=now,
        created_by=by,
    )
    _check_rows(columns)
    done.row_count, done.rejected_count = _counts()
    good = done.row_count - done.rejected_count
    if good and not (done.rejected_count and mode == DeckImportMode.ALL_OR_NOTHING):
        done.version = RateDeckVersion.objects.create(
            deck=deck, starts_on=starts_on, created_at=now, row_count=good
        )
        _write_rows(done.version, columns)
    done.save()
    _keep_rejects(done, columns)
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE deck_checked, deck_lines")
    return done


def _check_start(deck: RateDeck, starts_on: date) -> None:
    later = deck.versions.filter(starts_on__gte=starts_on, used_at__isnull=False)
    used = later.order_by("-starts_on").first()
    if used is not None:
        raise WrongStart(f"Calls have been rated by the version {used}: begin after that day.")
    if deck.versions.filter(starts_on=starts_on).exists():
        raise WrongStart("The deck has a version from that day: delete it first.")


def _columns(deck: RateDeck, head: list[str]) -> _Columns:
    there = {name.casefold(): name for name in head}
    is_billmax = BILLMAX_HEAD["prefix"].casefold() in there
    file_format = DeckFormat.BILLMAX if is_billmax else DeckFormat.OWN
    names = HEADS[file_format]
    for needed in ("prefix", "rate"):
        if names[needed].casefold() not in there:
            raise DeckFileRefused(f"The file has no column “{names[needed]}” in its first line.")
    named = {key: there[name.casefold()] for key, name in names.items() if name.casefold() in there}
    codes = {code.casefold(): code for code in deck.bands.values_list("code", flat=True)}
    bands = {}
    ignored = {name.casefold() for name in REJECT_HEAD}
    for name in head:
        key = name.casefold()
        if name in named.values() or key in ignored:
            continue
        code = codes.get(key.removeprefix(_BAND_COLUMN)) if key.startswith(_BAND_COLUMN) else None
        if code is None:
            raise DeckFileRefused(
                f"The column “{name}” is not known. Rates of a time band stand in a column "
                "“Rate …” with the band's code."
            )
        bands[name] = code
    kept = tuple(name for name in head if name in named.values() or name in bands)
    return _Columns(named, bands, kept, file_format)


def _stage(rows: Rows, columns: _Columns) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = '60s'; SET LOCAL work_mem = '64MB'")
        cursor.execute(
            # Bytes are compared, not letters of a language: a fraction of the time.
            'CREATE TEMP TABLE deck_lines (line int, prefix text COLLATE "C", description text,'
            ' rate text COLLATE "C", minimum text COLLATE "C", increment text COLLATE "C",'
            ' fee text COLLATE "C", bands text[] COLLATE "C", fault text) ON COMMIT DROP'
        )
        # Refusals surface when the COPY ends, where Django does not put them into its own errors.
        copying = cursor.copy("COPY deck_lines FROM STDIN")
        with connection.wrap_database_errors, copying as copy:
            for values in _cells(rows, columns):
                copy.write_row(values)


def _cells(rows: Rows, columns: _Columns) -> Iterator[tuple[Any, ...]]:
    names = [(columns.named.get(key), _EMPTY.get(key, "")) for key in OWN_HEAD]
    bands = tuple(columns.bands)
    for line in rows.lines:
        found = line.values
        cells = [(found.get(name, "") if name else "") or empty for name, empty in names]
        of_bands = [found.get(name, "") for name in bands] if bands else None
        fault = " ".join(line.faults.values()) if line.faults else None
        if _NUL in "".join(cells) or (of_bands and _NUL in "".join(of_bands)):
            fault = "The row holds a character that cannot be stored."
            cells = [cell.replace(_NUL, "") for cell in cells]
            of_bands = of_bands and [cell.replace(_NUL, "") for cell in of_bands]
        yield (line.number, *cells, of_bands, fault)


def _check_rows(columns: _Columns) -> None:
    """Put each line with its reasons into `deck_checked`."""
    number, digits = (_CENTS, 8) if columns.file_format is DeckFormat.BILLMAX else (_NUMBER, 10)
    tests = ", ".join(
        f"CASE WHEN {fails} THEN {why} END" for fails, why in _reasons(number, digits)
    )
    # Most rows are in order: one pattern tells so.
    in_order = (
        "fault IS NULL AND bands IS NULL AND length(description) <= 120"
        " AND prefix || ' ' || rate || ' ' || minimum || ' ' || increment || ' ' || fee"
        " ~ '^[0-9]{1,18} [0-9]{1,14}(\\.[0-9]{0,8})? [0-9]{1,6} [1-9][0-9]{0,5}"
        " [0-9]{1,14}(\\.[0-9]{0,10})?$'"
    )
    # The texts above are constants of this module; no value of the file is part of the statement.
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE deck_checked ON COMMIT DROP AS SELECT *, "
            f"CASE WHEN {in_order} THEN '{{}}' ELSE array_remove(ARRAY[{tests}], NULL) END"
            " AS reasons FROM deck_lines"
        )
        # Of lines with one prefix the first that is in order otherwise stands.
        cursor.execute(
            "UPDATE deck_checked c SET reasons = array_append(reasons,"
            " 'The prefix stands on line ' || d.first_line || ' already.')"
            " FROM (SELECT prefix, min(line) FILTER (WHERE reasons = '{}') AS first_line"
            " FROM deck_checked GROUP BY prefix HAVING count(*) > 1) d"
            " WHERE c.prefix = d.prefix AND c.line > d.first_line"
        )


def _reasons(number: str, digits: int) -> list[tuple[str, str]]:
    """Return what a line may fail in, as conditions and texts of SQL."""
    return [
        ("fault IS NOT NULL", "fault"),
        ("prefix = ''", "'The prefix is missing.'"),
        (
            "prefix <> '' AND prefix !~ '^[0-9]{1,18}$'",
            "'The prefix “' || left(prefix, 30) || '” is not made of 1 to 18 digits.'",
        ),
        ("rate = ''", "'The rate is missing.'"),
        ("rate ~ '^-'", "'The rate is negative.'"),
        (
            f"rate <> '' AND rate !~ '^-' AND rate !~ '{number}'",
            f"'The rate “' || left(rate, 30) || '” is no number with at most {digits} decimals.'",
        ),
        (
            "minimum !~ '^[0-9]{1,6}$'",
            "'The minimum “' || left(minimum, 30) || '” is not a number of seconds.'",
        ),
        (
            "increment !~ '^[0-9]{1,6}$' OR increment ~ '^0+$'",
            "'The increment “' || left(increment, 30) || '” is not 1 second or more.'",
        ),
        (
            f"fee !~ '{_NUMBER}'",
            "'The connect fee “' || left(fee, 30) || '” is not a number of 0 or more.'",
        ),
        ("length(description) > 120", "'The description is longer than 120 characters.'"),
        (
            f"EXISTS (SELECT FROM unnest(bands) b WHERE b <> '' AND b !~ '{number}')",
            "'A rate of a time band is not a number of 0 or more.'",
        ),
    ]


def _counts() -> tuple[int, int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*), count(*) FILTER (WHERE reasons <> '{}') FROM deck_checked")
        total, rejected = cursor.fetchone()
    return total, rejected


def _write_rows(version: RateDeckVersion, columns: _Columns) -> None:
    divisor = 100 if columns.file_format is DeckFormat.BILLMAX else 1
    bands = "'{}'"
    if columns.bands:
        bands = (
            "coalesce((SELECT jsonb_object_agg(u.code,"
            " trim_scale(u.rate::numeric / %(divisor)s)::text)"
            " FROM unnest(%(codes)s::text[], bands) u(code, rate) WHERE u.rate <> ''), '{}')"
        )
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO pricing_ratedeckrow (version_id, prefix, description, rate,"
            " minimum_seconds, increment_seconds, connect_fee, band_rates)"
            " SELECT %(version)s, prefix, description, rate::numeric / %(divisor)s, minimum::int,"
            f" increment::int, fee::numeric, {bands}"
            " FROM deck_checked WHERE reasons = '{}' ORDER BY prefix",
            {
                "version": version.pk,
                "divisor": divisor,
                "codes": list(columns.bands.values()),
            },
        )


def _keep_rejects(done: RateDeckImport, columns: _Columns) -> None:
    """Keep the rejected lines as the file has them, their cells in its order."""
    staged = {name: key for key, name in columns.named.items()}
    bands = {name: place for place, name in enumerate(columns.bands, start=1)}
    cells = sql.SQL(", ").join(
        sql.Identifier(staged[name])
        if name in staged
        else sql.SQL("bands[{}]").format(sql.Literal(bands[name]))
        for name in columns.head
    )
    statement = sql.SQL(
        "INSERT INTO pricing_rejecteddeckrow (deck_import_id, line, values, reasons)"
        " SELECT %s, line, ARRAY[{}]::text[], reasons"
        " FROM deck_checked WHERE reasons <> '{{}}' ORDER BY line"
    ).format(cells)
    with connection.cursor() as cursor:
        cursor.execute(statement, [done.pk])
