"""Servers and databases of a test's own, with Ratebook's real programs on them, to be struck."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import quote

import psycopg
import redis
from psycopg import sql

from config.embedded import supervisor
from config.embedded.live import wait_until
from config.embedded.paths import (
    ADMIN_USER,
    DATABASE_NAME,
    DATABASE_USER,
    PORT,
    admin_password,
    database_password,
    make_data_folder,
    places,
)
from config.embedded.processes import Member

PROJECT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Bed:
    """A PostgreSQL and a Valkey of the test's own, in a data folder of their own."""

    data: Path
    durable: bool = True

    @property
    def logs(self) -> Path:
        """Where the programs' output goes."""
        return self.data / "logs"

    def start(self) -> None:
        """Start the servers, again after a strike too."""
        supervisor.start(self.data, durable=self.durable)

    def environment(self, database: str = DATABASE_NAME, *, name: str = "test") -> dict[str, str]:
        """Return the environment of a program on a database; `name` is how the server knows it."""
        password, sockets = quote(database_password(self.data)), places(self.data).sockets
        address = f"postgres://{DATABASE_USER}:{password}@/{sockets}/{database}"
        inherited = {
            key: value
            for key, value in os.environ.items()
            if key in ("HOME", "LANG", "LC_ALL", "PATH", "TMPDIR")
        }
        return inherited | {
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "DATABASE_URL": f"{address}?application_name={name}",
            "RATEBOOK_DATA": str(self.data),
            "ENVIRONMENT": "test",
            "HTTPS": "False",
            "BUSINESS_CLOCK_MOVABLE": "True",
        }

    def manage(
        self, *arguments: str, database: str = DATABASE_NAME, **more: str
    ) -> "subprocess.CompletedProcess[str]":
        """Run a management command; `more` goes into its environment. The test judges it."""
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=PROJECT,
            env=self.environment(database) | more,
            capture_output=True,
            text=True,
            check=False,
        )

    def on(self, member: Member, database: str, **more: str) -> Member:
        """Return the member as a program on a database, ready when its log says so."""
        environment = self.environment(database, name=member.name) | more
        log = self.logs / f"{member.name}.log"
        return replace(
            member,
            command=["env", *map("=".join, environment.items()), *member.command],
            answers=lambda: "ready." in log.read_text() or "beat: Starting" in log.read_text(),
        )

    def connect(self, database: str = DATABASE_NAME, *, admin: bool = False) -> psycopg.Connection:
        """Return a session in autocommit mode."""
        return psycopg.connect(
            host=str(places(self.data).sockets),
            port=PORT,
            user=ADMIN_USER if admin else DATABASE_USER,
            password=(admin_password if admin else database_password)(self.data),
            dbname=database,
            autocommit=True,
        )

    def copy(self, database: str) -> str:
        """Copy the main database to a new one and return its name."""
        statement = sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {}").format(
            sql.Identifier(database), sql.Identifier(DATABASE_USER), sql.Identifier(DATABASE_NAME)
        )
        with self.connect("postgres", admin=True) as session:
            session.execute(statement)
        return database

    def lose_messages(self) -> None:
        """Make Valkey forget all it holds."""
        with redis.Redis(unix_socket_path=str(places(self.data).valkey_socket)) as valkey:
            valkey.flushall()

    def kill_postgres(self) -> int:
        """Kill the postmaster and all its children as a power cut would; return how many."""
        (postgres,) = (
            each for each in supervisor.servers(self.data).each() if each.name != "Valkey"
        )
        victims = postgres.process_ids()
        for pid in victims:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        wait_until(lambda: not postgres.process_ids(), seconds=10)
        return len(victims)


@contextmanager
def bed(*, durable: bool = True) -> Iterator[Bed]:
    """Start servers on a data folder of their own, and remove all of it afterwards.

    Those that nobody strikes need not be `durable`.
    """
    # pytest's own folders are closed to the system user that runs the servers for root.
    outer = Path(tempfile.mkdtemp(prefix="ratebook-test-"))
    outer.chmod(0o755)
    made = Bed(outer / "data", durable=durable)
    make_data_folder(made.data)
    try:
        made.start()
        yield made
    finally:
        supervisor.stop(made.data)
        with suppress(FileNotFoundError):
            shutil.rmtree(places(made.data).sockets)
        shutil.rmtree(outer)


def free_port() -> int:
    """Return a port of this machine that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def said(done: "subprocess.CompletedProcess[str]") -> str:
    """Return what a command wrote, for a message of a failed test."""
    return f"exit code {done.returncode}\n{done.stdout}\n{done.stderr}"
