"""Many accounts from a few: copies of what the operations made, row by row, in the database.

A hundred accounts through the operations take seconds, thousands minutes. Each copy is as its
original in all but its ids and numbers, so all that holds for the originals holds for the copies.
"""

import psycopg
from django.apps import apps
from django.db import models
from psycopg import sql

from subscriptions.models import Account

STRIDE = 1_000_000
_APPS = ("subscriptions", "billing")


def multiply(session: psycopg.Connection, copies: int) -> int:
    """Add `copies` of every account, with all that belongs to it; return how many there are then.

    `session` is a superuser's: triggers and constraints have seen the originals already.
    """
    belonging = _belonging_to_accounts()
    with session.transaction():
        session.execute("SET LOCAL session_replication_role = replica")
        for model in belonging:
            session.execute(_copy(model, belonging), [copies])
            session.execute(_raise_sequence(model))
    session.execute("ANALYZE")
    row = session.execute("SELECT count(*) FROM subscriptions_account").fetchone()
    assert row is not None
    return int(row[0])


def _belonging_to_accounts() -> list[type[models.Model]]:
    """Return the models whose rows point to an account, or to a row that does, and so on."""
    candidates = [
        model
        for label in _APPS
        for model in apps.get_app_config(label).get_models(include_auto_created=True)
        if not hasattr(model, "history_id")
    ]
    belonging: list[type[models.Model]] = [Account]
    found = True
    while found:
        found = False
        for model in candidates:
            if model not in belonging and any(_points_into(belonging, f) for f in _columns(model)):
                belonging.append(model)
                found = True
    return belonging


def _columns(model: type[models.Model]) -> list["models.Field[object, object]"]:
    return list(model._meta.concrete_fields)


def _points_into(
    belonging: list[type[models.Model]], field: "models.Field[object, object]"
) -> bool:
    return field.related_model in belonging


def _copy(model: type[models.Model], belonging: list[type[models.Model]]) -> sql.Composed:
    """Return the statement that copies a table's rows: ids moved by a stride, numbers with -n."""
    values = []
    for field in _columns(model):
        column = sql.Identifier(field.column)
        if _points_into(belonging, field) or (field.primary_key and not field.is_relation):
            values.append(sql.SQL("{} + copy.n * {}").format(column, STRIDE))
        elif field.unique:
            values.append(sql.SQL("{} || '-' || copy.n").format(column))
        elif field.name == "source_key":  # expense:12 is about the row 12
            values.append(
                sql.SQL(
                    "CASE WHEN {0} = '' THEN '' ELSE split_part({0}, ':', 1) || ':' "
                    "|| split_part({0}, ':', 2)::bigint + copy.n * {1} END"
                ).format(column, STRIDE)
            )
        else:
            values.append(column)
    return sql.SQL(
        "INSERT INTO {table} ({columns}) "
        "SELECT {values} FROM {table}, generate_series(1, %s) AS copy(n)"
    ).format(
        table=sql.Identifier(model._meta.db_table),
        columns=sql.SQL(", ").join(sql.Identifier(field.column) for field in _columns(model)),
        values=sql.SQL(", ").join(values),
    )


def _raise_sequence(model: type[models.Model]) -> sql.Composed:
    table, key = model._meta.db_table, model._meta.pk.column
    return sql.SQL(
        "SELECT setval(s.name, (SELECT max({key}) FROM {table})) "
        "FROM (SELECT pg_get_serial_sequence({name}, {column}) AS name) s WHERE s.name IS NOT NULL"
    ).format(key=sql.Identifier(key), table=sql.Identifier(table), name=f'"{table}"', column=key)
