"""`manage.py simulator`: serve the simulated head-end."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from provisioning.providers.simulator.server import HeadEndServer
from provisioning.providers.simulator.state import HeadEnd


class Command(BaseCommand):
    help = "Serve a simulated head-end over HTTP, until stopped."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8010)
        parser.add_argument("--journal", type=Path, help="File that keeps its state.")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["journal"] is not None:
            options["journal"].parent.mkdir(parents=True, exist_ok=True)
        head_end = HeadEnd(journal=options["journal"])
        with HeadEndServer((options["host"], options["port"]), head_end) as server:
            self.stdout.write(f"Head-end on http://{options['host']}:{server.server_port}/")
            try:
                server.serve_forever()
            except KeyboardInterrupt:
                self.stdout.write("Head-end stopped.")
