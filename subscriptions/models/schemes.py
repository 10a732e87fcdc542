"""What may be agreed: subscription types and billing term schemes."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from config.shared.addresses import address_of
from config.shared.db import choices_of
from pricing.kernel.periods import Duration, Unit


class SchemeKind(models.TextChoices):
    NORMAL = "NORMAL", "Normal"
    PREPAID = "PREPAID", "Prepaid"


class BillingMethod(models.TextChoices):
    PERIOD = "PERIOD", "Fixed day for all"
    ANNIVERSARY = "ANNIVERSARY", "Day of the first service"
    ASYNCHRONOUS = "ASYNCHRONOUS", "Each service on its own day"


class Frequency(models.TextChoices):
    """How often a subscription is billed; the length of a billing cycle."""

    DAILY = "DAILY", "Daily"
    WEEKLY = "WEEKLY", "Weekly"
    MONTHLY = "MONTHLY", "Monthly"
    QUARTERLY = "QUARTERLY", "Quarterly"
    BIANNUAL = "BIANNUAL", "Every six months"
    ANNUAL = "ANNUAL", "Annual"


class SchemeState(models.TextChoices):
    DRAFT = "DRAFT", "Draft"
    EFFECTIVE = "EFFECTIVE", "Effective"
    TERMINATED = "TERMINATED", "Terminated"


class BillNextTerm(models.TextChoices):
    """Whether the next full cycle is billed together with a prorated first part."""

    NO = "NO", "First part only"
    YES = "YES", "First part and the next full term"


class SchemePricing(models.TextChoices):
    """Whether additive discounts may change what the price plan asks (CRM.COM: pricing option)."""

    FLEXIBLE = "FLEXIBLE", "Flexible price"
    FIXED = "FIXED", "Fixed price"


class BillingTermScheme(models.Model):
    """The billing terms an operator offers; each subscription's terms are made from one."""

    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=7, choices=SchemeKind, default=SchemeKind.NORMAL)
    state = models.CharField(max_length=10, choices=SchemeState, default=SchemeState.EFFECTIVE)
    method = models.CharField(max_length=12, choices=BillingMethod, default=BillingMethod.PERIOD)
    frequencies = ArrayField(
        models.CharField(max_length=9, choices=Frequency), help_text="Allowed frequencies."
    )
    default_frequency = models.CharField(max_length=9, choices=Frequency, default=Frequency.MONTHLY)
    prorate = models.BooleanField(default=True)
    bill_next_term = models.CharField(max_length=3, choices=BillNextTerm, default=BillNextTerm.NO)
    bill_suspended = models.BooleanField(
        default=False, help_text="Services deactivated as overdue go on being billed."
    )
    credit_on_deactivation = models.BooleanField(
        default=False, help_text="Unused days are credited; otherwise the charge is kept."
    )
    pricing = models.CharField(
        max_length=8,
        choices=SchemePricing,
        default=SchemePricing.FLEXIBLE,
        db_default=SchemePricing.FLEXIBLE,
        verbose_name="pricing option",
        help_text="At a fixed price no additive discounts are given.",
    )
    default_plan = models.ForeignKey(
        "pricing.PricePlan", models.PROTECT, null=True, blank=True, related_name="default_of"
    )
    plans = models.ManyToManyField(
        "pricing.PricePlan",
        blank=True,
        related_name="schemes",
        help_text="Price plans to pick from.",
    )
    description = models.TextField(blank=True)

    history = HistoricalRecords(m2m_fields=[plans])

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Return the address of the scheme's page."""
        return address_of("subscriptions:scheme_detail", self.code)


class BillTiming(models.TextChoices):
    PRE_BILL = "PRE_BILL", "Before its use"
    POST_BILL = "POST_BILL", "After its use"


class SchemeProduct(models.Model):
    """A product on a scheme: billed before or after use, and kept on when an account is overdue.

    On a prepaid scheme it is paid before or after use; what is paid before it is paid for
    `advance_count` × `advance_unit` at a time, a billing cycle where they are empty.
    """

    scheme = models.ForeignKey(BillingTermScheme, models.CASCADE, related_name="products")
    product = models.ForeignKey("catalog.Product", models.PROTECT, related_name="schemes")
    timing = models.CharField(max_length=9, choices=BillTiming, default=BillTiming.PRE_BILL)
    exclude_from_deactivation = models.BooleanField(default=False)
    advance_count = models.PositiveSmallIntegerField(
        null=True, blank=True, verbose_name="paid in advance for"
    )
    advance_unit = models.CharField(
        max_length=5,
        choices=choices_of(Unit),
        blank=True,
        default="",
        db_default="",
        verbose_name="unit in advance",
    )

    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="scheme_product_once",
                fields=["scheme", "product"],
                violation_error_message="The product is on this scheme already.",
            ),
            models.CheckConstraint(
                name="scheme_product_advance",
                condition=Q(advance_count=None, advance_unit="")
                | Q(advance_count__gt=0, timing=BillTiming.PRE_BILL) & ~Q(advance_unit=""),
                violation_error_message="Only what is paid before its use is paid in advance.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scheme_id}: {self.product}"

    @property
    def advance(self) -> Duration | None:
        """How long is paid in advance at a time; None: a billing cycle."""
        if self.advance_count is None:
            return None
        return Duration(self.advance_count, Unit(self.advance_unit))


class SubscriptionType(models.Model):
    """What may be on a subscription: products and billing term schemes."""

    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=80)
    description = models.TextField(blank=True)
    schemes = models.ManyToManyField(BillingTermScheme, related_name="subscription_types")
    products = models.ManyToManyField(
        "catalog.Product", blank=True, related_name="subscription_types"
    )
    active = models.BooleanField(default=True)

    history = HistoricalRecords(m2m_fields=[schemes, products])

    class Meta:
        constraints = [models.CheckConstraint(name="subscription_type_code", condition=~Q(code=""))]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Return the address of the type's page."""
        return address_of("subscriptions:type_detail", self.code)
