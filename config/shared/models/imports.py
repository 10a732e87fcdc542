"""Imports of master data: the file, what became of it, and every row with its reasons."""

from django.conf import settings
from django.db import models
from django.urls import reverse


class ImportState(models.TextChoices):
    UPLOADED = "UPLOADED", "Waiting to be checked"
    CHECKED = "CHECKED", "Checked"
    ORDERED = "ORDERED", "Waiting to be applied"
    APPLIED = "APPLIED", "Applied"
    FAILED = "FAILED", "Failed"
    DISCARDED = "DISCARDED", "Discarded"


class ImportMode(models.TextChoices):
    ALL_OR_NOTHING = "ALL", "All rows or none"
    GOOD_ROWS = "GOOD", "Only the good rows"


class RowOutcome(models.TextChoices):
    NEW = "NEW", "New"
    CHANGED = "CHANGED", "Changed"
    SAME = "SAME", "Same as stored"
    REJECTED = "REJECTED", "Rejected"


class ImportBatch(models.Model):
    """One file of master data. It is checked first, which writes nothing; then applied as a whole
    or in its good rows, in one transaction.

    `kind` is a slug of `IMPORTS`. Counts are of rows. A worker holds the batch's row lock while
    it checks or applies, so a batch that nobody holds is taken up again.
    """

    number = models.CharField(max_length=20, unique=True)
    kind = models.CharField(max_length=40)
    file = models.FileField(max_length=120)
    file_name = models.CharField(max_length=120)
    state = models.CharField(max_length=9, choices=ImportState, default=ImportState.UPLOADED)
    mode = models.CharField(max_length=4, choices=ImportMode, blank=True)
    failure = models.TextField(blank=True)
    row_count = models.PositiveIntegerField(default=0)
    new_count = models.PositiveIntegerField(default=0)
    changed_count = models.PositiveIntegerField(default=0)
    same_count = models.PositiveIntegerField(default=0)
    rejected_count = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    checked_at = models.DateTimeField(null=True, blank=True)
    applied_at = models.DateTimeField(null=True, blank=True)
    applied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    check_seconds = models.FloatField(null=True, blank=True)
    apply_seconds = models.FloatField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "import batches"

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("imports:batch_detail", args=[self.number])


class ImportRow(models.Model):
    """A row of the file as it was read, and what becomes of it.

    `values` is column → text; `changes` is column → [stored, new]; `errors` is column → reasons,
    with "" for what concerns the whole row.
    """

    batch = models.ForeignKey(ImportBatch, models.CASCADE, related_name="rows", db_index=False)
    line = models.PositiveIntegerField(help_text="In the file; the head is line 1.")
    outcome = models.CharField(max_length=8, choices=RowOutcome)
    values = models.JSONField()
    changes = models.JSONField(default=dict)
    errors = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(name="import_row_line", fields=["batch", "line"])]

    def __str__(self) -> str:
        return f"{self.batch_id}: line {self.line}"
