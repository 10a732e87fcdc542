"""How the database is emptied after a test that commits: only tables that have rows, by DELETE.

Django truncates every table, which takes PostgreSQL half a second for as many files as there are
tables and indexes, and then writes all permissions anew. A test leaves rows in a few tables.
"""

from typing import Any

from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.test import TransactionTestCase

# Written by `migrate` itself, the same for every test: never touched.
_LEFT_ALONE = ("django_migrations", "django_content_type", "auth_permission")
# Filled by migrations of ours, and by tests; and the rows that were there first.
_WRITTEN_BY_MIGRATIONS = ("pricing_currency",)
_migrated: dict[str, list[tuple[Any, ...]]] = {}

_SQL = """
DO $$
DECLARE
    one regclass;
    filled regclass[] := '{}';
    has_rows boolean;
BEGIN
    FOR one IN
        SELECT oid FROM pg_class
        WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r'
        AND relname <> ALL (%s)
    LOOP
        EXECUTE format('SELECT EXISTS (SELECT FROM %%s)', one) INTO has_rows;
        IF has_rows THEN
            filled := filled || one;
        END IF;
    END LOOP;
    -- Triggers of ours keep posted documents and used plans from being deleted.
    FOREACH one IN ARRAY filled LOOP
        EXECUTE format('ALTER TABLE %%s DISABLE TRIGGER USER', one);
    END LOOP;
    FOREACH one IN ARRAY filled LOOP
        EXECUTE format('DELETE FROM %%s', one);
    END LOOP;
    SET CONSTRAINTS ALL IMMEDIATE;
    FOREACH one IN ARRAY filled LOOP
        EXECUTE format('ALTER TABLE %%s ENABLE TRIGGER USER', one);
    END LOOP;
END $$;
"""


def remember_migrated_rows() -> None:
    """Note what a new database holds, to be written again whenever it is emptied."""
    with connection.cursor() as cursor:
        for table in _WRITTEN_BY_MIGRATIONS:
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            _migrated[table] = cursor.fetchall()


def empty_quickly(test: TransactionTestCase) -> None:
    """Delete what the test committed; in place of `TransactionTestCase._fixture_teardown`."""
    with connection.cursor() as cursor:
        cursor.execute(_SQL, [list(_LEFT_ALONE)])
        for table, rows in _migrated.items():
            _insert(cursor, table, rows)


def _insert(cursor: CursorWrapper, table: str, rows: list[tuple[Any, ...]]) -> None:
    if rows:
        values = ", ".join(["%s"] * len(rows[0]))
        cursor.executemany(
            f"INSERT INTO {connection.ops.quote_name(table)} VALUES ({values})", rows
        )
