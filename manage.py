#!/usr/bin/env python
"""Django's command line, and the one entry for every Ratebook command."""

import os
import sys


def main() -> None:
    """Run a command; a server out of reach becomes one line that names the setting."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from django.core.management import execute_from_command_line
    from django.db import OperationalError
    from kombu.exceptions import OperationalError as BrokerError
    from redis.exceptions import ConnectionError as RedisConnectionError

    from config.shared.connections import find_unreachable

    try:
        execute_from_command_line(sys.argv)
    except (OperationalError, BrokerError, RedisConnectionError) as error:
        problem = find_unreachable(error)
        if problem is None:
            raise
        sys.exit(problem.with_reason())


if __name__ == "__main__":
    main()
