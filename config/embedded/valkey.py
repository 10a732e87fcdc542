"""The embedded Valkey: the message broker. It holds no business fact.

It listens on a Unix socket in a closed folder only. Every function that changes something
expects the caller to hold the server lock.
"""

import socket
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from config.embedded.errors import NotReached
from config.embedded.live import processes_in, wait_until
from config.embedded.paths import Places
from config.embedded.system_user import Runner

_START_SECONDS = 30
_ANSWER_SECONDS = 2.0


@dataclass(frozen=True)
class Valkey:
    """One embedded Valkey: its places, its program and the user that runs it."""

    places: Places
    program: Path
    runner: Runner
    name: ClassVar[str] = "Valkey"

    @property
    def data(self) -> Path:
        """The data folder: the append-only file and the log."""
        return self.places.home / "valkey"

    def answers(self) -> bool:
        """Say whether the server takes commands: not while it still loads its file."""
        return self.ask("PING") == "+PONG"

    def process_ids(self) -> list[int]:
        """Return the live processes of this server."""
        return processes_in(self.data)

    def ask(self, command: str) -> str:
        """Send one command and return the first line of the answer, "" if there is none."""
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
                client.settimeout(_ANSWER_SECONDS)
                client.connect(str(self.places.valkey_socket))
                client.sendall(command.encode() + b"\r\n")
                return client.recv(4096).decode(errors="replace").partition("\r\n")[0]
        except OSError:
            return ""

    def start(self, *, durable: bool = True) -> bool:
        """Start the server unless it runs; return whether it was started.

        A server that runs but does not answer yet is waited for: two on one folder would
        overwrite each other's file. Raises WrongOwner or NotReached.
        """
        if self.answers():
            return False
        self.runner.own_folder(self.places.sockets)
        self.runner.own_folder(self.data)
        said = "it runs already and does not answer"
        if not self.process_ids():
            said = self.runner.run(self._command(durable=durable), folder=self.data).stdout.strip()
        if not wait_until(self.answers, seconds=_START_SECONDS):
            raise NotReached(f"Valkey did not start, see {self._log}. {said}")
        return True

    def stop(self) -> bool:
        """Write everything out and stop the server if it runs; return whether it did."""
        if not self.answers() and not self.process_ids():
            return False
        refused = self.ask("SHUTDOWN")
        if not wait_until(lambda: not self.process_ids(), seconds=_START_SECONDS):
            raise NotReached(f"Valkey did not stop, see {self._log}. {refused}")
        return True

    def _command(self, *, durable: bool) -> list[str | Path]:
        options = {
            "daemonize": "yes",
            "dir": str(self.data),
            "logfile": str(self._log),
            "port": "0",
            "unixsocket": str(self.places.valkey_socket),
            "unixsocketperm": "700",
            "appendonly": "yes" if durable else "no",
            "appendfsync": "everysec",
            "maxmemory-policy": "noeviction",
        }
        parts = [part for name, value in options.items() for part in (f"--{name}", value)]
        return [self.program, *parts, "--save", ""]

    @property
    def _log(self) -> Path:
        return self.data / "valkey.log"
