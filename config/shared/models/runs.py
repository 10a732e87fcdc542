"""The run engine's rows: definition, run, chunks, parked items, schedule. See README, "Runs"."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from config.shared.addresses import address_of


class DefinitionState(models.TextChoices):
    ACTIVE = "ACTIVE", "Active"
    INACTIVE = "INACTIVE", "Inactive"


class RunState(models.TextChoices):
    """DRAFT → RUNNING → COMPLETED, or STOPPED after a step for review; see operations/runs.py.

    RUNNING ⇄ PAUSED. DISCARDING undoes what was done and ends DISCARDED. CANCELLED keeps it.
    """

    DRAFT = "DRAFT", "Draft"
    RUNNING = "RUNNING", "Running"
    PAUSED = "PAUSED", "Paused"
    STOPPED = "STOPPED", "Stopped for review"
    COMPLETED = "COMPLETED", "Completed"
    COMPLETED_WITH_ERRORS = "COMPLETED_WITH_ERRORS", "Completed with errors"
    DISCARDING = "DISCARDING", "Discarding"
    DISCARDED = "DISCARDED", "Discarded"
    CANCELLED = "CANCELLED", "Cancelled"
    FAILED = "FAILED", "Failed"


# States in which a run still may write: two such BATCH runs of one definition and day are refused.
LIVE_STATES = (
    RunState.DRAFT,
    RunState.RUNNING,
    RunState.PAUSED,
    RunState.STOPPED,
    RunState.DISCARDING,
)


class RunScope(models.TextChoices):
    BATCH = "BATCH", "Batch"
    INDIVIDUAL = "INDIVIDUAL", "Individual"


class ChunkState(models.TextChoices):
    """UNDONE: given up by a cancelled run, or its work taken back by a discarded one."""

    PENDING = "PENDING", "Pending"
    DONE = "DONE", "Done"
    UNDONE = "UNDONE", "Undone"


class RunDefinition(models.Model):
    """A kind of run with its criteria and defaults; only active definitions make runs."""

    code = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=60, help_text="Slug of a run kind named in RUN_KINDS.")
    state = models.CharField(max_length=8, choices=DefinitionState, default=DefinitionState.ACTIVE)
    criteria = models.JSONField(default=dict, blank=True, help_text="Which items the run takes.")
    defaults = models.JSONField(default=dict, blank=True, help_text="Settings of the kind.")
    description = models.TextField(blank=True)
    history = HistoricalRecords()

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Return the address of the definition's page."""
        return address_of("runs:definition", self.code)


class Run(models.Model):
    """One execution of a definition for a business day, cut into chunks that workers claim."""

    number = models.CharField(max_length=20, unique=True)
    definition = models.ForeignKey(RunDefinition, models.PROTECT, related_name="runs")
    kind = models.CharField(max_length=60)
    scope = models.CharField(max_length=10, choices=RunScope, default=RunScope.BATCH)
    as_of = models.DateField(help_text="The business day up to which the run works.")
    criteria = models.JSONField(default=dict, blank=True)
    parameters = models.JSONField(default=dict, blank=True)
    stop_after = models.CharField(max_length=30, blank=True, help_text="Step to stop after.")
    step_reached = models.CharField(max_length=30, blank=True)
    state = models.CharField(max_length=24, choices=RunState, default=RunState.DRAFT)
    counts = models.JSONField(default=dict, blank=True, help_text="Sums over the done chunks.")
    failure = models.TextField(blank=True)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="run_one_live_batch",
                fields=["definition", "as_of"],
                condition=Q(scope=RunScope.BATCH, state__in=LIVE_STATES),
            )
        ]
        indexes = [models.Index(fields=["kind", "-id"], name="run_kind_newest")]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        """Return the address of the run's page."""
        return address_of("runs:run", self.number)


class RunChunk(models.Model):
    """A slice of a run's keys. Its row lock, held by the working transaction, is the lease."""

    run = models.ForeignKey(Run, models.CASCADE, related_name="chunks")
    pass_number = models.PositiveSmallIntegerField(
        default=1, help_text="1 for the first go, 2 for the first resume, …"
    )
    position = models.PositiveIntegerField()
    keys = ArrayField(models.BigIntegerField())
    state = models.CharField(max_length=8, choices=ChunkState, default=ChunkState.PENDING)
    counts = models.JSONField(default=dict, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    seconds = models.FloatField(null=True, blank=True)
    worker = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="run_chunk_position", fields=["run", "pass_number", "position"]
            )
        ]
        indexes = [
            models.Index(
                fields=["run", "position"], name="run_chunk_pending", condition=Q(state="PENDING")
            )
        ]

    def __str__(self) -> str:
        return f"{self.run_id}/{self.position}"


class ParkedItem(models.Model):
    """An item (by key, an account's in most kinds) that a run could not do, with the reason.

    While unreleased, runs of the same kind skip the key.
    """

    run = models.ForeignKey(Run, models.PROTECT, related_name="parked")
    kind = models.CharField(max_length=60)
    key = models.BigIntegerField()
    label = models.CharField(max_length=120, help_text="The item's readable number.")
    step = models.CharField(max_length=30, blank=True)
    reason = models.TextField()
    parked_at = models.DateTimeField()
    released_at = models.DateTimeField(null=True, blank=True)
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="parked_once", fields=["kind", "key"], condition=Q(released_at=None)
            )
        ]

    def __str__(self) -> str:
        return f"{self.label}: {self.reason[:60]}"


class Schedule(models.Model):
    """When a definition runs by itself: daily at a time, or every so many minutes.

    Due rows are claimed by the beat tick with a row lock, so two beats do no harm.
    """

    definition = models.OneToOneField(RunDefinition, models.CASCADE, related_name="schedule")
    active = models.BooleanField(default=True)
    daily_at = models.TimeField(null=True, blank=True, help_text="In the operator's time zone.")
    every_minutes = models.PositiveIntegerField(null=True, blank=True)
    next_at = models.DateTimeField(null=True, blank=True)
    last_run = models.ForeignKey(
        Run, models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="schedule_daily_or_every",
                condition=Q(daily_at=None) ^ Q(every_minutes=None),
                violation_error_message="Give either a time of day or an interval.",
            )
        ]

    def __str__(self) -> str:
        if self.daily_at:
            return f"daily at {self.daily_at:%H:%M}"
        return f"every {self.every_minutes} minutes"
