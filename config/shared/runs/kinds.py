"""What a kind of run is: a subclass of `RunKind`, named in `settings.RUN_KINDS`."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.utils.module_loading import import_string

from config.shared.runs.counts import Counts

if TYPE_CHECKING:
    from config.shared.models import Run
    from config.shared.runs.forms import KindForm


class RunError(Exception):
    """A run cannot be made or steered as asked; the message says why, for the user."""


class UnknownRunKind(RunError):
    """No run kind of this installation has the slug."""


@dataclass(frozen=True, slots=True)
class Step:
    """A step that every item of a run goes through, in the order of `RunKind.steps`."""

    code: str
    label: str


class RunKind:
    """One kind of run: which items it takes, and what it does to a slice of them.

    The engine calls `keys` once a pass and cuts them into chunks; then, for each chunk, in one
    transaction: `lock`, `work`. If `work` raises one of `refusals` or the database refuses
    the data, it is rolled back and called again with halves of the keys, down to the item at
    fault, which is parked. So `work` keeps nothing in memory between calls, makes no network
    call, and may be called for keys it has worked on before.
    """

    slug: ClassVar[str]
    name: ClassVar[str]
    steps: ClassVar[tuple[Step, ...]]
    """At least one. A run may stop after any but the last."""
    default_definition: ClassVar[tuple[str, str]]
    """Code and name of the definition that a new installation starts with."""
    permission: ClassVar[str] = "shared.add_run"
    """Who may start and steer runs of the kind."""
    items: ClassVar[str] = "accounts"
    """What the keys are, in the plural, for the pages."""
    binding_step: ClassVar[str] = ""
    """From this step on, done work can only be reversed, no longer discarded; "" is never."""
    refusals: ClassVar[tuple[type[Exception], ...]] = ()
    """Errors that mean this item cannot be done, beside ValueError and ArithmeticError."""
    definition_form: ClassVar["type[KindForm] | None"] = None
    run_form: ClassVar["type[KindForm] | None"] = None

    def check(self, run: "Run") -> None:
        """Refuse a run that is about to be created by raising `RunError` with a message."""

    def before_start(self, run: "Run") -> None:
        """Prepare a pass, just before the keys are identified (ANALYZE, say)."""

    def keys(self, run: "Run") -> Iterable[int]:
        """Return the primary keys of the items to work on; parked ones may be among them."""
        raise NotImplementedError

    def lock(self, keys: Sequence[int]) -> None:
        """Lock the rows that the work depends on, in key order; held until the chunk commits."""
        raise NotImplementedError

    def work(self, run: "Run", keys: Sequence[int], *, stop_after: str, now: datetime) -> Counts:
        """Do all steps up to `stop_after` ("" is all) for `keys`; return what was done, counted.

        Called within a savepoint whose deferred constraints are checked when it returns.
        Numbers from a series are taken last. See `AtStep` for naming the step of a failure.
        """
        raise NotImplementedError

    def labels(self, keys: Sequence[int]) -> Mapping[int, str]:
        """Return the readable numbers of items."""
        raise NotImplementedError

    def discard(self, run: "Run", keys: Sequence[int]) -> None:
        """Take back what `work` did for `keys`; called under `lock`, perhaps twice for a key."""

    def on_finished(self, run: "Run") -> None:
        """Do what a finished run calls for, in the transaction that finishes it."""

    def step_label(self, code: str) -> str:
        """Return the label of a step, or the code itself if it is none of the kind's."""
        return next((step.label for step in self.steps if step.code == code), code)

    def step_codes(self) -> list[str]:
        """Return the codes of the steps in order."""
        return [step.code for step in self.steps]


class AtStep(AbstractContextManager[None]):
    """Name the step in which an error within happened: the parked item will show it."""

    def __init__(self, code: str) -> None:
        self.code = code

    def __exit__(self, kind: object, error: BaseException | None, traceback: object) -> None:
        """Note the step on the error, unless one further in did, and let it pass."""
        if error is not None:
            vars(error).setdefault("run_step", self.code)


def step_of(error: BaseException) -> str:
    """Return the step that `AtStep` named for an error, or ""."""
    return str(getattr(error, "run_step", ""))


@cache
def _load(paths: tuple[str, ...]) -> dict[str, RunKind]:
    kinds: list[RunKind] = [import_string(path)() for path in paths]
    return {kind.slug: kind for kind in kinds}


def load_kinds() -> dict[str, RunKind]:
    """Return the run kinds of `settings.RUN_KINDS` by slug, in the order listed."""
    return _load(tuple(settings.RUN_KINDS))


def kind_of(run: "Run | Any") -> RunKind:
    """Return the kind of a run or definition.

    Raises UnknownRunKind.
    """
    try:
        return load_kinds()[run.kind]
    except KeyError:
        raise UnknownRunKind(f"This installation has no run kind “{run.kind}”.") from None
