"""Tax codes, their rates by level and date, and which level a product takes."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from config.shared.addresses import address_of
from config.shared.db import choices_of, money_field
from pricing.kernel.tax_rules import RuleKind, TaxRule


class TaxKind(models.TextChoices):
    VAT = "VAT", "VAT"
    SALES_TAX = "SALES_TAX", "Sales tax"
    EXEMPT = "EXEMPT", "Exempt"


class RateDate(models.TextChoices):
    POSTING = "POSTING", "Posting date of the document"
    SERVICE_PERIOD = "SERVICE_PERIOD", "Days of the service"


class TaxCode(models.Model):
    """A tax of one location (a VAT, a sales tax, or exempt)."""

    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=9, choices=TaxKind, default=TaxKind.VAT)
    rate_date = models.CharField(max_length=14, choices=RateDate, default=RateDate.POSTING)

    history = HistoricalRecords()

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return address_of("pricing:tax_code_detail", self.code)


class TaxRate(models.Model):
    """A level inside a tax code (standard, reduced, …); its percentages are dated."""

    tax_code = models.ForeignKey(TaxCode, models.PROTECT, related_name="rates")
    code = models.SlugField(max_length=40)
    name = models.CharField(max_length=80)

    history = HistoricalRecords()

    class Meta:
        constraints = [models.UniqueConstraint(name="tax_rate_code", fields=["tax_code", "code"])]

    def __str__(self) -> str:
        return self.name


class TaxRateVersion(models.Model):
    """The percentage of a level from a day on, as a fraction: 0.0825 is 8.25 %.

    `rule` says what part of a charge it falls on (BillMax: tax rule). `rule_value` is a sum per
    calendar month in the account's currency, or the fraction that is taxed.
    """

    tax_rate = models.ForeignKey(TaxRate, models.PROTECT, related_name="versions")
    period = DateRangeField()
    fraction = models.DecimalField(max_digits=9, decimal_places=8)
    rule = models.CharField(
        max_length=17, choices=choices_of(RuleKind), default=RuleKind.EVERYTHING.value
    )
    rule_value = money_field(default=0)

    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="tax_rate_version_fraction",
                condition=Q(fraction__gte=0, fraction__lte=1, period__isempty=False),
            ),
            models.CheckConstraint(
                name="tax_rate_version_rule",
                condition=Q(rule=RuleKind.EVERYTHING.value, rule_value=0)
                | Q(rule=RuleKind.PERCENTAGE.value, rule_value__gte=0, rule_value__lte=1)
                | Q(
                    rule__in=[RuleKind.MONTHLY_EXEMPTION.value, RuleKind.MONTHLY_MAXIMUM.value],
                    rule_value__gt=0,
                ),
            ),
            ExclusionConstraint(
                name="tax_rate_version_overlap",
                expressions=[(F("tax_rate"), "="), (F("period"), "&&")],
                violation_error_message="The rate has another percentage in this period.",
            ),
        ]

    def __str__(self) -> str:
        return f"{(self.fraction * 100).normalize():f} %"

    @property
    def tax_rule(self) -> TaxRule:
        """The rule as the kernel reads it."""
        return TaxRule(RuleKind(self.rule), self.rule_value)


class ProductTax(models.Model):
    """A tax level offered for a product; the one marked applied is used in billing."""

    product = models.ForeignKey("catalog.Product", models.CASCADE, related_name="taxes")
    tax_code = models.ForeignKey(TaxCode, models.PROTECT, related_name="+")
    tax_rate = models.ForeignKey(TaxRate, models.PROTECT, related_name="product_taxes")
    applied = models.BooleanField(default=False)

    history = HistoricalRecords()

    class Meta:
        verbose_name_plural = "product taxes"
        constraints = [
            models.UniqueConstraint(
                name="product_tax_once",
                fields=["product", "tax_rate"],
                violation_error_message="The product already has this rate.",
            ),
            models.UniqueConstraint(
                name="product_tax_one_applied",
                fields=["product", "tax_code"],
                condition=Q(applied=True),
                violation_error_message="Exactly one rate per tax code is applied.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product_id}: {self.tax_rate}"


class ProductTypeTax(models.Model):
    """A tax level that new products of a type get."""

    type = models.ForeignKey("catalog.ProductType", models.CASCADE, related_name="default_taxes")
    tax_code = models.ForeignKey(TaxCode, models.PROTECT, related_name="+")
    tax_rate = models.ForeignKey(TaxRate, models.PROTECT, related_name="type_taxes")
    applied = models.BooleanField(default=False)

    history = HistoricalRecords()

    class Meta:
        verbose_name_plural = "product type taxes"
        constraints = [
            models.UniqueConstraint(
                name="product_type_tax_once",
                fields=["type", "tax_rate"],
                violation_error_message="The type already has this rate.",
            ),
            models.UniqueConstraint(
                name="product_type_tax_one_applied",
                fields=["type", "tax_code"],
                condition=Q(applied=True),
                violation_error_message="Exactly one rate per tax code is applied.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.type_id}: {self.tax_rate}"
