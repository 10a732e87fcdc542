"""Where the embedded servers keep their files, and what settings need to reach them.

Standard library only, and nothing is started: settings import this module. Passwords and the
secret key are made on first use and kept in files that only their owner may read.
"""

import hashlib
import os
import secrets
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Any

DATABASE_NAME = "ratebook"
DATABASE_USER = "ratebook"
ADMIN_USER = "postgres"
PORT = 5432
LONGEST_SOCKET = 100
SYSTEM_HOME = Path("/var/lib/ratebook")


@dataclass(frozen=True)
class Places:
    """The folders of one installation's embedded servers.

    `data` is the data folder of the installation: secrets, locks, media. `home` holds the
    servers' own files; it is `data`, except for root where the servers' system user cannot
    enter that. `sockets` is the folder of both Unix sockets, short enough for their limit.
    """

    data: Path
    home: Path
    sockets: Path

    @property
    def valkey_socket(self) -> Path:
        """The Unix socket of Valkey."""
        return self.sockets / "valkey.sock"

    @property
    def postgres_socket(self) -> Path:
        """The Unix socket of PostgreSQL, named as PostgreSQL does."""
        return self.sockets / f".s.PGSQL.{PORT}"

    @property
    def home_record(self) -> Path:
        """The file that remembers a `home` elsewhere, so that a change of modes moves nothing."""
        return self.data / "server-home"


def places(data_dir: Path) -> Places:
    """Return the folders for the installation whose data folder is `data_dir`."""
    data = Path(os.path.abspath(data_dir))
    record = data / "server-home"
    if record.exists():
        home = Path(record.read_text().strip())
    elif os.geteuid() == 0 and not enterable_by_others(data.parent) and not _has_cluster(data):
        home = SYSTEM_HOME / _short_name(data)
    else:
        home = data
    return Places(data=data, home=home, sockets=_socket_folder(home))


def enterable_by_others(folder: Path) -> bool:
    """Say whether a user without rights of its own may pass through `folder` and its parents.

    Folders that do not exist yet count as enterable: they are made so.
    """
    real = folder.resolve()
    return all(
        bool(step.stat().st_mode & stat.S_IXOTH) for step in (real, *real.parents) if step.exists()
    )


def embedded_database(data_dir: Path) -> dict[str, Any]:
    """Return `DATABASES["default"]` for the embedded PostgreSQL of `data_dir`."""
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": DATABASE_NAME,
        "USER": DATABASE_USER,
        "PASSWORD": database_password(data_dir),
        "HOST": str(places(data_dir).sockets),
        "PORT": str(PORT),
        "OPTIONS": {},
    }


def embedded_redis_url(data_dir: Path) -> str:
    """Return the broker URL of the embedded Valkey of `data_dir`, in the form Celery reads."""
    return f"redis+socket://{places(data_dir).valkey_socket}"


def database_password(data_dir: Path) -> str:
    """Return the password of the application's role in the embedded PostgreSQL."""
    return _secret(data_dir, "database-password")


def admin_password(data_dir: Path) -> str:
    """Return the password of the superuser of the embedded PostgreSQL."""
    return _secret(data_dir, "database-admin-password")


def secret_key(data_dir: Path) -> str:
    """Return this installation's secret key for signing."""
    return _secret(data_dir, "secret-key")


def make_data_folder(data_dir: Path) -> None:
    """Make the data folder: closed to others, save that root's servers may pass through it."""
    make_folder(data_dir, 0o711 if os.geteuid() == 0 else 0o700)


def make_folder(folder: Path, mode: int) -> None:
    """Make `folder` and its missing parents with just this mode, whatever the umask."""
    for missing in (step for step in (*reversed(folder.parents), folder) if not step.exists()):
        missing.mkdir(exist_ok=True)
        missing.chmod(mode)


def _secret(data_dir: Path, name: str) -> str:
    """Return the secret kept under `name`, made on first use; safe when two ask at once."""
    path = data_dir / name
    try:
        return path.read_text()
    except FileNotFoundError:
        make_data_folder(data_dir)
    fresh = data_dir / f".{name}.{os.getpid()}.{secrets.token_hex(4)}"
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_urlsafe(48))
    try:
        os.link(fresh, path)
    except FileExistsError:
        pass  # another process was first; its secret stands
    finally:
        fresh.unlink()
    return path.read_text()


def _socket_folder(home: Path) -> Path:
    """Return `home`/run, or a short folder of this user's where that is too long for a socket."""
    beside = home / "run"
    longest = beside / f".s.PGSQL.{PORT}.lock"
    if len(os.fsencode(longest)) < LONGEST_SOCKET:
        return beside
    if os.geteuid() == 0:
        return SYSTEM_HOME / f"run-{_short_name(home)}"
    return Path("/tmp") / f"ratebook-{os.geteuid()}-{_short_name(home)}"


def _has_cluster(data: Path) -> bool:
    return any(data.glob("pg[0-9][0-9]"))


def _short_name(folder: Path) -> str:
    return hashlib.sha256(os.fsencode(folder)).hexdigest()[:12]
