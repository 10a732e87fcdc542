"""Starts, stops and describes the embedded servers of one data folder.

Several processes share one pair of servers. Whoever comes first starts them; nobody stops them
while another process holds them. They outlive the process that started them.
"""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from config.embedded import locks
from config.embedded.errors import WrongOwner
from config.embedded.paths import (
    SYSTEM_HOME,
    Places,
    enterable_by_others,
    make_data_folder,
    make_folder,
    places,
)
from config.embedded.postgres import Postgres
from config.embedded.programs import postgres_programs, valkey_program
from config.embedded.system_user import Runner, runner_for
from config.embedded.valkey import Valkey


@dataclass(frozen=True)
class ServerStatus:
    """What `status` says of one server. `process_ids` are its live processes."""

    name: str
    running: bool
    process_ids: list[int]
    data: Path
    socket: Path


@dataclass(frozen=True)
class Servers:
    """The embedded servers of one data folder; None where an outside server is used instead."""

    places: Places
    postgres: Postgres | None
    valkey: Valkey | None

    def each(self) -> list[Postgres | Valkey]:
        """Return the servers there are, in the order in which they start."""
        return [server for server in (self.postgres, self.valkey) if server is not None]


def servers(data_dir: Path, *, postgres: bool = True, valkey: bool = True) -> Servers:
    """Return the servers of the data folder `data_dir`, or one of the two; nothing is started.

    Raises NoProgram or WrongOwner.
    """
    where = places(data_dir)
    runner = _runner(where)
    return Servers(
        places=where,
        postgres=Postgres(where, postgres_programs(runner), runner) if postgres else None,
        valkey=Valkey(where, valkey_program(runner), runner) if valkey else None,
    )


def start(
    data_dir: Path, *, postgres: bool = True, valkey: bool = True, durable: bool = True
) -> list[str]:
    """Start what does not run yet, and return a line for the user on each thing done.

    Safe to call at once from several processes. `durable=False` trades safety against a crash
    of the machine for speed, for tests. Raises EmbeddedError.
    """
    make_data_folder(data_dir)
    with locks.server_lock(places(data_dir).data):
        _make_home(places(data_dir))
        found = servers(data_dir, postgres=postgres, valkey=valkey)
        lines = []
        if found.places.home != found.places.data:
            lines.append(
                f"The servers' user cannot enter {found.places.data.parent}: "
                f"their files are in {found.places.home}."
            )
        if found.postgres:
            done = "started" if found.postgres.start(durable=durable) else "already running"
            lines.append(f"{found.postgres.name} {found.postgres.programs.version}: {done}.")
        if found.valkey:
            done = "started" if found.valkey.start(durable=durable) else "already running"
            lines.append(f"{found.valkey.name}: {done}.")
    return lines


def stop(data_dir: Path) -> list[str]:
    """Stop both servers, and return a line on each.

    Raises InUse while another process holds them, or any other EmbeddedError.
    """
    data = places(data_dir).data
    with locks.server_lock(data), locks.nobody_uses(data):
        return _stop_each(servers(data_dir))


def erase(data_dir: Path, *, files: Path) -> list[str]:
    """Stop both servers and remove their data and the folder `files`; return lines for the user.

    Nothing else in the data folder is touched, and the secrets stay: they fit the next data.
    Raises InUse while another process holds the servers, or any other EmbeddedError.
    """
    data = places(data_dir).data
    with locks.server_lock(data), locks.nobody_uses(data):
        found = servers(data_dir)
        lines = _stop_each(found)
        made = [*found.places.home.glob("pg[0-9][0-9]*"), found.places.home / "valkey"]
        for folder in (*made, found.places.sockets, files):
            if folder.exists():
                shutil.rmtree(folder)
                lines.append(f"Removed {folder}.")
        if found.places.home != found.places.data:
            if found.places.home.exists():
                found.places.home.rmdir()
            found.places.home_record.unlink(missing_ok=True)
    return lines


def status(data_dir: Path) -> list[ServerStatus]:
    """Describe both servers without changing anything."""
    found = servers(data_dir)
    sockets = (found.places.postgres_socket, found.places.valkey_socket)
    return [
        ServerStatus(
            name=server.name,
            running=server.answers(),
            process_ids=server.process_ids(),
            data=server.data,
            socket=socket,
        )
        for server, socket in zip(found.each(), sockets, strict=True)
    ]


def hold_if_embedded() -> None:
    """Mark the servers as used by this process, where the settings point to embedded ones."""
    from django.conf import settings

    where = places(settings.DATA_DIR)
    host = str(settings.DATABASES["default"].get("HOST"))
    if host == str(where.sockets) or str(where.valkey_socket) in settings.REDIS_URL:
        locks.hold(where.data)


def _stop_each(found: Servers) -> list[str]:
    return [
        f"{server.name}: {'stopped' if server.stop() else 'was not running'}."
        for server in reversed(found.each())
    ]


def _runner(where: Places) -> Runner:
    """Return the user of the servers: the owner of their data, whichever exists already."""
    made = [*sorted(where.home.glob("pg[0-9][0-9]")), where.home / "valkey", where.sockets]
    existing = [folder for folder in made if folder.exists()]
    return runner_for(existing[0] if existing else where.home)


def _make_home(where: Places) -> None:
    """Make the folder of the servers' files, and remember which it is."""
    if where.home != where.data:
        make_folder(SYSTEM_HOME, 0o755)
        make_folder(where.home, 0o711)
    elif os.geteuid() == 0 and not enterable_by_others(where.data):
        raise WrongOwner(
            f"The servers' user must be able to pass through {where.data} and the folders above "
            "it: chmod o+x them (the secrets stay closed), or run the command as their owner."
        )
    if where.sockets.is_relative_to(SYSTEM_HOME):
        make_folder(SYSTEM_HOME, 0o755)
    if where.home != where.data and not where.home_record.exists():
        where.home_record.write_text(f"{where.home}\n")
