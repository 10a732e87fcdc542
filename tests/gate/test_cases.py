"""The acceptance cases keep their tests."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cases import Collector, read_cases, read_covered

ROOT = Path(__file__).parents[2]
CHECKS = ("Assert(", "raises", "expect")


def test_every_covered_case_still_has_a_test(pytestconfig: pytest.Config) -> None:
    collector = pytestconfig.pluginmanager.get_plugin(Collector.name)
    assert isinstance(collector, Collector)
    now = set(collector.tests) if collector.has_whole_suite else cases_listed_with_a_test()

    lost = read_covered() - now
    unlisted = now - read_covered()

    assert not lost, f"these cases lost their test: {sorted(lost)}"
    assert not unlisted, f"run `make cases ARGS=--keep`, new: {sorted(unlisted)}"


def cases_listed_with_a_test() -> set[str]:
    """Return what `make cases` lists with a test."""
    listing = subprocess.run(
        [sys.executable, "-m", "tests.cases"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    found: set[str] = set()
    case_id = ""
    for line in listing.splitlines():
        if line.startswith("    test:") and not line.endswith("–"):
            found.add(case_id)
        elif not line.startswith("    "):
            case_id = line.split("  ")[0]
    return found


def marked_functions() -> list[tuple[str, ast.FunctionDef, list[str]]]:
    found = []
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        tree = ast.parse(path.read_text())
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test"):
                ids = [
                    arg.value
                    for decorator in node.decorator_list
                    for call in ast.walk(decorator)
                    if isinstance(call, ast.Call)
                    and isinstance(call.func, ast.Attribute)
                    and call.func.attr == "case"
                    for arg in call.args
                    if isinstance(arg, ast.Constant)
                ]
                if ids:
                    found.append((str(path.relative_to(ROOT)), node, ids))
    return found


@pytest.mark.parametrize(
    ("path", "function", "ids"), [pytest.param(*row, id=row[1].name) for row in marked_functions()]
)
def test_a_case_is_known_and_its_test_checks_something(
    path: str, function: ast.FunctionDef, ids: list[str]
) -> None:
    known = read_cases()

    assert [case_id for case_id in ids if case_id not in known] == []
    assert any(check in ast.dump(function) for check in CHECKS), f"{path}: {function.name}"
