"""The two file locks of an installation's embedded servers.

`server.lock` is held, exclusively, by whoever starts or stops a server. `in-use.lock` is held,
shared, by every process that uses the servers, for as long as it lives; a stop asks for it
exclusively and is refused while anybody holds it. The kernel gives both back when a process
dies, so neither can go stale.
"""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from config.embedded.errors import InUse, NotReached
from config.embedded.paths import make_data_folder

_PATIENCE_SECONDS = 330
_held: dict[Path, int] = {}


@contextmanager
def server_lock(data: Path) -> Iterator[None]:
    """Let one process at a time start or stop the servers of the data folder `data`.

    Raises NotReached if another one takes longer than a start may.
    """
    descriptor = _open(data / "server.lock")
    try:
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while not _try_lock(descriptor, fcntl.LOCK_EX):
            if time.monotonic() > deadline:
                raise NotReached(f"Another process has been holding {data}/server.lock too long.")
            time.sleep(0.1)
        yield
    finally:
        os.close(descriptor)


def hold(data: Path) -> None:
    """Mark the servers of `data` as used by this process until it ends, or until `release`.

    Waits while a stop is under way. Children that are forked later share the mark.
    """
    if data not in _held:
        descriptor = _open(data / "in-use.lock")
        fcntl.flock(descriptor, fcntl.LOCK_SH)
        _held[data] = descriptor


def release(data: Path) -> None:
    """Give this process's mark back."""
    with suppress(KeyError):
        os.close(_held.pop(data))


def in_use(data: Path) -> bool:
    """Say whether any process holds the servers of `data`."""
    descriptor = _open(data / "in-use.lock")
    try:
        return not _try_lock(descriptor, fcntl.LOCK_EX)
    finally:
        os.close(descriptor)


@contextmanager
def nobody_uses(data: Path) -> Iterator[None]:
    """Keep others from beginning to use the servers while they are stopped.

    Raises InUse if somebody does use them, this process included.
    """
    descriptor = _open(data / "in-use.lock")
    try:
        if not _try_lock(descriptor, fcntl.LOCK_EX):
            raise InUse(
                f"The embedded servers of {data} are in use by another process "
                "(a demo, a worker or a test run): stop that first."
            )
        yield
    finally:
        os.close(descriptor)


def _open(path: Path) -> int:
    make_data_folder(path.parent)
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


def _try_lock(descriptor: int, operation: int) -> bool:
    try:
        fcntl.flock(descriptor, operation | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
