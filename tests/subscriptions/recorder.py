"""An action handler for tests: notes down how it was called."""

from subscriptions.operations.reactions import ActionHandler
from subscriptions.operations.refusals import ActionRefused
from subscriptions.operations.requests import PerformedAction, PlannedAction, PreviewLine

SEEN: list[str] = []


class Recorder(ActionHandler):
    """Keeps in `SEEN` what it was asked, and of applied changes how their services are numbered."""

    def check(self, planned: PlannedAction) -> None:
        SEEN.append("check")

    def preview(self, planned: PlannedAction) -> list[PreviewLine]:
        SEEN.append("preview")
        return [PreviewLine(f"Recorded: {change.product}.") for change in planned.changes]

    def apply(self, performed: PerformedAction) -> None:
        SEEN.extend(f"apply {change.service.number[0]}" for change in performed.changes)


class RefuseByName(ActionHandler):
    """Refuses every act on a product that is called "Refused"."""

    def check(self, planned: PlannedAction) -> None:
        if any(change.product.name == "Refused" for change in planned.changes):
            raise ActionRefused("Refused is refused.")
