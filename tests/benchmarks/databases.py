"""Databases of the benchmarks' own, on the server of the settings."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import psycopg
from django.core.management import call_command
from django.db import connection
from psycopg import sql

PREFIX: Final = "bench_"


def use(name: str) -> None:
    """Let this process talk to another database."""
    connection.close()
    connection.settings_dict["NAME"] = name


@contextmanager
def migrated(name: str) -> Iterator[str]:
    """Make a database with all tables, use it, and drop it at the end."""
    ours = connection.settings_dict["NAME"]
    full_name = f"{PREFIX}{name}"
    _create(full_name)
    try:
        use(full_name)
        call_command("migrate", verbosity=0, interactive=False)
        yield full_name
    finally:
        use(ours)
        _drop(full_name)


@contextmanager
def copied(template: str, name: str) -> Iterator[str]:
    """Copy a database that nobody is connected to, use the copy, and drop it at the end."""
    full_name = f"{PREFIX}{name}"
    connection.close()
    _create(full_name, template=template)
    try:
        use(full_name)
        yield full_name
    finally:
        use(template)
        _drop(full_name)


def _create(name: str, *, template: str = "template1") -> None:
    _drop(name)
    statement = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
    _execute(statement.format(sql.Identifier(name), sql.Identifier(template)))


def _drop(name: str) -> None:
    connection.close()
    _execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _execute(statement: sql.Composed) -> None:
    found = connection.get_connection_params()
    wanted = {key: found[key] for key in ("host", "port", "user", "password") if key in found}
    with psycopg.connect(**wanted, dbname="postgres", autocommit=True) as session:
        session.execute(statement)
