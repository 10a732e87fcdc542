"""Which processes work in a folder: the one sign of a server that cannot go stale.

Both servers make their data folder their working folder. A process id in a file says little: it
may have been given to another process since.
"""

import os
import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

_PROC = Path("/proc")


def processes_in(folder: Path) -> list[int]:
    """Return the ids of the live processes, zombies left out, whose working folder is `folder`."""
    real = os.path.realpath(folder)
    if _PROC.joinpath("self", "stat").exists():
        return [pid for pid in _process_ids() if _works_in(pid, real) and not _is_zombie(pid)]
    return _processes_by_lsof(real)


def wait_until(reached: Callable[[], bool], *, seconds: float) -> bool:
    """Ask `reached` until it says yes or the time is over; return its last answer."""
    deadline = time.monotonic() + seconds
    while not (done := reached()) and time.monotonic() < deadline:
        time.sleep(0.1)
    return done


def _process_ids() -> list[int]:
    return sorted(int(name) for name in os.listdir(_PROC) if name.isdigit())


def _works_in(pid: int, real: str) -> bool:
    try:
        return os.readlink(_PROC / str(pid) / "cwd") == real
    except OSError:  # gone meanwhile, or somebody else's
        return False


def _is_zombie(pid: int) -> bool:
    try:
        stat = (_PROC / str(pid) / "stat").read_text()
    except OSError:
        return True
    return stat.rpartition(")")[2].split()[0] in ("Z", "X")


def _processes_by_lsof(real: str) -> list[int]:
    """Ask lsof, on systems without /proc; they have it as part of the system."""
    lsof = shutil.which("lsof", path="/usr/sbin:" + os.defpath)
    if lsof is None:
        return []
    answer = subprocess.run(
        [lsof, "-a", "-d", "cwd", "-t", "--", real], capture_output=True, text=True, check=False
    )
    return sorted(int(line) for line in answer.stdout.split())
