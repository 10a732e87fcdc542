"""Where taxes hold: tax regions and classes, the groups of a class in a region, location rules."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce
from django.urls import reverse
from simple_history.models import HistoricalRecords

from pricing.models.taxes import TaxCode, TaxRate


class TaxRegion(models.Model):
    """A region in which products of one tax class are taxed alike (BillMax: Tax Region)."""

    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=80)

    history = HistoricalRecords()

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("pricing:tax_region_detail", args=[self.code])


class TaxClass(models.Model):
    """Products that are taxed alike wherever they are sold (BillMax: Tax Class)."""

    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=80)

    history = HistoricalRecords()

    class Meta:
        verbose_name_plural = "tax classes"

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("pricing:tax_class_detail", args=[self.code])


class ProductTaxClass(models.Model):
    """The tax class of a product, in place of that of its type."""

    product = models.OneToOneField(
        "catalog.Product", models.CASCADE, related_name="taxed_as", primary_key=True
    )
    tax_class = models.ForeignKey(TaxClass, models.PROTECT, related_name="products")

    history = HistoricalRecords()

    class Meta:
        verbose_name_plural = "product tax classes"

    def __str__(self) -> str:
        return f"{self.product_id}: {self.tax_class}"


class TypeTaxClass(models.Model):
    """The tax class of all products of a type that have none of their own."""

    type = models.OneToOneField(
        "catalog.ProductType", models.CASCADE, related_name="taxed_as", primary_key=True
    )
    tax_class = models.ForeignKey(TaxClass, models.PROTECT, related_name="types")

    history = HistoricalRecords()

    class Meta:
        verbose_name_plural = "type tax classes"

    def __str__(self) -> str:
        return f"{self.type_id}: {self.tax_class}"


class Rounding(models.TextChoices):
    DOCUMENT = "DOCUMENT", "On the sum of a document's lines"
    LINE = "LINE", "On every line"


class TaxGroup(models.Model):
    """The taxes of a tax class in a tax region on some days; without items it is not taxed."""

    tax_class = models.ForeignKey(TaxClass, models.PROTECT, related_name="groups")
    tax_region = models.ForeignKey(TaxRegion, models.PROTECT, related_name="groups")
    period = DateRangeField()
    rounding = models.CharField(max_length=8, choices=Rounding, default=Rounding.DOCUMENT)

    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.CheckConstraint(name="tax_group_days", condition=Q(period__isempty=False)),
            ExclusionConstraint(
                name="tax_group_overlap",
                expressions=[(F("tax_class"), "="), (F("tax_region"), "="), (F("period"), "&&")],
                violation_error_message="The class has another group in the region then.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.tax_class} in {self.tax_region}"


class TaxGroupItem(models.Model):
    """A tax of a group; one of a higher level is charged on the lower ones too (tax on tax)."""

    group = models.ForeignKey(TaxGroup, models.CASCADE, related_name="items")
    tax_rate = models.ForeignKey(TaxRate, models.PROTECT, related_name="group_items")
    level = models.PositiveSmallIntegerField(
        default=1, validators=[MinValueValidator(1), MaxValueValidator(9)]
    )

    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="tax_group_item_once",
                fields=["group", "tax_rate"],
                violation_error_message="The group already has this tax.",
            ),
            models.CheckConstraint(
                name="tax_group_item_level", condition=Q(level__gte=1, level__lte=9)
            ),
        ]

    def __str__(self) -> str:
        return str(self.tax_rate)


class LocationRule(models.Model):
    """Which tax codes hold where a service is taken (CRM.COM: VAT location rule).

    The first rule by `position` that fits the place wins. What is left empty fits every place: a
    rule without conditions is the default.
    """

    name = models.CharField(max_length=80)
    position = models.PositiveSmallIntegerField(
        default=100, help_text="Lower ones are asked first."
    )
    country = models.CharField(max_length=2, blank=True, help_text="Two letters; any, where empty.")
    postal_prefix = models.CharField(
        max_length=20, blank=True, help_text="What the postal code begins with."
    )
    tax_region = models.ForeignKey(
        TaxRegion, models.PROTECT, null=True, blank=True, related_name="location_rules"
    )
    period = DateRangeField()

    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.CheckConstraint(name="location_rule_days", condition=Q(period__isempty=False)),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("pricing:location_rule_detail", args=[self.pk])


class LocationRuleCode(models.Model):
    """A tax code that a location rule picks."""

    rule = models.ForeignKey(LocationRule, models.CASCADE, related_name="codes")
    tax_code = models.ForeignKey(TaxCode, models.PROTECT, related_name="location_rules")

    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="location_rule_code_once", fields=["rule", "tax_code"])
        ]

    def __str__(self) -> str:
        return str(self.tax_code)


class ProductExemption(models.Model):
    """Days on which a product is not taxed; without a code, by none."""

    product = models.ForeignKey("catalog.Product", models.CASCADE, related_name="tax_exemptions")
    tax_code = models.ForeignKey(
        TaxCode, models.PROTECT, null=True, blank=True, related_name="product_exemptions"
    )
    period = DateRangeField()
    reason = models.CharField(max_length=120)

    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="product_exemption_days", condition=Q(period__isempty=False)
            ),
            ExclusionConstraint(
                name="product_exemption_overlap",
                expressions=[
                    (F("product"), "="),
                    (Coalesce("tax_code", Value(0)), "="),
                    (F("period"), "&&"),
                ],
                violation_error_message="The product is exempt on some of these days.",
            ),
        ]

    def __str__(self) -> str:
        return str(self.tax_code or "all taxes")
