"""What the repository promises: it stands alone, its lock is plain, its migrations are complete."""

import re
import subprocess
from pathlib import Path

import pytest
from django.core.management import call_command

PROJECT = Path(__file__).resolve().parents[2]
# Written in two parts, so that this file does not find itself.
FOREIGN = ("/wo" + "rk/", "../sha" + "red", "/root" + "/.")


def tracked_files() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [path for name in listed.stdout.splitlines() if (path := PROJECT / name).is_file()]


@pytest.mark.parametrize("place", FOREIGN)
def test_no_file_points_outside_the_repository(place: str) -> None:
    # As a path of its own: "network/" is a word, "/wo…" at a word's start is a place.
    pattern = re.compile(rf"(?<![\w.]){re.escape(place)}".encode())

    found = [path for path in tracked_files() if pattern.search(path.read_bytes())]

    assert found == []


def test_the_lock_names_no_registry() -> None:
    lock = (PROJECT / "requirements.txt").read_text()

    assert "://" not in lock
    assert not re.search(r"^\s*(--(extra-)?index-url|--find-links|-i\b|-f\b)", lock, re.MULTILINE)


def test_every_requirement_of_the_lock_is_pinned_and_hashed() -> None:
    lock = (PROJECT / "requirements.txt").read_text()
    entries = re.split(r"\n(?=[a-z0-9])", lock.strip())

    loose = [entry for entry in entries if "==" not in entry or "--hash=sha256:" not in entry]

    assert loose == []


def test_every_direct_requirement_is_in_the_lock() -> None:
    project = (PROJECT / "pyproject.toml").read_text()
    block = project.partition("dependencies = [")[2].partition("\n[tool.")[0]
    wanted = {
        re.split(r"[\[<>=;]", name)[0].strip() for name in re.findall(r'^\s+"(.+?)"', block, re.M)
    }
    locked = set(re.findall(r"^([a-z0-9._-]+)==", (PROJECT / "requirements.txt").read_text(), re.M))

    assert wanted
    assert wanted - locked == set()


@pytest.mark.django_db
def test_models_and_migrations_agree() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
