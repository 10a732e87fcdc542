"""A run kind for tests: it marks notes, and refuses those whose text says so."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from config.shared.models import Note, NumberSeries, Run
from config.shared.operations.numbers import take_numbers
from config.shared.runs.counts import Counts
from config.shared.runs.kinds import AtStep, RunError, RunKind, Step


class NotWanted(Exception):
    """A note that the kind refuses."""


class MarkNotes(RunKind):
    """Two steps: "mark" puts [marked] behind the text; "number" replaces it by a number.

    A note "refuse" is refused by the kind, "value" by a ValueError, "constraint" by the database
    at the end of the work (a series code twice), "bug" by an error that nobody foresaw.
    """

    slug = "mark-notes"
    name = "Mark notes"
    steps = (Step("mark", "Marking"), Step("number", "Numbering"))
    default_definition = ("mark-notes", "Mark all notes")
    items = "notes"
    binding_step = "number"
    refusals = (NotWanted,)

    def check(self, run: Run) -> None:
        if run.criteria.get("colour"):
            raise RunError("Notes have no colour.")

    def keys(self, run: Run) -> Iterable[int]:
        notes = Note.objects.exclude(text__contains="#")
        if "notes" in run.criteria:
            notes = notes.filter(pk__in=run.criteria["notes"])
        return notes.order_by("pk").values_list("pk", flat=True)

    def lock(self, keys: Sequence[int]) -> None:
        list(Note.objects.filter(pk__in=keys).order_by("pk").select_for_update(no_key=True))

    def work(self, run: Run, keys: Sequence[int], *, stop_after: str, now: datetime) -> Counts:
        notes = list(Note.objects.filter(pk__in=keys).order_by("pk"))
        with AtStep("mark"):
            for note in notes:
                self._mark(note)
        if stop_after == "mark":
            return {"marked": len(notes)}
        with AtStep("number"):
            numbers = take_numbers("marks", len(notes), issued_on=run.as_of)
            for note, number in zip(notes, numbers, strict=True):
                note.text = note.text.replace("[marked]", "") + f"#{number}"
                note.save(update_fields=["text"])
        amount = sum((Decimal("0.10") for _ in notes), Decimal())
        return {"marked": len(notes), "amount": {"EUR": amount}}

    def _mark(self, note: Note) -> None:
        if note.text.startswith("refuse"):
            raise NotWanted(f"Note {note.pk} is not wanted.")
        if note.text.startswith("value"):
            raise ValueError("Not a value.")
        if note.text.startswith("constraint"):
            NumberSeries.objects.create(code="marks")
        if note.text.startswith("bug"):
            raise AttributeError("Nobody foresaw this.")
        if not note.text.endswith("[marked]"):
            note.text += "[marked]"
            note.save(update_fields=["text"])

    def labels(self, keys: Sequence[int]) -> Mapping[int, str]:
        return {key: f"N-{key}" for key in keys}

    def discard(self, run: Run, keys: Sequence[int]) -> None:
        for note in Note.objects.filter(pk__in=keys, text__endswith="[marked]"):
            note.text = note.text.removesuffix("[marked]")
            note.save(update_fields=["text"])
