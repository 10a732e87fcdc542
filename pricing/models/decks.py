"""Rate decks: what calls cost by the digits they begin with, in versions by day."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.formats import date_format
from simple_history.models import HistoricalRecords

from config.shared.db import rate_field
from pricing.models.tier_plans import CURRENCY_CODE


class RateDeck(models.Model):
    """Prefixes with rates in one currency. What a call costs stands in the version of its day.

    `minimum_seconds` is what a row without a minimum takes where the voice plan names none.
    `used_at` is that of the first version in use; from then on currency, minimum and time bands
    stay as they are.
    """

    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=120)
    currency = models.CharField(max_length=3, help_text="ISO 4217 code.")
    minimum_seconds = models.PositiveIntegerField(
        default=0, help_text="Billed at least, where neither the row nor the voice plan says more."
    )
    used_at = models.DateTimeField(null=True, blank=True, editable=False)
    description = models.TextField(blank=True)

    history = HistoricalRecords()

    class Meta:
        constraints = [models.CheckConstraint(name="rate_deck_currency", condition=CURRENCY_CODE)]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("pricing:deck_detail", args=[self.code])


class DeckTimeBand(models.Model):
    """Hours of the week in which rows of a deck may have other rates. Monday is 0."""

    deck = models.ForeignKey(RateDeck, models.CASCADE, related_name="bands")
    code = models.SlugField(max_length=20)
    weekdays = ArrayField(models.PositiveSmallIntegerField())
    start_minute = models.PositiveSmallIntegerField(
        validators=[MaxValueValidator(1439)], help_text="Minutes after midnight, local time."
    )
    end_minute = models.PositiveSmallIntegerField(
        validators=[MinValueValidator(1), MaxValueValidator(1440)], help_text="1440 is midnight."
    )

    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="deck_band_code", fields=["deck", "code"]),
            models.CheckConstraint(
                name="deck_band_hours",
                condition=Q(start_minute__lt=F("end_minute"), end_minute__lte=1440),
            ),
            models.CheckConstraint(
                name="deck_band_weekdays",
                condition=Q(weekdays__contained_by=[0, 1, 2, 3, 4, 5, 6], weekdays__len__gte=1),
            ),
        ]

    def __str__(self) -> str:
        return self.code


class RateDeckVersion(models.Model):
    """The rows of a deck from a day on, until the day from which the next version holds."""

    deck = models.ForeignKey(RateDeck, models.CASCADE, related_name="versions")
    starts_on = models.DateField()
    row_count = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True, editable=False)

    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="deck_version_day", fields=["deck", "starts_on"])
        ]

    def __str__(self) -> str:
        return f"from {date_format(self.starts_on)}"

    def get_absolute_url(self) -> str:
        return reverse("pricing:deck_version", args=[self.deck.code, self.pk])


class RateDeckRow(models.Model):
    """What calls to a prefix cost. `rate` is per minute, `connect_fee` per call, both in major
    units of the deck's currency. `band_rates` is code of a time band → rate, as text.

    Rows come and go with their version, a few hundred thousand at once, so its key is not
    checked row by row; no history is kept of what never changes.
    """

    version = models.ForeignKey(
        RateDeckVersion, models.CASCADE, related_name="rows", db_constraint=False, db_index=False
    )
    prefix = models.CharField(max_length=18, db_collation="C")
    description = models.CharField(max_length=120, blank=True)
    rate = rate_field()
    minimum_seconds = models.PositiveIntegerField(default=0)
    increment_seconds = models.PositiveIntegerField(default=1)
    connect_fee = rate_field(default=0)
    band_rates = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="deck_row_prefix", fields=["version", "prefix"]),
            models.CheckConstraint(
                name="deck_row_figures",
                condition=Q(prefix__regex=r"^[0-9]+$")
                & Q(rate__gte=0, connect_fee__gte=0, increment_seconds__gte=1),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.prefix} {self.description}".strip()


class DeckFormat(models.TextChoices):
    """How a file writes rates."""

    OWN = "OWN", "Ratebook: rates in the deck's currency"
    BILLMAX = "BILLMAX", "BillMax: rates in cents"


class DeckImportMode(models.TextChoices):
    ALL_OR_NOTHING = "ALL", "All rows or none"
    GOOD_ROWS = "GOOD", "Only the good rows"


class RateDeckImport(models.Model):
    """A file of rows that was read into a version, or refused; its rejected rows are kept."""

    deck = models.ForeignKey(RateDeck, models.CASCADE, related_name="imports")
    version = models.ForeignKey(
        RateDeckVersion, models.SET_NULL, null=True, blank=True, related_name="imports"
    )
    starts_on = models.DateField()
    file_name = models.CharField(max_length=120)
    file_format = models.CharField(max_length=7, choices=DeckFormat)
    mode = models.CharField(max_length=4, choices=DeckImportMode)
    head = ArrayField(models.CharField(max_length=200))
    row_count = models.PositiveIntegerField(default=0)
    rejected_count = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    def __str__(self) -> str:
        return self.file_name


class RejectedDeckRow(models.Model):
    """A row of a file that was not taken: its cells as they were read, and why."""

    deck_import = models.ForeignKey(RateDeckImport, models.CASCADE, related_name="rejects")
    line = models.PositiveIntegerField(help_text="In the file; the head is line 1.")
    values = ArrayField(models.TextField())
    reasons = ArrayField(models.TextField())

    def __str__(self) -> str:
        return f"line {self.line}"
