"""The embedded PostgreSQL: closed to others, one per data folder, up again after a crash."""

import os
import signal
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from config.embedded import supervisor
from config.embedded.errors import EmbeddedError, OtherVersion
from config.embedded.live import processes_in, wait_until
from config.embedded.paths import embedded_database, places
from config.embedded.postgres import Postgres

PROJECT = Path(__file__).resolve().parents[2]


def start(data_dir: Path) -> list[str]:
    return supervisor.start(data_dir, valkey=False)


def postgres(data_dir: Path) -> Postgres:
    server = supervisor.servers(data_dir).postgres
    assert server is not None
    return server


def connect(data_dir: Path, **changes: str) -> psycopg.Connection:
    database = embedded_database(data_dir)
    parameters = {
        "host": database["HOST"],
        "port": database["PORT"],
        "user": database["USER"],
        "password": database["PASSWORD"],
        "dbname": database["NAME"],
    }
    return psycopg.connect(**{**parameters, **changes}, autocommit=True)


def ask(data_dir: Path, query: str) -> object:
    with connect(data_dir) as connection:
        row = connection.execute(query).fetchone()
        return row and row[0]


def insert(data_dir: Path, number: int) -> None:
    with connect(data_dir) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept (number integer)")
        connection.execute("INSERT INTO kept VALUES (%s)", [number])


def kill_postmaster(data_dir: Path) -> int:
    data = postgres(data_dir).data
    postmaster = int((data / "postmaster.pid").read_text().splitlines()[0])
    os.kill(postmaster, signal.SIGKILL)
    return postmaster


def test_start_makes_the_database_that_the_settings_name(running: Path) -> None:
    assert ask(running, "SELECT current_database() || ' ' || current_user") == "ratebook ratebook"


def test_the_applications_role_is_no_superuser_and_may_make_test_databases(running: Path) -> None:
    role = "FROM pg_roles WHERE rolname = current_user"
    assert ask(running, f"SELECT rolsuper {role}") is False
    assert ask(running, f"SELECT rolcreatedb {role}") is True


@pytest.mark.parametrize("extension", ["btree_gist", "pg_trgm", "unaccent"])
def test_the_applications_role_may_make_the_extensions_it_needs(
    running: Path, extension: str
) -> None:
    with connect(running) as connection:
        connection.execute(f"CREATE EXTENSION IF NOT EXISTS {extension}")

    assert ask(running, f"SELECT extname FROM pg_extension WHERE extname = '{extension}'")


def test_letters_beyond_ascii_are_folded_and_found(running: Path) -> None:
    with connect(running) as connection:
        connection.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")

    assert ask(running, "SELECT upper('λευκωσία')") == "ΛΕΥΚΩΣΊΑ"
    assert ask(running, "SELECT similarity('λευκωσία', 'λευκωσία')") == 1


def test_a_wrong_password_is_refused_on_the_socket_too(running: Path) -> None:
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        connect(running, password="guess")


def test_nothing_listens_on_the_network_and_the_folders_are_closed(running: Path) -> None:
    assert ask(running, "SHOW listen_addresses") == ""
    for folder in (places(running).sockets, postgres(running).data):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_commits_are_safe_unless_the_server_is_disposable(data_dir: Path) -> None:
    start(data_dir)

    assert ask(data_dir, "SHOW fsync") == "on"
    supervisor.stop(data_dir)
    supervisor.start(data_dir, valkey=False, durable=False)
    assert ask(data_dir, "SHOW fsync") == "off"


def test_four_first_starts_at_once_make_one_server(data_dir: Path) -> None:
    program = (
        "import sys, pathlib; from config.embedded import supervisor; "
        "print(supervisor.start(pathlib.Path(sys.argv[1]), valkey=False))"
    )

    def start_in_a_process(_: int) -> str:
        command = [sys.executable, "-c", program, str(data_dir)]
        return subprocess.run(
            command, cwd=PROJECT, capture_output=True, text=True, check=True
        ).stdout

    with ThreadPoolExecutor(4) as pool:
        said = list(pool.map(start_in_a_process, range(4)))

    assert sum("started" in line for line in said) == 1
    assert sum("already running" in line for line in said) == 3
    assert ask(data_dir, "SELECT 1") == 1


def test_a_stop_and_a_start_keep_the_data(data_dir: Path) -> None:
    start(data_dir)
    insert(data_dir, 7)

    supervisor.stop(data_dir)
    assert postgres(data_dir).process_ids() == []
    start(data_dir)

    assert ask(data_dir, "SELECT number FROM kept") == 7


def test_a_start_after_the_postmaster_was_killed_recovers(data_dir: Path) -> None:
    start(data_dir)
    insert(data_dir, 7)
    kill_postmaster(data_dir)

    said = start(data_dir)

    assert "started" in said[0]
    assert ask(data_dir, "SELECT number FROM kept") == 7


def test_a_reused_process_id_in_a_stale_pid_file_does_not_hinder_a_start(data_dir: Path) -> None:
    start(data_dir)
    insert(data_dir, 7)
    server = postgres(data_dir)
    killed = kill_postmaster(data_dir)
    assert wait_until(lambda: not server.process_ids(), seconds=10)
    pid_file = server.data / "postmaster.pid"
    # A live process of the same user that has nothing to do with the server.
    identity = {"user": server.runner.uid, "group": server.runner.gid} if os.geteuid() == 0 else {}
    with subprocess.Popen(["sleep", "60"], cwd="/", **identity) as bystander:
        pid_file.write_text(pid_file.read_text().replace(str(killed), str(bystander.pid), 1))

        said = start(data_dir)

        assert "started" in said[0]
        assert ask(data_dir, "SELECT number FROM kept") == 7
        assert bystander.poll() is None
        bystander.kill()


def test_a_broken_off_first_start_is_made_good(data_dir: Path) -> None:
    partial = data_dir / "pg18.partial"
    partial.mkdir()
    (partial / "PG_VERSION").write_text("18\n")

    start(data_dir)

    assert ask(data_dir, "SELECT 1") == 1
    assert not partial.exists()


def test_data_of_another_major_version_is_refused_with_the_way_out(data_dir: Path) -> None:
    (data_dir / "pg14").mkdir()

    with pytest.raises(OtherVersion, match=r"(?s)PostgreSQL 14.*pg_dump.*pg_restore"):
        start(data_dir)


def test_lost_secrets_are_named_when_the_server_refuses_them(data_dir: Path) -> None:
    start(data_dir)
    (data_dir / "database-admin-password").unlink()

    with pytest.raises(EmbeddedError, match="does not accept the password kept in"):
        start(data_dir)


def test_a_zombie_does_not_count_as_a_process_in_the_folder(tmp_path: Path) -> None:
    with subprocess.Popen(["true"], cwd=tmp_path) as child:
        os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)

        assert processes_in(tmp_path) == []


def test_a_live_process_counts_as_a_process_in_the_folder(tmp_path: Path) -> None:
    with subprocess.Popen(["sleep", "60"], cwd=tmp_path) as child:
        assert wait_until(lambda: processes_in(tmp_path) == [child.pid], seconds=5)

        child.kill()
