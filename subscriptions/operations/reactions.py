"""What upper apps do when a subscription changes: handlers named in settings."""

from collections.abc import Sequence
from functools import cache

from django.conf import settings
from django.utils.module_loading import import_string

from subscriptions.operations.requests import PerformedAction, PlannedAction, PreviewLine


class ActionHandler:
    """Base of the classes in settings.SUBSCRIPTION_ACTION_HANDLERS, called in the order listed."""

    def check(self, planned: PlannedAction) -> None:
        """Refuse the act by raising ActionRefused (credit limit, stock, …); writes nothing."""

    def preview(self, planned: PlannedAction) -> Sequence[PreviewLine]:
        """Return what the act will cost, ask of providers or move in stock; writes nothing."""
        return ()

    def apply(self, performed: PerformedAction) -> None:
        """Write what follows from the act, in its transaction; makes no network call."""


@cache
def _load(paths: tuple[str, ...]) -> tuple[ActionHandler, ...]:
    return tuple(import_string(path)() for path in paths)


def action_handlers() -> tuple[ActionHandler, ...]:
    """Return an instance of each handler class in settings.SUBSCRIPTION_ACTION_HANDLERS."""
    return _load(tuple(settings.SUBSCRIPTION_ACTION_HANDLERS))
