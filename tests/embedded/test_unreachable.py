"""A database or broker out of reach: one line that names the setting, and no stack trace."""

import os
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from django.db import OperationalError, connection
from django.test import Client

from config.shared.connections import find_unreachable

PROJECT = Path(__file__).resolve().parents[2]
NO_DATABASE = "postgres://ratebook:hidden-word@127.0.0.1:1/none"
NO_BROKER = "redis://127.0.0.1:1/0"


def run(*command: str, data: Path, **changes: str) -> "subprocess.CompletedProcess[str]":
    environment = {
        name: value
        for name, value in os.environ.items()
        if name not in ("DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE")
    }
    return subprocess.run(
        [sys.executable, *command],
        cwd=PROJECT,
        env={**environment, "RATEBOOK_DATA": str(data), **changes},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_a_command_names_the_database_setting(tmp_path: Path) -> None:
    said = run("manage.py", "migrate", data=tmp_path, DATABASE_URL=NO_DATABASE)

    assert said.returncode != 0
    assert "The database cannot be reached (DATABASE_URL)" in said.stderr
    assert len(said.stderr.strip().splitlines()) == 1
    assert "hidden-word" not in said.stderr + said.stdout


def test_a_command_says_how_to_start_the_embedded_database(tmp_path: Path) -> None:
    said = run("manage.py", "migrate", data=tmp_path)

    assert said.returncode != 0
    assert "manage.py embedded start" in said.stderr
    assert len(said.stderr.strip().splitlines()) == 1


@pytest.mark.parametrize("program", ["worker", "beat --schedule {folder}/schedule"])
def test_a_worker_and_a_beat_that_start_in_vain_name_both_settings(
    tmp_path: Path, program: str
) -> None:
    said = run(
        *("-m", "celery", "-A", "config", *program.format(folder=tmp_path).split()),
        data=tmp_path,
        DATABASE_URL=NO_DATABASE,
        REDIS_URL=NO_BROKER,
    )

    assert said.returncode != 0
    assert "The database cannot be reached (DATABASE_URL)" in said.stderr
    assert "The message broker cannot be reached (REDIS_URL)" in said.stderr
    assert "Traceback" not in said.stderr + said.stdout


def test_a_refusal_by_a_server_that_answers_is_not_called_unreachable() -> None:
    error = OperationalError("canceling statement due to lock timeout")
    error.__cause__ = psycopg.errors.LockNotAvailable("lock timeout")

    assert find_unreachable(error) is None


def test_a_server_that_is_being_stopped_is_called_unreachable() -> None:
    error = OperationalError("terminating connection")
    error.__cause__ = psycopg.errors.AdminShutdown("terminating connection")

    assert find_unreachable(error) is not None


@pytest.mark.django_db
def test_a_page_answers_503_with_the_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> None:
        raise OperationalError("connection refused by 10.1.2.3")

    monkeypatch.setattr(connection, "ensure_connection", refuse)

    answer = Client().get("/")

    assert answer.status_code == 503
    assert "DATABASE_URL" in answer.text
    assert "10.1.2.3" not in answer.text
    assert answer.headers["Retry-After"] == "10"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
