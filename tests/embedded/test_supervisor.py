"""Starting, stopping and describing: shared servers are never taken away from their users."""

import os
import re
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from config.embedded import locks, supervisor
from config.embedded.errors import InUse
from config.embedded.paths import (
    LONGEST_SOCKET,
    embedded_database,
    embedded_redis_url,
    places,
    secret_key,
)

PROJECT = Path(__file__).resolve().parents[2]


def manage(data_dir: Path, *arguments: str, **changes: str) -> "subprocess.CompletedProcess[str]":
    environment = {
        name: value
        for name, value in os.environ.items()
        if name not in ("DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE")
    }
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=PROJECT,
        env={**environment, "RATEBOOK_DATA": str(data_dir), "SECRET_KEY": "", **changes},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_command_starts_describes_and_stops(data_dir: Path) -> None:
    started = manage(data_dir, "embedded", "start")
    running = manage(data_dir, "embedded", "status")
    stopped = manage(data_dir, "embedded", "stop")
    after = manage(data_dir, "embedded", "status")

    assert started.returncode == 0, started.stderr
    assert re.search(r"PostgreSQL \d+\.\d+: started\.", started.stdout)
    assert "Valkey: started." in started.stdout
    assert "for evaluation and single hosts" in started.stdout
    assert running.returncode == 0
    assert "PostgreSQL: running" in running.stdout
    assert f"socket     {places(data_dir).valkey_socket}" in running.stdout
    assert "In use by another process: no" in running.stdout
    assert stopped.stdout == "Valkey: stopped.\nPostgreSQL: stopped.\n"
    assert after.returncode == 3
    assert "PostgreSQL: not running" in after.stdout


def test_servers_are_not_stopped_while_another_process_holds_them(data_dir: Path) -> None:
    supervisor.start(data_dir, postgres=False)
    locks.hold(data_dir)

    refused = manage(data_dir, "embedded", "stop")
    status = manage(data_dir, "embedded", "status")
    locks.release(data_dir)
    allowed = manage(data_dir, "embedded", "stop")

    assert refused.returncode == 1
    assert "in use by another process" in refused.stderr
    assert "Traceback" not in refused.stderr
    assert "In use by another process: yes" in status.stdout
    assert allowed.returncode == 0


def test_servers_are_held_until_the_last_holder_lets_go(data_dir: Path) -> None:
    program = (
        "import sys, pathlib; from config.embedded import locks; "
        "locks.hold(pathlib.Path(sys.argv[1])); print('held', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, str(data_dir)],
        cwd=PROJECT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as other:
        assert other.stdout is not None
        other.stdout.readline()
        locks.hold(data_dir)
        locks.release(data_dir)

        with pytest.raises(InUse):
            supervisor.stop(data_dir)
        other.kill()
        other.wait()

    assert not locks.in_use(data_dir)


def test_nothing_is_started_where_outside_servers_are_named(data_dir: Path) -> None:
    said = manage(
        data_dir,
        "embedded",
        "start",
        DATABASE_URL="postgres://nobody@127.0.0.1:1/none",
        REDIS_URL="redis://127.0.0.1:1/0",
    )

    assert said.returncode == 0
    assert "nothing embedded to start" in said.stdout
    assert not places(data_dir).sockets.exists()


def test_erase_removes_the_data_only_when_asked_twice(data_dir: Path) -> None:
    manage(data_dir, "embedded", "start")
    (data_dir / "notes.txt").write_text("not ours")

    refused = manage(data_dir, "embedded", "erase")
    kept = sorted(path.name for path in data_dir.glob("*"))
    erased = manage(data_dir, "embedded", "erase", "--yes")

    assert refused.returncode == 1
    assert "pg18" in kept
    assert erased.returncode == 0
    assert not list(data_dir.glob("pg*"))
    assert (data_dir / "notes.txt").exists()


def test_secrets_are_made_once_and_closed_to_others(data_dir: Path) -> None:
    first = secret_key(data_dir)

    assert secret_key(data_dir) == first
    assert len(first) >= 50
    assert stat.S_IMODE((data_dir / "secret-key").stat().st_mode) == 0o600


def test_a_long_path_gets_a_short_socket(tmp_path: Path) -> None:
    data = tmp_path / ("deep" * 30) / "data"

    socket = Path(embedded_database(data)["HOST"]) / ".s.PGSQL.5432"

    assert len(os.fsencode(socket)) < LONGEST_SOCKET
    assert len(embedded_redis_url(data).removeprefix("redis+socket://")) < LONGEST_SOCKET


@pytest.mark.skipif(os.geteuid() != 0, reason="only root's servers run as another user")
def test_a_project_that_the_servers_user_cannot_enter_keeps_its_data_elsewhere(
    data_dir: Path,
) -> None:
    data_dir.parent.chmod(0o700)

    said = supervisor.start(data_dir, valkey=False)

    home = places(data_dir).home
    assert home != data_dir
    assert f"their files are in {home}" in said[0]
    assert (home / "pg18").is_dir()
    data_dir.parent.chmod(0o755)
    assert places(data_dir).home == home  # a later change of modes moves nothing
    supervisor.erase(data_dir, files=data_dir / "media")
    assert not home.exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root's servers run as another user")
def test_a_strict_umask_does_not_lock_the_servers_user_out(data_dir: Path) -> None:
    inner = data_dir / "made" / "later"
    mask = os.umask(0o077)

    try:
        supervisor.start(inner, valkey=False)
        assert places(inner).home == inner
    finally:
        os.umask(mask)
        supervisor.stop(inner)
