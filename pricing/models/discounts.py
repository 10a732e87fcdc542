"""Additive discounts: what is taken off the prices of plans, from whom, and when."""

from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Upper
from django.urls import reverse
from simple_history.models import HistoricalRecords

from config.shared.db import choices_of, rate_field
from pricing.kernel.periods import Unit


class DiscountApplication(models.TextChoices):
    """Who decides that a discount is given (CRM.COM: type)."""

    AUTO_APPLY = "AUTO_APPLY", "By itself, where its criteria hold"
    AD_HOC = "AD_HOC", "By hand, on a subscription"


class DiscountScope(models.TextChoices):
    """Which services a discount is for (CRM.COM: applies for service types)."""

    ANY = "ANY", "Any service"
    NON_USAGE = "NON_USAGE", "All but usage services"
    USAGE = "USAGE", "Usage services only"


class DiscountOption(models.TextChoices):
    """What a discount takes off (CRM.COM: discount option)."""

    PERCENTAGE_PER_PERIOD = "PERCENTAGE_PER_PERIOD", "Percentage per billing period"
    AMOUNT_PER_PERIOD = "AMOUNT_PER_PERIOD", "Amount per billing period"
    PERCENTAGE = "PERCENTAGE", "Percentage, once"
    AMOUNT = "AMOUNT", "Amount, once"
    FREE_PERIOD = "FREE_PERIOD", "Free period"
    FREE_USAGE = "FREE_USAGE", "Free usage"


class DiscountRenewal(models.TextChoices):
    """When a discount is given again."""

    EVERY_CYCLE = "EVERY_CYCLE", "Every billing period"
    EVERY = "EVERY", "Every so often"
    NEVER = "NEVER", "Never"


class DiscountState(models.TextChoices):
    DRAFT = "DRAFT", "Draft"
    EFFECTIVE = "EFFECTIVE", "Effective"
    NOT_EFFECTIVE = "NOT_EFFECTIVE", "Not effective"


PERCENTAGES = (DiscountOption.PERCENTAGE, DiscountOption.PERCENTAGE_PER_PERIOD)
AMOUNTS = (DiscountOption.AMOUNT, DiscountOption.AMOUNT_PER_PERIOD)
ONCE = (DiscountOption.PERCENTAGE, DiscountOption.AMOUNT)


class AdditiveDiscount(models.Model):
    """A discount on top of the prices of plans, conditional ones too.

    `value` is a percentage (20 is 20 %), an amount in `currency`, or units of usage; a free period
    has none. Each time it is given, it lasts `for_count` × `for_unit`, one billing period where
    they are empty. One that applies by itself does so from `effective_on` up to `ended_on`.
    It is taken off prices for each period, set-up fees, what else is paid once, or several of them;
    one that comes once off one of them, so that it does not come twice.

    From `used_at` on (set when it is first given) a trigger refuses every change but those of
    names, notes and state: a change makes a new version.
    """

    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=120)
    alternative_code = models.CharField(max_length=40, blank=True)
    application = models.CharField(
        max_length=10, choices=DiscountApplication, default=DiscountApplication.AUTO_APPLY
    )
    needs_approval = models.BooleanField(
        default=False, help_text="Given by hand, it counts once somebody else has approved it."
    )
    applies_to = models.CharField(
        max_length=9, choices=DiscountScope, default=DiscountScope.ANY, verbose_name="applies to"
    )
    option = models.CharField(
        max_length=21, choices=DiscountOption, default=DiscountOption.PERCENTAGE_PER_PERIOD
    )
    value = rate_field(null=True, blank=True)
    currency = models.CharField(
        max_length=3, blank=True, help_text="ISO 4217 code; for amounts only."
    )
    on_recurring = models.BooleanField(
        default=True,
        verbose_name="taken off prices for each period",
        help_text="Usage included.",
    )
    on_setup = models.BooleanField(default=False, verbose_name="taken off set-up fees")
    on_once = models.BooleanField(
        default=False,
        verbose_name="taken off one-time charges",
        help_text="Expenses, goods, one-time services: off each in full.",
    )
    for_count = models.PositiveSmallIntegerField(null=True, blank=True, verbose_name="lasts")
    for_unit = models.CharField(
        max_length=5, choices=choices_of(Unit), blank=True, default="", verbose_name="unit"
    )
    renewal = models.CharField(
        max_length=11,
        choices=DiscountRenewal,
        default=DiscountRenewal.EVERY_CYCLE,
        verbose_name="given again",
    )
    renewal_count = models.PositiveSmallIntegerField(null=True, blank=True, verbose_name="every")
    renewal_unit = models.CharField(
        max_length=5, choices=choices_of(Unit), blank=True, default="", verbose_name="unit"
    )
    validity = DateRangeField(null=True, blank=True, help_text="Always, where empty.")
    account_classes = models.ManyToManyField(
        "catalog.AccountClass", blank=True, related_name="discounts"
    )
    classifications = models.ManyToManyField(
        "catalog.AccountClassification", blank=True, related_name="discounts"
    )
    least_quantity = models.DecimalField(max_digits=12, decimal_places=4, null=True, blank=True)
    most_quantity = models.DecimalField(max_digits=12, decimal_places=4, null=True, blank=True)
    sort_order = models.IntegerField(
        default=0, help_text="Of several, those with lower numbers are taken off first."
    )
    state = models.CharField(
        max_length=13, choices=DiscountState, default=DiscountState.DRAFT, editable=False
    )
    effective_on = models.DateField(null=True, blank=True, editable=False)
    ended_on = models.DateField(
        null=True, blank=True, editable=False, help_text="The first day it is not given any more."
    )
    used_at = models.DateTimeField(null=True, blank=True, editable=False)
    replaced_by = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, editable=False, related_name="replaces"
    )
    description = models.TextField(blank=True)

    history = HistoricalRecords(m2m_fields=[account_classes, classifications])

    class Meta:
        constraints = [
            models.UniqueConstraint(
                Upper("name"),
                name="discount_name",
                violation_error_message="Another discount has this name.",
            ),
            models.UniqueConstraint(
                Upper("alternative_code"),
                name="discount_alternative_code",
                condition=~Q(alternative_code=""),
                violation_error_message="Another discount has this alternative code.",
            ),
            models.CheckConstraint(
                name="discount_value",
                condition=Q(option=DiscountOption.FREE_PERIOD, value=None)
                | Q(option__in=PERCENTAGES, value__gt=0, value__lte=100)
                | Q(option__in=[*AMOUNTS, DiscountOption.FREE_USAGE], value__gt=0),
            ),
            models.CheckConstraint(
                name="discount_currency",
                condition=Q(option__in=AMOUNTS, currency__regex=r"^[A-Z]{3}$")
                | ~Q(option__in=AMOUNTS) & Q(currency=""),
            ),
            models.CheckConstraint(
                name="discount_length",
                condition=Q(for_count=None, for_unit="") | Q(for_count__gte=1) & ~Q(for_unit=""),
            ),
            models.CheckConstraint(
                name="discount_renewal",
                condition=Q(renewal=DiscountRenewal.EVERY, renewal_count__gte=1)
                & ~Q(renewal_unit="")
                | ~Q(renewal=DiscountRenewal.EVERY) & Q(renewal_count=None, renewal_unit=""),
            ),
            models.CheckConstraint(
                name="discount_once",
                condition=~Q(option__in=ONCE)
                | Q(renewal=DiscountRenewal.NEVER, for_count__isnull=True),
            ),
            models.CheckConstraint(
                name="discount_taken_off",
                condition=Q(on_recurring=True)
                | ~Q(option=DiscountOption.FREE_USAGE) & (Q(on_setup=True) | Q(on_once=True)),
                violation_error_message="Say what it is taken off.",
            ),
            models.CheckConstraint(
                name="discount_once_taken_off_one",
                condition=~Q(option__in=[*ONCE, DiscountOption.FREE_USAGE])
                | Q(on_recurring=True, on_setup=False, on_once=False)
                | Q(on_recurring=False, on_setup=True, on_once=False)
                | Q(on_recurring=False, on_setup=False, on_once=True),
                violation_error_message="What comes once is taken off one kind of charge.",
            ),
            models.CheckConstraint(
                name="discount_state_days",
                condition=Q(state=DiscountState.DRAFT, effective_on=None, ended_on=None)
                | Q(state=DiscountState.EFFECTIVE, effective_on__isnull=False, ended_on=None)
                | Q(
                    state=DiscountState.NOT_EFFECTIVE,
                    effective_on__isnull=False,
                    ended_on__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="discount_quantities",
                condition=Q(least_quantity=None)
                | Q(most_quantity=None)
                | Q(most_quantity__gte=models.F("least_quantity")),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Return the address of the discount's page."""
        return reverse("pricing:discount_detail", args=[self.code])


NAMES_PRODUCTS = Q(product__isnull=False, type=None, family=None) | Q(product=None) & (
    Q(type__isnull=False) | Q(family__isnull=False)
)


class DiscountedProduct(models.Model):
    """What a discount is taken off: a product, or a type and/or a family with those below it."""

    discount = models.ForeignKey(AdditiveDiscount, models.CASCADE, related_name="products")
    position = models.PositiveSmallIntegerField()
    product = models.ForeignKey(
        "catalog.Product", models.PROTECT, null=True, blank=True, related_name="discounted_by"
    )
    type = models.ForeignKey(
        "catalog.ProductType", models.PROTECT, null=True, blank=True, related_name="+"
    )
    family = models.ForeignKey(
        "catalog.ProductFamily", models.PROTECT, null=True, blank=True, related_name="+"
    )

    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.CheckConstraint(name="discounted_product_named", condition=NAMES_PRODUCTS)
        ]

    def __str__(self) -> str:
        return str(self.product or ", ".join(str(one) for one in (self.type, self.family) if one))


class HeldProduct(models.Model):
    """What a subscription has to have for a discount: as many services of a product, or of a type
    and/or family, quantities added up.
    """

    discount = models.ForeignKey(AdditiveDiscount, models.CASCADE, related_name="held_products")
    position = models.PositiveSmallIntegerField()
    product = models.ForeignKey(
        "catalog.Product", models.PROTECT, null=True, blank=True, related_name="held_for"
    )
    type = models.ForeignKey(
        "catalog.ProductType", models.PROTECT, null=True, blank=True, related_name="+"
    )
    family = models.ForeignKey(
        "catalog.ProductFamily", models.PROTECT, null=True, blank=True, related_name="+"
    )
    least_quantity = models.DecimalField(max_digits=12, decimal_places=4, default=1)

    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.CheckConstraint(name="held_product_named", condition=NAMES_PRODUCTS),
            models.CheckConstraint(name="held_product_quantity", condition=Q(least_quantity__gt=0)),
        ]

    def __str__(self) -> str:
        return str(self.product or ", ".join(str(one) for one in (self.type, self.family) if one))
