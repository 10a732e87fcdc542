"""`manage.py load_demo`: Company ZX and a generated operator, through the real operations."""

import time
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config.demo.loading import DemoState, demo_state, load_demo
from config.shared.operations.wake import broker_optional


class Command(BaseCommand):
    help = "Load Company ZX and a generated operator into an empty installation."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--accounts", type=int, default=2000, help="Generated accounts.")
        parser.add_argument("--seed", type=int, default=1, help="Same seed, same histories.")
        parser.add_argument(
            "--head-end", default="http://127.0.0.1:8010", help="Address of the head-end."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.ENVIRONMENT == "production":
            raise CommandError(
                "This installation is a production one (ENVIRONMENT=production): the demo's "
                "people have known passwords. Set ENVIRONMENT=demo to load it."
            )
        if options["accounts"] < 0:
            raise CommandError("--accounts is 0 or more.")
        state = demo_state()
        if state == DemoState.LOADED:
            self.stdout.write("The demo is loaded already.")
            return
        if state == DemoState.INTERRUPTED:
            raise CommandError("An earlier load was interrupted. Start afresh: make demo-reset")
        began = time.monotonic()
        with broker_optional():
            load_demo(
                accounts=options["accounts"],
                seed=options["seed"],
                head_end_url=options["head_end"],
                progress=lambda text: self.stdout.write(f"  {text}"),
            )
        self.stdout.write(f"Loaded in {time.monotonic() - began:.0f} s.")
