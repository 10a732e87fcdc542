"""Copies of databases: what takes long to load is loaded once, and each test has a copy of it."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


@contextmanager
def copied(suffix: str, *, of: str | None = None) -> Iterator[str]:
    """Copy a database, the default one if none is named; yield the copy's name, then drop it."""
    source = of or connection.settings_dict["NAME"]
    copy, original = (connection.ops.quote_name(name) for name in (f"{source}_{suffix}", source))
    connection.close()  # a database that someone uses is not copied
    with connection._nodb_cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {copy} WITH (FORCE)")
        cursor.execute(f"CREATE DATABASE {copy} TEMPLATE {original}")
    try:
        yield f"{source}_{suffix}"
    finally:
        with connection._nodb_cursor() as cursor:
            cursor.execute(f"DROP DATABASE {copy} WITH (FORCE)")


@contextmanager
def working_on(name: str) -> Iterator[None]:
    """Have another database as the default one inside, in every thread."""
    settings = connection.settings_dict
    usual = settings["NAME"]
    connection.close()
    settings["NAME"] = name
    try:
        yield
    finally:
        connection.close()
        settings["NAME"] = usual
