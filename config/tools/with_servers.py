"""Runs a command with the embedded servers of the tests up, and stops them afterwards.

`python -m config.tools.with_servers [--durable] COMMAND ...`: the servers trade safety for speed
unless --durable is given. A server that DATABASE_URL or REDIS_URL names is used as it is.
"""

import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import environ

from config.embedded import locks, supervisor
from config.embedded.errors import EmbeddedError, InUse
from config.embedded.paths import places

PROJECT = Path(__file__).resolve().parents[2]


def main() -> int:
    """Return the command's exit code."""
    command = sys.argv[1:]
    durable = command[:1] == ["--durable"]
    command = command[durable:]
    environ.Env.read_env(PROJECT / ".env")
    os.environ.setdefault("RATEBOOK_DATA", str(PROJECT / ".data" / "test"))
    wanted = {
        "postgres": not os.environ.get("DATABASE_URL"),
        "valkey": not os.environ.get("REDIS_URL"),
    }
    data_dir = Path(os.environ["RATEBOOK_DATA"])
    if not any(wanted.values()):
        return subprocess.run(command).returncode
    data = places(data_dir).data
    try:
        locks.hold(data)
        supervisor.start(data_dir, **wanted, durable=durable)
        signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))
        return subprocess.run(command).returncode
    except EmbeddedError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    finally:
        locks.release(data)
        with suppress(InUse):  # another test run goes on
            supervisor.stop(data_dir)


if __name__ == "__main__":
    sys.exit(main())
