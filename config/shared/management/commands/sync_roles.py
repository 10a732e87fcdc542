"""`manage.py sync_roles`: bring the role groups in line with config.shared.roles."""

from typing import Any

from django.core.management.base import BaseCommand

from config.shared.roles import sync_roles


class Command(BaseCommand):
    """Create the six role groups, or correct what they may do."""

    help = "Create the six role groups, or correct what they may do."

    def handle(self, *args: Any, **options: Any) -> None:
        """Say how many permissions each role has."""
        for role, count in sync_roles().items():
            self.stdout.write(f"{role}: {count} permissions")
