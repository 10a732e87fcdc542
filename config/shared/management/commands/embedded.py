"""`manage.py embedded start | stop | status`: the PostgreSQL and Valkey that Ratebook brings."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config.embedded import supervisor
from config.embedded.errors import EmbeddedError
from config.embedded.locks import in_use
from config.embedded.paths import places

_NOT_RUNNING = 3  # as init scripts answer


class Command(BaseCommand):
    """Start, stop or describe the embedded servers of the data folder."""

    help = (
        "Starts, stops or shows the embedded PostgreSQL and Valkey, which serve where "
        "DATABASE_URL or REDIS_URL is not set. Meant for evaluation and for single hosts."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("action", choices=["start", "stop", "status", "erase"])
        parser.add_argument(
            "--disposable",
            action="store_true",
            help="start: fast commits that a crash of the machine may lose; for tests",
        )
        parser.add_argument(
            "--yes", action="store_true", help="erase: do it; all data of this folder is lost"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            match options["action"]:
                case "start":
                    self._start(durable=not options["disposable"])
                case "stop":
                    self._say(*supervisor.stop(settings.DATA_DIR))
                case "erase":
                    self._erase(sure=options["yes"])
                case _:
                    self._status()
        except EmbeddedError as error:
            raise CommandError(str(error)) from error

    def _start(self, *, durable: bool) -> None:
        postgres, valkey = _wanted()
        if not postgres and not valkey:
            self._say("DATABASE_URL and REDIS_URL are set: nothing embedded to start.")
            return
        self._say(
            *supervisor.start(settings.DATA_DIR, postgres=postgres, valkey=valkey, durable=durable),
            "Embedded servers are for evaluation and single hosts; "
            "beyond that, set DATABASE_URL and REDIS_URL.",
        )

    def _erase(self, *, sure: bool) -> None:
        if not sure:
            raise CommandError(
                f"This removes the database, the queue and the files kept in "
                f"{settings.DATA_DIR}. To do it, add --yes."
            )
        self._say(*supervisor.erase(settings.DATA_DIR, files=settings.MEDIA_ROOT))

    def _status(self) -> None:
        servers = supervisor.status(settings.DATA_DIR)
        for server in servers:
            state = "running" if server.running else "not running"
            ids = ", ".join(map(str, server.process_ids)) or "none"
            self._say(
                f"{server.name}: {state}",
                f"  data       {server.data}",
                f"  socket     {server.socket}",
                f"  processes  {ids}",
            )
        held = in_use(places(settings.DATA_DIR).data)
        self._say(f"In use by another process: {'yes' if held else 'no'}")
        postgres, valkey = _wanted()
        for wanted, setting in ((postgres, "DATABASE_URL"), (valkey, "REDIS_URL")):
            if not wanted:
                self._say(f"{setting} is set: Ratebook uses that server instead.")
        if not all(server.running for server in servers):
            sys.exit(_NOT_RUNNING)

    def _say(self, *lines: str) -> None:
        for line in lines:
            self.stdout.write(line)


def _wanted() -> tuple[bool, bool]:
    """Say which of PostgreSQL and Valkey the settings expect to be embedded."""
    where = places(settings.DATA_DIR)
    host = str(settings.DATABASES["default"].get("HOST"))
    return host == str(where.sockets), str(where.valkey_socket) in settings.REDIS_URL
