"""Finding many records by codes in any letter case, in one query."""

from collections.abc import Iterable
from typing import Any

from django.db import connection, models
from psycopg import sql

Found = dict[str, Any]
"""Text as it was written → record."""


def find_by_text(model: type[models.Model], field: str, texts: Iterable[str]) -> Found:
    """Return the records whose `field` is one of `texts`, letter case aside; two queries.

    The database compares, as its unique indexes over UPPER(field) do; a subquery for each text
    lets it use them, where a join would read all records. Where letter case sets codes apart, the
    one written alike is meant.
    """
    wanted = [text for text in texts if "\x00" not in text]
    if not wanted:
        return {}
    column: Any = model._meta.get_field(field)
    statement = sql.SQL(
        "SELECT * FROM (SELECT wanted.text, (SELECT record.id FROM {} AS record"
        " WHERE UPPER(record.{}) = UPPER(wanted.text)"
        " ORDER BY record.{} = wanted.text DESC, record.id LIMIT 1) AS id"
        " FROM unnest(%s::text[]) AS wanted (text)) AS found WHERE id IS NOT NULL"
    ).format(sql.Identifier(model._meta.db_table), *[sql.Identifier(column.column)] * 2)
    with connection.cursor() as cursor:
        cursor.execute(statement, [wanted])
        ids = dict(cursor.fetchall())
    records = model._default_manager.in_bulk(set(ids.values()))
    return {text: records[pk] for text, pk in ids.items() if pk in records}
