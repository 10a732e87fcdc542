"""History of changes that are made to many rows by one statement."""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import connection, models, transaction
from django.utils import timezone
from psycopg import sql

from config.shared.db import array_of
from config.shared.queries.history_rows import history_model


@transaction.atomic
def record_changes(
    model: type[models.Model],
    ids: Iterable[int],
    *,
    by: AbstractBaseUser | None,
    reason: str = "",
    kind: str = "~",
) -> int:
    """Record in the history that rows were changed to what they are now; return how many.

    For rows that `update()` or the like has changed, which records nothing; with the `kind` "+",
    for rows that `bulk_create()` or the like has made. What is linked to them, many to many, is
    recorded with them. A fixed number of statements.
    """
    history = history_model(model)
    columns = [field.column for field in history.tracked_fields]
    statement = sql.SQL(
        "INSERT INTO {history} ({columns}, history_date, history_type, history_user_id, "
        "history_change_reason) SELECT {columns}, %s, %s, %s, %s FROM {table} "
        "WHERE {key} = ANY(%s::bigint[]) ORDER BY {key} RETURNING history_id"
    ).format(
        history=_identifier(history),
        table=_identifier(model),
        columns=sql.SQL(", ").join(map(sql.Identifier, columns)),
        key=_key(model),
    )
    values = [timezone.now(), kind, by.pk if by else None, reason or None, array_of(ids)]
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        recorded = [history_id for (history_id,) in cursor.fetchall()]
        for field in history._history_m2m_fields:
            cursor.execute(_links(model, history, field), [array_of(recorded)])
    return len(recorded)


def _links(model: type[models.Model], history: Any, field: Any) -> sql.Composed:
    """Return the statement that copies the links of one many-to-many field."""
    through = field.remote_field.through
    columns = [column.column for column in through._meta.fields]
    return sql.SQL(
        "INSERT INTO {links_history} (history_id, {columns}) SELECT h.history_id, {linked} "
        "FROM {history} h JOIN {links} l ON l.{owner} = h.{key} "
        "WHERE h.history_id = ANY(%s::bigint[])"
    ).format(
        links_history=_identifier(getattr(history, field.name).model),
        history=_identifier(history),
        links=_identifier(through),
        columns=sql.SQL(", ").join(map(sql.Identifier, columns)),
        linked=sql.SQL(", ").join(sql.Identifier("l", column) for column in columns),
        owner=sql.Identifier(field.m2m_column_name()),
        key=_key(model),
    )


def _key(model: Any) -> sql.Identifier:
    column: str = model._meta.pk.column
    return sql.Identifier(column)


def _identifier(model: Any) -> sql.Identifier:
    table: str = model._meta.db_table
    return sql.Identifier(table)
