"""Makes `.venv` from the hashed lock; does nothing if it is up to date.

Run by any Python from 3.11 on, so the standard library only. Two runs at once wait for each
other, and a run that is broken off is repeated by the next.
"""

import fcntl
import hashlib
import subprocess
import sys
import venv
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
VENV = PROJECT / ".venv"
LOCK = PROJECT / "requirements.txt"
STAMP = VENV / "installed"


def main() -> None:
    """Install what `requirements.txt` names, and nothing whose hash it does not hold."""
    version = "{}.{}".format(*sys.version_info)
    wanted = f"{version} {hashlib.sha256(LOCK.read_bytes()).hexdigest()}\n"
    if _stamp() == wanted:
        return
    with (PROJECT / ".venv.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        stamp = _stamp()
        if stamp == wanted:
            return
        print("Installing into .venv ...", flush=True)
        if not _has_pip() or (stamp and not stamp.startswith(f"{version} ")):
            _make_venv()
        _install()
        STAMP.write_text(wanted)


def _stamp() -> str:
    return STAMP.read_text() if STAMP.exists() else ""


def _has_pip() -> bool:
    python = VENV / "bin" / "python"
    return (
        python.exists()
        and subprocess.run([python, "-m", "pip", "--version"], capture_output=True).returncode == 0
    )


def _make_venv() -> None:
    try:
        venv.create(VENV, clear=True, with_pip=True)
    except (subprocess.CalledProcessError, ModuleNotFoundError):
        sys.exit(
            f"{sys.executable} cannot make a virtualenv with pip. On Debian and Ubuntu: "
            "apt-get install python3-venv"
        )


def _install() -> None:
    command = [str(VENV / "bin" / "python"), "-m", "pip", "install", "--quiet", "--quiet"]
    command += ["--disable-pip-version-check", "--require-hashes", "--requirement", str(LOCK)]
    if subprocess.run(command, cwd=PROJECT).returncode:
        sys.exit("Installing failed; what pip says is above.")


if __name__ == "__main__":
    main()
