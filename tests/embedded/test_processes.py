"""The process group: up together, down together, and honest about a member that fails."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from config.embedded.live import wait_until
from config.embedded.processes import Member, ProcessFailed, ProcessGroup, is_free

PROJECT = Path(__file__).resolve().parents[2]
SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return "Z" not in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]


def test_members_run_inside_the_group_and_not_after_it(tmp_path: Path) -> None:
    with ProcessGroup([Member("one", SLEEP), Member("two", SLEEP)], logs=tmp_path) as group:
        ids = [member.child.pid for member in group.members if member.child]
        assert len(ids) == 2
        assert all(alive(pid) for pid in ids)

    assert not any(wait_until(lambda pid=pid: alive(pid), seconds=0) for pid in ids)


def test_the_group_waits_until_a_member_answers(tmp_path: Path) -> None:
    sign = tmp_path / "sign"
    program = f"import pathlib, time; time.sleep(0.5); pathlib.Path({str(sign)!r}).touch(); "
    command = [sys.executable, "-c", program + "time.sleep(60)"]

    with ProcessGroup([Member("slow", command, sign.exists)], logs=tmp_path):
        assert sign.exists()


def test_a_member_that_ends_is_named_with_its_last_words(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "import sys; sys.exit('no such thing')"]
    group = ProcessGroup([Member("broken", command, lambda: False)], logs=tmp_path)

    with pytest.raises(ProcessFailed, match=r"(?s)broken ended with exit code 1.*no such thing"):
        group.__enter__()


def test_a_member_that_never_answers_is_given_up_and_stopped(tmp_path: Path) -> None:
    member = Member("mute", SLEEP, lambda: False)
    group = ProcessGroup([member], logs=tmp_path, patience_seconds=0.3)

    with pytest.raises(ProcessFailed, match="mute did not answer"):
        group.__enter__()

    assert member.child is None


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL], ids=["SIGTERM", "SIGKILL"])
def test_members_end_with_the_process_that_started_them(
    tmp_path: Path, number: signal.Signals
) -> None:
    program = f"""
import sys, pathlib
from config.embedded.processes import Member, ProcessGroup
with ProcessGroup([Member("child", {SLEEP!r})], logs=pathlib.Path({str(tmp_path)!r})) as group:
    print(group.members[0].child.pid, flush=True)
    group.serve()
"""
    with subprocess.Popen(
        [sys.executable, "-c", program], cwd=PROJECT, stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        time.sleep(0.2)

        parent.send_signal(number)
        parent.wait(timeout=20)

    assert wait_until(lambda: not alive(child), seconds=10)


def test_a_taken_port_is_noticed() -> None:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as server:
        assert not is_free(port=server.getsockname()[1])
