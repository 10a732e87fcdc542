"""`manage.py set_up`: what an installation needs beside its tables, as often as wanted."""

from typing import Any

from django.core.management.base import BaseCommand

from config.shared.operations.runs import ensure_definitions
from config.shared.roles import sync_roles


class Command(BaseCommand):
    """Make the role groups, and a definition of every kind of run that has none."""

    help = "Make the role groups, and a definition of every kind of run that has none."

    def handle(self, *args: Any, **options: Any) -> None:
        """Say what there is now."""
        self.stdout.write(f"Role groups: {', '.join(sync_roles())}.")
        made = ", ".join(str(definition) for definition in ensure_definitions())
        self.stdout.write(f"Run definitions made: {made or 'none, each kind has one'}.")
