"""Who the embedded servers run as, and how their programs are run.

Neither server should run as root, and PostgreSQL refuses to. Root runs them as the owner of
their data, or at first as `ratebook-db`, a system user without login that is made when missing.
Everybody else runs them as himself.
"""

import os
import pwd
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from config.embedded.errors import EmbeddedError, WrongOwner

USER = "ratebook-db"


@dataclass(frozen=True)
class Runner:
    """A user, and the way to run a program as that user."""

    uid: int
    gid: int

    def run(
        self, command: Sequence[str | Path], *, folder: Path, timeout: float | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run `command` in `folder`, with a bare environment, and return what it said.

        The exit code is the caller's to judge. The program gets a session of its own, so that
        Ctrl-C in a terminal does not reach a server it leaves behind.
        """
        change = os.geteuid() == 0
        return subprocess.run(
            [str(part) for part in command],
            cwd=folder,
            env={"PATH": os.defpath, "LC_MESSAGES": "C", "TZ": "UTC"},
            umask=0o077,
            start_new_session=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=timeout,
            check=False,
            user=self.uid if change else None,
            group=self.gid if change else None,
            extra_groups=[] if change else None,
        )

    def own_folder(self, folder: Path) -> None:
        """Make `folder`, for this user alone.

        Raises WrongOwner if it exists and is a link, somebody else's, or open to others.
        """
        try:
            folder.mkdir(parents=False, mode=0o700)
        except FileExistsError:
            pass
        else:
            os.chown(folder, self.uid, self.gid)
        found = folder.lstat()
        if folder.is_symlink() or found.st_uid != self.uid or found.st_mode & 0o077:
            raise WrongOwner(
                f"{folder} must be a folder of user {_name(self.uid)} that nobody else may enter."
            )


def runner_for(data: Path) -> Runner:
    """Return who runs the servers whose data lies in `data`; it need not exist yet."""
    mine = os.geteuid()
    owner = data.stat().st_uid if data.exists() else mine
    if mine == 0:
        account = pwd.getpwuid(owner) if owner != 0 else _system_user()
        return Runner(account.pw_uid, account.pw_gid)
    if owner != mine:
        raise WrongOwner(f"{data} belongs to user {_name(owner)}: run the command as that user.")
    return Runner(mine, os.getegid())


def _system_user() -> pwd.struct_passwd:
    """Return the system user `ratebook-db`, made if missing, or else one that the system has."""
    try:
        return pwd.getpwnam(USER)
    except KeyError:
        pass
    useradd = shutil.which("useradd", path="/usr/sbin:/sbin:" + os.defpath)
    if useradd:
        options = ["--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent"]
        options += ["--shell", "/usr/sbin/nologin", "--comment", "Ratebook's embedded servers"]
        subprocess.run([useradd, *options, USER], check=False, capture_output=True)
    for name in (USER, "postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise EmbeddedError(
        f"PostgreSQL does not run as root, and the system user {USER} could not be made: "
        "add a system user of that name, or run the command as another user."
    )


def _name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)
