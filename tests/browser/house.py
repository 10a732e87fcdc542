"""A whole Ratebook of the test's own: servers, web, worker, beat and head-end, nothing sold yet."""

import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from config.embedded.processes import Member, ProcessGroup, beat, simulator, web, worker
from tests.faults.bed import PROJECT, Bed, bed, said

HOST = "127.0.0.1"
TICK_SECONDS = 2
LOGS = PROJECT / "test-results" / "company-zx-logs"
SET_UP = """
from django.core.management import call_command
from config.demo.people import load_people
call_command("migrate", interactive=False, verbosity=0)
call_command("set_up")
load_people()
"""


@dataclass(frozen=True)
class House:
    """Where the running programs answer, and what watches over them."""

    address: str
    head_end: str
    group: ProcessGroup


@contextmanager
def house() -> Iterator[House]:
    """Run a Ratebook that has people, roles, currencies, run definitions, and nothing else."""
    with bed(durable=False) as made:
        _furnish(made)
        web_port, head_end_port = _free_port(), _free_port()
        members = [
            _as_is(made, simulator(host=HOST, port=head_end_port)),
            made.on(worker(processes=1), "ratebook"),
            made.on(beat(schedule=made.data / "beat-schedule"), "ratebook", **_SPEED),
            _as_is(made, web(host=HOST, port=web_port)),
        ]
        try:
            with ProcessGroup(members, logs=made.logs) as group:
                yield House(f"http://{HOST}:{web_port}", f"http://{HOST}:{head_end_port}/", group)
        finally:
            shutil.copytree(made.logs, LOGS, dirs_exist_ok=True)


_SPEED = {"TICK_SECONDS": str(TICK_SECONDS), "WEB_PROCESSES": "1"}


def _furnish(made: Bed) -> None:
    """Make the tables and the people, and collect the static files meanwhile."""
    collecting = subprocess.Popen(
        [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity", "0"],
        cwd=PROJECT,
        env=made.environment(),
    )
    done = made.manage("shell", "--no-imports", "-c", SET_UP)
    assert done.returncode == 0, said(done)
    assert collecting.wait() == 0


def _as_is(made: Bed, member: Member) -> Member:
    """Return the member in the house's environment, ready when it answers."""
    environment = made.environment(name=member.name) | _SPEED
    return replace(member, command=["env", *map("=".join, environment.items()), *member.command])


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind((HOST, 0))
        return int(taken.getsockname()[1])
