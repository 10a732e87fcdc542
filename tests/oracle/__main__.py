"""All property tests, seed by seed: `make properties ARGS="--seeds 0:100"`.

Every seed tries 200 examples of each property, so the default hundred seeds try 20,000. What was
stopped goes on with the seeds that are left; `ARGS="--seeds 0:100 tests/oracle/test_rates.py"`
tries a part only. Ends at the first seed that finds a fault, and says
how to see it again; otherwise counts how often which basis, tier rule and currency was tried.
"""

import argparse
import os
import sys
import time
from collections.abc import Sequence
from contextlib import redirect_stdout
from io import StringIO

import pytest

from tests.oracle.tally import TRIED

PLACES = ["tests/oracle", "tests/pricing/kernel", "tests/billing/kernel"]
EXAMPLES = 200


class Passed:
    """Counts the properties that held."""

    def __init__(self) -> None:
        self.count = 0

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Count a property that held."""
        self.count += report.when == "call" and report.passed


def try_seed(seed: int, places: Sequence[str]) -> tuple[int, str]:
    """Try all properties with one seed; return how many held, and what was said of the others."""
    passed, said = Passed(), StringIO()
    options = ["-q", "-m", "hypothesis", "-p", "no:cacheprovider", "-n", "0", "--no-header"]
    options += ["--hypothesis-profile=seeded", f"--hypothesis-seed={seed}"]
    with redirect_stdout(said):
        code = pytest.main([*options, *places], plugins=[passed])
    return passed.count, "" if code == pytest.ExitCode.OK else said.getvalue()


def seed_range(text: str) -> range:
    """Return the seeds of "0:100", or of "7" alone."""
    first, between, end = text.partition(":")
    try:
        return range(int(first), int(end) if between else int(first) + 1)
    except ValueError:
        raise argparse.ArgumentTypeError("write 0:100, or 7") from None


def main(arguments: Sequence[str] | None = None) -> int:
    """Try the seeds asked for."""
    parser = argparse.ArgumentParser(prog="make properties", description=__doc__)
    parser.add_argument("--seeds", type=seed_range, default=range(100), metavar="FROM:TO")
    parser.add_argument("places", nargs="*", default=PLACES, help="files or folders of tests")
    asked = parser.parse_args(arguments)
    seeds = asked.seeds
    os.environ["RATEBOOK_SEEDED"] = "yes"
    began, held = time.monotonic(), 0
    for place, seed in enumerate(seeds, start=1):
        count, faults = try_seed(seed, asked.places)
        held += count
        if faults:
            print(f"{faults}\nSeed {seed}: see it again with --seeds {seed}", file=sys.stderr)
            return 1
        seconds = time.monotonic() - began
        print(
            f"seed {seed}: {count} properties held, {place} of {len(seeds)} seeds, {seconds:.0f} s",
            flush=True,
        )
    print(f"{held:,} times {EXAMPLES} examples tried, no fault found.")
    for fact, times in sorted(TRIED.items()):
        print(f"{times:12,}  {fact}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
