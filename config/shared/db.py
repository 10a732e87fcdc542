"""What PostgreSQL gives that the ORM does not: constraint refusals by name, COPY, id blocks."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from django.db import IntegrityError, connection, models, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models.expressions import RawSQL
from psycopg import sql


def money_field(**options: Any) -> "models.DecimalField[Any, Any]":
    """Return a column for an amount of money: 18 digits, 4 of them decimals."""
    return models.DecimalField(max_digits=18, decimal_places=4, **options)


def rate_field(**options: Any) -> "models.DecimalField[Any, Any]":
    """Return a column for a price per cycle or unit: 24 digits, 10 of them decimals."""
    return models.DecimalField(max_digits=24, decimal_places=10, **options)


def days(start: date | None, end: date | None) -> DateRange:
    """Return the half-open range of days `[start, end)`; None leaves a side open."""
    return DateRange(start, end, "[)")


@contextmanager
def refused_by(constraint: str, error: Exception) -> Iterator[None]:
    """Open a savepoint; raise `error` if the named constraint or trigger refuses what it holds."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as refusal:
        diag = getattr(refusal.__cause__, "diag", None)
        if diag is not None and diag.constraint_name == constraint:
            raise error from refusal
        raise


def copy_rows(
    model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]
) -> int:
    """Insert `rows` with COPY and return how many went in.

    `columns` are column names (`account_id`, not `account`); values are adapted by psycopg.
    History is not recorded: for tables that are their own history only.
    """
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(model._meta.db_table), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    count = 0
    # Refusals surface when the COPY ends, where Django does not put them into its own errors.
    errors = connection.wrap_database_errors
    with connection.cursor() as cursor, errors, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)
            count += 1
    return count


def take_ids(model: type[models.Model], count: int) -> list[int]:
    """Return `count` fresh primary keys from the sequence of `model`, in ascending order."""
    if count == 0:
        return []
    table, column = model._meta.db_table, model._meta.pk.column
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(s.name) FROM "
            "(SELECT pg_get_serial_sequence(%s, %s)::regclass AS name OFFSET 0) s, "
            "generate_series(1, %s)",
            [f'"{table}"', column, count],
        )
        return sorted(row[0] for row in cursor.fetchall())


def among(ids: Iterable[int]) -> RawSQL:
    """Return ids for `pk__in=among(ids)`: one array, however many there are.

    A list becomes as many parameters, which costs more than the query itself; so does a Python
    list as an array, whose every element is adapted on its own.
    """
    return RawSQL("SELECT unnest(%s::bigint[])", [array_of(ids)])


def array_of(values: Iterable[int | Decimal | date | None]) -> str:
    """Return numbers, days or truth values as PostgreSQL writes an array.

    For a parameter that is cast, as in `%s::bigint[]`.
    """
    return f"{{{','.join('NULL' if value is None else str(value) for value in values)}}}"


def choices_of(enum: type[StrEnum]) -> list[tuple[str, str]]:
    """Return a kernel enum as Django choices: FLAT_FEE reads "Flat fee"."""
    return [(member.value, member.name.replace("_", " ").capitalize()) for member in enum]
