"""`python -m tests.benchmarks [--accounts N] [names]`: print tables and write bench.json."""

import argparse
import json
import os
import platform
from pathlib import Path

import django
from django.db import connection
from django.utils.module_loading import import_string

BENCHMARKS = {
    "import_products": "tests.benchmarks.import_products.import_products",
    "normal_run": "tests.benchmarks.normal_run.normal_run",
    "catalogue_pages": "tests.benchmarks.catalogue_pages.catalogue_pages",
    "kernel": "tests.benchmarks.kernel.kernel",
    "decks": "tests.benchmarks.decks.decks",
}
RESULTS = Path(__file__).resolve().parents[2] / "bench.json"


def main() -> None:
    """Run the benchmarks named, or all."""
    parser = argparse.ArgumentParser(prog="tests.benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="name", help=", ".join(BENCHMARKS))
    parser.add_argument("--accounts", type=int, default=10_000, help="in the run (%(default)s)")
    options = parser.parse_args()
    unknown = set(options.names) - BENCHMARKS.keys()
    if unknown:
        parser.error(f"there is no benchmark {', '.join(sorted(unknown))}")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('server_version'), current_setting('fsync'),"
            " current_setting('synchronous_commit')"
        )
        version, fsync, commit = cursor.fetchone()
    print(
        f"PostgreSQL {version} (fsync {fsync}, synchronous_commit {commit}), "
        f"Python {platform.python_version()}, {os.cpu_count()} cores"
    )
    figures = {
        name: import_string(BENCHMARKS[name])(options.accounts)
        for name in options.names or BENCHMARKS
    }
    about = {
        "postgresql": version,
        "fsync": fsync,
        "synchronous_commit": commit,
        "python": platform.python_version(),
        "cores": os.cpu_count(),
    }
    RESULTS.write_text(json.dumps({"machine": about, **figures}, indent=2) + "\n")
    print(f"\nWritten to {RESULTS.name}.")


if __name__ == "__main__":
    main()
