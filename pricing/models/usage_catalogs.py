"""Usage service catalogues, and the usage plan of a termed product."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, DateTimeRangeField
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from simple_history.models import HistoricalRecords

from config.shared.db import days, rate_field
from pricing.models.tier_plans import CURRENCY_CODE


def always() -> object:
    """Return the range of all days."""
    return days(None, None)


class UsageCatalog(models.Model):
    """Usage services with their rates, in one currency.

    From `used_at` on a trigger refuses every change of its rows but rows for products that are
    not in it yet.
    """

    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=120)
    currency = models.CharField(max_length=3, help_text="ISO 4217 code.")
    validity = DateRangeField(null=True, blank=True, help_text="Always, where empty.")
    used_at = models.DateTimeField(null=True, blank=True, editable=False)
    description = models.TextField(blank=True)

    history = HistoricalRecords()

    class Meta:
        verbose_name = "usage catalogue"
        constraints = [
            models.CheckConstraint(name="usage_catalog_currency", condition=CURRENCY_CODE)
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("pricing:catalog_detail", args=[self.code])


class UsageCatalogRow(models.Model):
    """The rate of a usage service per unit, on the days of `validity`.

    `event` is when it can be taken, such as the airing of a film. Pre-rated usage comes with its
    amount; the rate is not asked then.
    """

    catalog = models.ForeignKey(UsageCatalog, models.CASCADE, related_name="rows")
    product = models.ForeignKey("catalog.Product", models.PROTECT, related_name="usage_rates")
    rate = rate_field(validators=[MinValueValidator(0)])
    validity = DateRangeField(default=always)
    event = DateTimeRangeField(null=True, blank=True)
    provisioning_id = models.CharField(max_length=60, blank=True)
    pre_rated = models.BooleanField(default=False)

    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="usage_row_figures",
                condition=Q(rate__gte=0, validity__isempty=False)
                & (Q(event=None) | Q(event__isempty=False)),
            ),
            ExclusionConstraint(
                name="usage_row_no_overlap",
                expressions=[("catalog", "="), ("product", "="), ("validity", "&&")],
                violation_error_message="The product has a rate on some of these days already.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.catalog_id}: {self.product}"


class ProductUsagePlan(models.Model):
    """How usage of a termed product is billed in addition to its price: one plan, of one kind."""

    product = models.OneToOneField("catalog.Product", models.CASCADE, related_name="usage_plan")
    tier_plan = models.ForeignKey(
        "pricing.TierPlan", models.PROTECT, null=True, blank=True, related_name="product_plans"
    )
    voice_plan = models.ForeignKey(
        "pricing.VoicePlan", models.PROTECT, null=True, blank=True, related_name="product_plans"
    )

    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="product_usage_plan_one",
                condition=Q(tier_plan=None, voice_plan__isnull=False)
                | Q(tier_plan__isnull=False, voice_plan=None),
                violation_error_message="Choose a tier plan or a voice plan.",
            ),
        ]

    def __str__(self) -> str:
        return str(self.tier_plan or self.voice_plan)
