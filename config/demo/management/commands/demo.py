"""`manage.py demo`: load the demo once, run its first runs through Celery, and serve it."""

import json
import time
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError

from config.demo.first_runs import DemoStuck, run_first_runs, wait_for_delivery
from config.demo.people import PASSWORD, SIGN_INS, SUPERUSER
from config.demo.summary import summarise
from config.embedded.processes import (
    Member,
    ProcessFailed,
    ProcessGroup,
    beat,
    is_free,
    simulator,
    web,
    worker,
)
from config.embedded.supervisor import hold_if_embedded
from config.shared.connections import ask_broker, find_unreachable

HOST = "127.0.0.1"


class Command(BaseCommand):
    help = "Load the demo if need be, bill and deactivate through Celery, then serve."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--accounts", type=int, default=2000, help="Generated accounts.")
        parser.add_argument("--seed", type=int, default=1, help="Same seed, same histories.")
        parser.add_argument("--port", type=int, default=8000, help="Of the web server.")
        parser.add_argument(
            "--head-end-port", type=int, default=8010, help="Of the simulated head-end."
        )
        parser.add_argument("--no-serve", action="store_true", help="Do all but serve.")

    def handle(self, *args: Any, **options: Any) -> None:
        began = time.monotonic()
        hold_if_embedded()
        serve = not options["no_serve"]
        for option in ("head_end_port", *(["port"] if serve else [])):
            if not is_free(host=HOST, port=options[option]):
                raise CommandError(
                    f"Port {options[option]} on {HOST} is taken; is the demo running already? "
                    f'Another port: make demo ARGS="--{option.replace("_", "-")} …"'
                )
        try:
            ask_broker()
        except (RedisConnectionError, RedisTimeoutError) as error:
            problem = find_unreachable(error)
            raise CommandError(problem.with_reason() if problem else str(error)) from error
        call_command(
            "load_demo",
            accounts=options["accounts"],
            seed=options["seed"],
            head_end=f"http://{HOST}:{options['head_end_port']}",
            stdout=self.stdout,
        )
        try:
            with ProcessGroup(self._members(options), logs=settings.DATA_DIR / "logs") as group:
                run_first_runs(progress=self._say, check=group.check)
                wait_for_delivery(progress=self._say, check=group.check)
                self._say_how_to_sign_in(options)
                seconds = round(time.monotonic() - began, 1)
                self.stdout.write(json.dumps({**summarise(), "seconds": seconds}))
                self.stdout.flush()
                if serve:
                    group.serve()
        except (ProcessFailed, DemoStuck) as failure:
            raise CommandError(str(failure)) from failure

    def _members(self, options: dict[str, Any]) -> list[Member]:
        members = [
            simulator(
                host=HOST,
                port=options["head_end_port"],
                journal=settings.DATA_DIR / "head-end" / "journal",
            ),
            worker(processes=settings.RUN_WORKERS),
            beat(schedule=settings.DATA_DIR / "beat-schedule"),
        ]
        if not options["no_serve"]:
            members.append(web(host=HOST, port=options["port"]))
        return members

    def _say(self, text: str) -> None:
        self.stdout.write(f"  {text}")
        self.stdout.flush()

    def _say_how_to_sign_in(self, options: dict[str, Any]) -> None:
        if not options["no_serve"]:
            self.stdout.write(f"\nRatebook: http://{HOST}:{options['port']}/")
            self.stdout.write(f"Head-end: http://{HOST}:{options['head_end_port']}/ (simulated)")
        self.stdout.write(f"\nSign-ins, all with the password {PASSWORD}")
        for username, role in (*SIGN_INS.items(), (SUPERUSER, "Superuser, Django admin")):
            self.stdout.write(f"  {username:<14}{role}")
        self.stdout.write("")
