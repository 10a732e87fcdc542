"""The processes of one Ratebook on one host: worker, beat, web server, simulator head-end.

A small group of children: started in order, waited for until they answer, and all stopped when
the group is left, whether by its end, an error, Ctrl-C or SIGTERM. On Linux they also end when
their parent is killed.
"""

import ctypes
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType, TracebackType
from typing import Any, Self

_PROJECT = Path(__file__).resolve().parents[2]
_STOP_SECONDS = 15
_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None


class ProcessFailed(Exception):
    """A process of the group ended or did not answer in time; says which, and its last words."""


def _always() -> bool:
    return True


@dataclass
class Member:
    """One process: its name, its command, and the question whether it answers yet."""

    name: str
    command: Sequence[str]
    answers: Callable[[], bool] = _always
    child: "subprocess.Popen[bytes] | None" = field(default=None, repr=False)


class ProcessGroup:
    """Children that live and end together; use it in a `with` statement.

    Their output goes to `<logs>/<name>.log`, one file each, written anew at every start.
    """

    def __init__(
        self,
        members: Sequence[Member],
        *,
        logs: Path,
        environment: Mapping[str, str] | None = None,
        patience_seconds: float = 60,
    ) -> None:
        self.members = list(members)
        self._logs = logs
        self._environment = {**os.environ, **(environment or {})}
        self._patience = patience_seconds
        self._old_handlers: dict[signal.Signals, Any] = {}

    def __enter__(self) -> Self:
        """Start all members and wait until each answers. Raises ProcessFailed."""
        for number in (signal.SIGTERM, signal.SIGHUP):
            self._old_handlers[number] = signal.signal(number, _exit_on_signal)
        try:
            self._logs.mkdir(parents=True, exist_ok=True)
            for member in self.members:
                self._spawn(member)
            for member in self.members:
                self._await(member)
        except BaseException:
            self._leave()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop all members."""
        self._leave()

    def check(self) -> None:
        """Raise ProcessFailed if a member has ended."""
        for member in self.members:
            if member.child is not None and member.child.poll() is not None:
                raise ProcessFailed(
                    f"{member.name} ended with exit code {member.child.returncode}. "
                    f"Its log, {self._log(member)}, ends so:\n{self._last_words(member)}"
                )

    def serve(self) -> None:
        """Stay until Ctrl-C or SIGTERM. Raises ProcessFailed when a member ends before."""
        with suppress(KeyboardInterrupt):
            while True:
                self.check()
                time.sleep(0.5)

    def stop(self) -> None:
        """Ask the members to end, last started first; kill what has not ended in time."""
        running = [member.child for member in reversed(self.members) if member.child is not None]
        for child in running:
            with suppress(ProcessLookupError):
                child.terminate()
        deadline = time.monotonic() + _STOP_SECONDS
        for child in running:
            with suppress(subprocess.TimeoutExpired):
                child.wait(timeout=max(0.1, deadline - time.monotonic()))
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(child.pid, signal.SIGKILL)  # whatever it left of its own children
            child.wait()
        for member in self.members:
            member.child = None

    def _leave(self) -> None:
        self.stop()
        for number, handler in self._old_handlers.items():
            signal.signal(number, handler)
        self._old_handlers.clear()

    def _spawn(self, member: Member) -> None:
        with self._log(member).open("wb") as log:
            member.child = subprocess.Popen(
                member.command,
                cwd=_PROJECT,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=_end_with_parent if _LIBC else None,
            )

    def _await(self, member: Member) -> None:
        deadline = time.monotonic() + self._patience
        while not member.answers():
            self.check()
            if time.monotonic() > deadline:
                raise ProcessFailed(
                    f"{member.name} did not answer in {self._patience:.0f} seconds. "
                    f"Its log, {self._log(member)}, ends so:\n{self._last_words(member)}"
                )
            time.sleep(0.2)
        self.check()

    def _log(self, member: Member) -> Path:
        return self._logs / f"{member.name}.log"

    def _last_words(self, member: Member) -> str:
        lines = self._log(member).read_text(errors="replace").splitlines()
        return "\n".join(lines[-15:])


def worker(*, name: str = "worker", processes: int = 2) -> Member:
    """Return a Celery worker; it answers when it replies to a ping through the broker."""
    node = f"{name}@localhost"
    options = ["--pool=prefork", f"--concurrency={processes}", "--hostname", node]
    options += ["--without-gossip", "--without-mingle", "--loglevel=INFO"]
    return Member(name, _python("celery", "-A", "config", "worker", *options), _pings(node))


def beat(*, schedule: Path) -> Member:
    """Return the process that sends the tick; `schedule` is its notebook, made when missing."""
    options = ["--schedule", str(schedule), "--pidfile=", "--loglevel=INFO"]
    return Member("beat", _python("celery", "-A", "config", "beat", *options))


def web(*, host: str = "127.0.0.1", port: int = 8000) -> Member:
    """Return the web server; it answers when a page comes back, whatever its status."""
    command = _python(
        "gunicorn", "--config", "python:config.gunicorn", "--bind", f"{host}:{port}", "config.wsgi"
    )
    return Member("web", command, lambda: _http_answers(host, port))


def simulator(*, host: str = "127.0.0.1", port: int = 8010, journal: Path | None = None) -> Member:
    """Return the simulator head-end; it answers when its port accepts a connection.

    `journal` is the file in which it remembers what is on over a restart.
    """
    command = [sys.executable, str(_PROJECT / "manage.py"), "simulator", "--port", str(port)]
    if journal is not None:
        command += ["--journal", str(journal)]
    return Member("simulator", command, lambda: _accepts(host, port))


def is_free(*, host: str = "127.0.0.1", port: int) -> bool:
    """Say whether nobody listens on `port` yet."""
    return not _accepts(host, port)


def _python(module: str, *arguments: str) -> list[str]:
    return [sys.executable, "-m", module, *arguments]


def _pings(node: str) -> Callable[[], bool]:
    def answers() -> bool:
        from config.celery import app

        return bool(app.control.ping(destination=[node], timeout=1.0))

    return answers


def _http_answers(host: str, port: int) -> bool:
    try:
        with closing(http.client.HTTPConnection(host, port, timeout=5)) as client:
            client.request("GET", "/")
            return client.getresponse().status > 0
    except (OSError, http.client.HTTPException):
        return False


def _accepts(host: str, port: int) -> bool:
    try:
        with socket.create_connection((host, port), timeout=2):
            return True
    except OSError:
        return False


def _exit_on_signal(number: int, _: FrameType | None) -> None:
    """Turn a signal into an exit, so that the group is left in order."""
    sys.exit(128 + number)


def _end_with_parent() -> None:
    """Ask Linux to end this child, not yet the program, when its parent dies."""
    if _LIBC is not None:
        _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
