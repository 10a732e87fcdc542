"""The floor of a month's run: its SQL, put into the database and called."""

from datetime import datetime
from pathlib import Path

from django.db import connection

from config.shared.models import Run

SQL = Path(__file__).with_name("floor.sql")


def install() -> None:
    """Put the functions of floor.sql into the database."""
    with connection.cursor() as cursor:
        # A function is checked when it is first called: they speak of each other's tables.
        cursor.execute("SET check_function_bodies = off")
        cursor.execute(SQL.read_text())


def begin(run: Run, chunk_size: int) -> None:
    """Cut a draft run into chunks."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT bench_begin(%s, %s)", [run.pk, chunk_size])


def open_session() -> None:
    """Make the session ready for chunks."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT bench_open()")


def work(run_id: int, *, now: datetime) -> None:
    """Do chunks, each a transaction, until none is free."""
    with connection.cursor() as cursor:
        while True:
            cursor.execute("SELECT bench_chunk(%s, %s)", [run_id, now])
            if not cursor.fetchone()[0]:
                return
