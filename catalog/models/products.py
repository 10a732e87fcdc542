"""Products: what is sold or provisioned."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Upper
from simple_history.models import HistoricalRecords

from config.shared.addresses import address_of


class Availability(models.TextChoices):
    AVAILABLE = "AVAILABLE", "Available"
    NO_NEW_USERS = "NO_NEW_USERS", "No new users"
    DISCONTINUED = "DISCONTINUED", "Discontinued"


class Product(models.Model):
    """An item or service that can be sold (TMF620 ProductOffering); its type says how it behaves.

    Without validity rows a product is always valid.
    """

    code = models.CharField(max_length=60)
    alternative_code = models.CharField(max_length=60)
    type = models.ForeignKey("catalog.ProductType", models.PROTECT, related_name="products")
    brand = models.ForeignKey(
        "catalog.ProductBrand", models.PROTECT, null=True, blank=True, related_name="products"
    )
    family = models.ForeignKey(
        "catalog.ProductFamily", models.PROTECT, null=True, blank=True, related_name="products"
    )
    name = models.CharField(max_length=120, help_text="What staff see in lists.")
    billing_display = models.CharField(
        max_length=120, blank=True, help_text="What the bill says; the name where empty."
    )
    charge_type = models.CharField(max_length=60, blank=True, help_text="Group in sales reports.")
    description = models.TextField(blank=True)
    availability = models.CharField(
        max_length=12, choices=Availability, default=Availability.AVAILABLE
    )
    account_classes = models.ManyToManyField(
        "catalog.AccountClass", blank=True, related_name="products"
    )
    technologies = models.ManyToManyField("catalog.Technology", blank=True, related_name="products")
    categories = models.ManyToManyField(
        "catalog.ProductCategory", blank=True, related_name="products"
    )
    most_families = models.PositiveSmallIntegerField(
        null=True,
        blank=True,
        help_text="Of a flexible bundle: how many families its components may come from.",
    )
    most_types = models.PositiveSmallIntegerField(
        null=True,
        blank=True,
        help_text="Of a flexible bundle: how many types its components may come from.",
    )
    sort_order = models.IntegerField(default=0)

    history = HistoricalRecords(m2m_fields=[account_classes, technologies, categories])

    class Meta:
        constraints = [
            models.UniqueConstraint(
                Upper("code"),
                name="product_code",
                violation_error_message="Another product has this code.",
            ),
            models.UniqueConstraint(
                Upper("alternative_code"),
                name="product_alternative_code",
                violation_error_message="Another product has this alternative code.",
            ),
            models.CheckConstraint(
                name="product_restrictions",
                condition=(Q(most_families=None) | Q(most_families__gt=0))
                & (Q(most_types=None) | Q(most_types__gt=0)),
                violation_error_message="Allow at least one, or leave it empty.",
            ),
        ]
        indexes = [
            models.Index(fields=["sort_order", "name", "id"], name="product_order"),
            # Orders that people choose in the list.
            models.Index(fields=["code", "id"], name="product_by_code"),
            models.Index(fields=["name", "id"], name="product_by_name"),
            # Search by a part of a code or name; `icontains` compares in upper case.
            *(
                GinIndex(OpClass(Upper(field), "gin_trgm_ops"), name=f"product_{field}_trgm"[:30])
                for field in ("code", "name", "alternative_code")
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return address_of("catalog:product_detail", self.code)

    @property
    def bill_text(self) -> str:
        return self.billing_display or self.name


class ProductValidity(models.Model):
    """A period of days on which a product may be selected; only the last may be open."""

    product = models.ForeignKey(Product, models.CASCADE, related_name="validities")
    period = DateRangeField(help_text="Half-open: the last day is not covered.")

    history = HistoricalRecords()

    class Meta:
        verbose_name_plural = "product validities"
        constraints = [
            models.CheckConstraint(
                name="product_validity_days",
                condition=Q(period__isempty=False) & Q(period__startswith__isnull=False),
            ),
            ExclusionConstraint(
                name="product_validity_overlap",
                expressions=[(F("product"), "="), (F("period"), "&&")],
                violation_error_message="The periods of validity overlap.",
            ),
        ]

    def __str__(self) -> str:
        return str(self.period)
