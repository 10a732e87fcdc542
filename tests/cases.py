"""The acceptance cases and the tests that cover them: `make cases`.

`tests/cases.csv` holds every case (id, what it says, its figures). A test covers one by
`@pytest.mark.case("<system>:<id>")`; it goes through a public operation or kernel call and compares
with the case's figure. `tests/cases_covered.txt` lists the ids that have a test, so that the gate
(tests/gate/test_cases.py) sees when one is lost. `make cases ARGS=--keep` rewrites that list.
"""

import csv
import sys
from collections import defaultdict
from pathlib import Path

import pytest

HERE = Path(__file__).parent
CASES = HERE / "cases.csv"
COVERED = HERE / "cases_covered.txt"


class Collector:
    """A pytest plugin that notes which test carries which case, whether it is then run or not."""

    name = "cases"

    def __init__(self) -> None:
        self.tests: dict[str, list[str]] = defaultdict(list)
        self._files: set[Path] = set()

    @property
    def has_whole_suite(self) -> bool:
        """Say whether tests were collected from every file that has some."""
        return self._files.issuperset(HERE.rglob("test_*.py"))

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        for item in items:
            self._files.add(item.path)
            for mark in item.iter_markers("case"):
                for case_id in mark.args:
                    self.tests[case_id].append(item.nodeid)


def read_cases() -> dict[str, dict[str, str]]:
    """Return the cases by id, in their order."""
    with CASES.open(newline="") as file:
        return {row["id"]: row for row in csv.DictReader(file)}


def read_covered() -> set[str]:
    """Return the ids that are known to have a test."""
    return set(COVERED.read_text().split())


def collect_tests() -> dict[str, list[str]]:
    """Return the ids of the tests by the case they carry, by collecting the whole suite."""
    collector = Collector()
    status = pytest.main(
        ["--collect-only", "-p", "no:cacheprovider", "-p", "no:terminal", str(HERE)],
        plugins=[collector],
    )
    if status != pytest.ExitCode.OK:
        raise SystemExit(f"The tests could not be collected (pytest said {status}).")
    return dict(collector.tests)


def main() -> None:
    """Print every case with its tests; with --keep, write down which ones are covered."""
    cases, tests = read_cases(), collect_tests()
    for case_id, case in cases.items():
        print(f"{case_id}  {case['says']}")
        print(f"    figures: {case['figures'] or '(none)'}")
        print(f"    test:    {', '.join(sorted(set(tests.get(case_id, [])))) or '–'}")
    covered = [case_id for case_id in cases if case_id in tests]
    print(f"{len(covered)} of {len(cases)} cases have a test.")
    if "--keep" in sys.argv:
        COVERED.write_text("\n".join(covered) + "\n")


if __name__ == "__main__":
    main()
