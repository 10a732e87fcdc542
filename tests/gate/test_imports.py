"""The import contracts hold, and a planted wrong import breaks them."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
PACKAGES = (
    "config",
    "catalog",
    "pricing",
    "inventory",
    "subscriptions",
    "provisioning",
    "billing",
)


def lint_imports(project: Path, cache: Path) -> "subprocess.CompletedProcess[str]":
    environment = {**os.environ, "PYTHONPATH": str(project)}
    return subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--cache-dir", cache],
        cwd=project,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return where the linter remembers the imports of files that did not change."""
    return tmp_path_factory.mktemp("import_linter_cache")


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Return a copy of the project's packages, to plant imports in."""
    for package in PACKAGES:
        shutil.copytree(
            PROJECT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__")
        )
    shutil.copy(PROJECT / "pyproject.toml", tmp_path)
    return tmp_path


def test_the_contracts_hold(copy: Path, cache: Path) -> None:
    said = lint_imports(copy, cache)

    assert said.returncode == 0, said.stdout


@pytest.mark.parametrize(
    ("place", "statement", "contract"),
    [
        pytest.param(
            "catalog/queries/planted.py",
            "import billing.models",
            "Apps point one way",
            id="a lower app imports a higher one",
        ),
        pytest.param(
            "config/shared/planted.py",
            "import catalog.models",
            "Apps point one way",
            id="config.shared imports an app",
        ),
        pytest.param(
            "provisioning/queries/planted.py",
            "import billing.models",
            "Apps point one way",
            id="an app imports its neighbour",
        ),
        pytest.param(
            "billing/models/planted.py",
            "import billing.operations",
            "Inside an app",
            id="models import operations",
        ),
        pytest.param(
            "billing/kernel/planted.py",
            "import django.db",
            "The kernel is pure",
            id="a kernel imports Django",
        ),
        pytest.param(
            "catalog/kernel/planted.py",
            "import catalog.models",
            "The catalogue's kernel is pure",
            id="the catalogue's kernel imports models",
        ),
        pytest.param(
            "pricing/kernel/planted.py",
            "import billing.kernel",
            "Apps point one way",
            id="the pricing kernel imports the billing kernel",
        ),
    ],
)
def test_a_planted_wrong_import_breaks_its_contract(
    copy: Path, cache: Path, place: str, statement: str, contract: str
) -> None:
    (copy / place).write_text(f'"""Planted."""\n\n{statement}\n')

    said = lint_imports(copy, cache)

    assert said.returncode != 0
    assert f"{contract} BROKEN" in said.stdout
