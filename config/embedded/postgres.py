"""The embedded PostgreSQL: made, started, asked and stopped.

It listens on a Unix socket in a closed folder only, and asks for a password there too. Every
function that changes something expects the caller to hold the server lock.
"""

import os
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import psycopg
from psycopg import sql

from config.embedded.errors import EmbeddedError, NotReached, OtherVersion
from config.embedded.live import processes_in, wait_until
from config.embedded.paths import (
    ADMIN_USER,
    DATABASE_NAME,
    DATABASE_USER,
    PORT,
    Places,
    admin_password,
    database_password,
)
from config.embedded.programs import PostgresPrograms
from config.embedded.system_user import Runner

_RETRY_SECONDS = 30
_BUILTIN_LOCALE_FROM = 17


@dataclass(frozen=True)
class Postgres:
    """One embedded PostgreSQL: its places, its programs and the user that runs it."""

    places: Places
    programs: PostgresPrograms
    runner: Runner
    name: ClassVar[str] = "PostgreSQL"

    @property
    def data(self) -> Path:
        """The data folder, named for the major version that made it."""
        return self.places.home / f"pg{self.programs.major}"

    def answers(self) -> bool:
        """Say whether the server accepts connections."""
        return self._run("pg_isready", "-q", "-h", self.places.sockets, "-p", PORT).returncode == 0

    def process_ids(self) -> list[int]:
        """Return the live processes of this server: all of them, or orphans of a killed one.

        A clean stop leaves no pid file; without one there is no server, whoever is in its folder.
        """
        return processes_in(self.data) if self._pid_file.exists() else []

    def start(self, *, durable: bool = True) -> bool:
        """Start the server unless it runs, making its data first; return whether it was started.

        `durable=False` makes commits faster and a crash of the machine fatal: for tests.
        Raises OtherVersion, WrongOwner, NotReached or EmbeddedError.
        """
        was_up = self.answers()
        if not was_up:
            self._refuse_other_version()
            self.runner.own_folder(self.places.sockets)
            if not self.data.exists():
                self._make_data(durable=durable)
            self._start_patiently(durable=durable)
        self._make_role_and_database()
        return not was_up

    def stop(self) -> bool:
        """Stop the server if it runs; return whether it did. Open transactions are rolled back."""
        if not self.process_ids():
            return False
        said = self._run("pg_ctl", "stop", "-D", self.data, "-m", "fast", "-w", "-t", 120)
        wait_until(lambda: not self.process_ids(), seconds=_RETRY_SECONDS)
        if self.process_ids():
            raise NotReached(f"PostgreSQL did not stop: {said.stdout.strip()}")
        return True

    def _run(self, program: str, *arguments: object) -> "subprocess.CompletedProcess[str]":
        return self.runner.run(
            [self.programs.folder / program, *map(str, arguments)], folder=Path("/")
        )

    def _make_data(self, *, durable: bool) -> None:
        """Make the cluster beside its place and move it there whole, so a kill leaves no half."""
        partial = self.data.with_suffix(".partial")
        if partial.exists():
            shutil.rmtree(partial)
        self.runner.own_folder(partial)
        with tempfile.NamedTemporaryFile("w", dir=self.places.sockets, suffix=".pw") as password:
            password.write(admin_password(self.places.data))
            password.flush()
            os.chown(password.name, self.runner.uid, self.runner.gid)
            self._run_or_raise(
                [
                    self.programs.folder / "initdb",
                    f"--pgdata={partial}",
                    f"--username={ADMIN_USER}",
                    f"--pwfile={password.name}",
                    "--auth=scram-sha-256",
                    "--encoding=UTF8",
                    *self._locale_options(),
                    *([] if durable else ["--no-sync"]),
                ]
            )
        partial.rename(self.data)

    def _locale_options(self) -> list[str]:
        """Sort by code point, know the letters of all scripts, and say errors in English."""
        # The C library's locale still classifies letters for full-text and trigram search.
        check = "import locale; locale.setlocale(locale.LC_ALL, 'C.UTF-8')"
        known = subprocess.run([sys.executable, "-c", check], capture_output=True, check=False)
        options = ["--locale=C.UTF-8" if known.returncode == 0 else "--locale=C"]
        if self.programs.major >= _BUILTIN_LOCALE_FROM:
            options += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        return [*options, "--lc-messages=C"]

    def _start_patiently(self, *, durable: bool) -> None:
        """Start the server, again and again for a while: a killed one leaves orphans behind."""
        said = ""
        deadline = time.monotonic() + _RETRY_SECONDS
        while not self.answers():
            left = self.process_ids()
            if time.monotonic() > deadline:
                raise NotReached(
                    f"PostgreSQL did not start, see {self._log}; it said: {_last_line(said)}."
                    + (f" Processes in its data folder: {left}." if left else "")
                )
            if left:
                time.sleep(0.2)
                continue
            self._pid_file.unlink(missing_ok=True)
            said = self._run(
                "pg_ctl", "start", "-D", self.data, "-l", self._log, "-w", "-t", 300,
                "-o", shlex.join(self._server_options(durable=durable)),
            ).stdout  # fmt: skip
            if not self.answers():
                time.sleep(0.5)

    def _server_options(self, *, durable: bool) -> list[str]:
        options = {
            "listen_addresses": "",
            "port": str(PORT),
            "unix_socket_directories": f'"{self.places.sockets}"',
            "unix_socket_permissions": "0700",
            "timezone": "UTC",
            "log_timezone": "UTC",
            # A week of logs, each day's file over the one of a week ago.
            "logging_collector": "on",
            "log_filename": "postgresql-%a.log",
            "log_truncate_on_rotation": "on",
            "log_rotation_size": "0",
        }
        if not durable:
            options |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        return [part for name, value in options.items() for part in ("-c", f"{name}={value}")]

    def _make_role_and_database(self) -> None:
        """Make what `DATABASES` names; the application's role is no superuser."""
        try:
            with psycopg.connect(
                host=str(self.places.sockets),
                port=PORT,
                user=ADMIN_USER,
                password=admin_password(self.places.data),
                dbname="postgres",
                autocommit=True,
            ) as connection:
                _make_role(connection, database_password(self.places.data))
                _make_database(connection)
        except psycopg.OperationalError as error:
            raise EmbeddedError(
                f"PostgreSQL runs, but does not accept the password kept in {self.places.data}. "
                "Put the lost file back, or, if the data may go: manage.py embedded erase --yes. "
                f"It said: {_last_line(str(error))}"
            ) from error

    def _refuse_other_version(self) -> None:
        others = [path for path in self.places.home.glob("pg[0-9][0-9]") if path != self.data]
        if not others or self.data.exists():
            return
        old, sockets = others[0], self.places.sockets
        raise OtherVersion(
            f"{old} was made by PostgreSQL {old.name[2:]}; installed is {self.programs.version}. "
            f"With the programs of PostgreSQL {old.name[2:]}, dump it:\n"
            f"  pg_ctl start -w -D {old} -o \"-c listen_addresses='' -k {sockets}\"\n"
            f"  pg_dump -h {sockets} -U {DATABASE_USER} -Fc -f ratebook.dump {DATABASE_NAME}\n"
            f"  pg_ctl stop -w -D {old}\n"
            f"Then move {old} to another folder, and load the dump:\n"
            f"  manage.py embedded start\n"
            f"  pg_restore -h {sockets} -U {DATABASE_USER} -d {DATABASE_NAME} ratebook.dump\n"
            f"The password is in {self.places.data / 'database-password'}."
        )

    @property
    def _pid_file(self) -> Path:
        return self.data / "postmaster.pid"

    @property
    def _log(self) -> Path:
        return self.data / "start.log"

    def _run_or_raise(self, command: list[str | Path]) -> None:
        done = self.runner.run(command, folder=Path("/"))
        if done.returncode:
            raise EmbeddedError(f"{Path(command[0]).name} failed: {_last_line(done.stdout)}")


def _make_role(connection: psycopg.Connection, password: str) -> None:
    name = sql.Identifier(DATABASE_USER)
    if not connection.execute(
        "SELECT 1 FROM pg_roles WHERE rolname = %s", [DATABASE_USER]
    ).fetchone():
        connection.execute(sql.SQL("CREATE ROLE {}").format(name))
    scrambled = connection.pgconn.encrypt_password(
        password.encode(), DATABASE_USER.encode(), b"scram-sha-256"
    )
    connection.execute(
        sql.SQL("ALTER ROLE {} LOGIN CREATEDB PASSWORD {}").format(name, scrambled.decode())
    )


def _make_database(connection: psycopg.Connection) -> None:
    if not connection.execute(
        "SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE_NAME]
    ).fetchone():
        connection.execute(
            sql.SQL("CREATE DATABASE {} OWNER {}").format(
                sql.Identifier(DATABASE_NAME), sql.Identifier(DATABASE_USER)
            )
        )


def _last_line(text: str) -> str:
    lines = text.strip().splitlines()
    return lines[-1] if lines else "nothing"
