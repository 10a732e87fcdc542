"""Bundles: components of a bundle product, and sales bundles that add several at once."""

from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Upper
from simple_history.models import HistoricalRecords

from catalog.models.products import Availability
from config.shared.addresses import address_of


class BundleComponent(models.Model):
    """What a bundle product is made of: a product, or a type and/or a family to choose from.

    `minimum`, `maximum` count choices of flexible bundles; `quantity` is for named products.
    """

    bundle = models.ForeignKey("catalog.Product", models.CASCADE, related_name="components")
    product = models.ForeignKey(
        "catalog.Product", models.PROTECT, null=True, blank=True, related_name="component_of"
    )
    type = models.ForeignKey(
        "catalog.ProductType", models.PROTECT, null=True, blank=True, related_name="+"
    )
    family = models.ForeignKey(
        "catalog.ProductFamily", models.PROTECT, null=True, blank=True, related_name="+"
    )
    minimum = models.PositiveIntegerField(default=0)
    maximum = models.PositiveIntegerField(null=True, blank=True)
    quantity = models.DecimalField(max_digits=12, decimal_places=4, null=True, blank=True)
    mandatory = models.BooleanField(default=True)
    sort_order = models.IntegerField(default=0)

    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="bundle_component_selector",
                condition=(
                    Q(product__isnull=False, type=None, family=None)
                    | Q(product=None) & (Q(type__isnull=False) | Q(family__isnull=False))
                ),
                violation_error_message="Name a product, or a type and/or a family.",
            ),
            models.CheckConstraint(
                name="bundle_component_range",
                condition=Q(maximum=None) | Q(maximum__gte=models.F("minimum")),
                violation_error_message="The maximum is below the minimum.",
            ),
            models.CheckConstraint(
                name="bundle_component_not_itself",
                condition=Q(product=None) | ~Q(product=models.F("bundle")),
                violation_error_message="A bundle cannot contain itself.",
            ),
            models.CheckConstraint(
                name="bundle_component_quantity", condition=Q(quantity=None) | Q(quantity__gt=0)
            ),
            models.UniqueConstraint(
                name="bundle_component_once",
                fields=["bundle", "product"],
                condition=Q(product__isnull=False),
                violation_error_message="The bundle already has this component.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.bundle_id}: {self.product or self.type or self.family}"


class SalesBundle(models.Model):
    """A preset that adds several products in one act (BillMax: Bundle Definition).

    It has no price and is never billed itself.
    """

    code = models.SlugField(max_length=60, db_index=False, verbose_name="alternative code")
    name = models.CharField(max_length=120)
    description = models.TextField(blank=True)
    availability = models.CharField(
        max_length=12, choices=Availability, default=Availability.AVAILABLE
    )
    validity = DateRangeField(null=True, blank=True, help_text="Always, where empty.")
    account_classes = models.ManyToManyField(
        "catalog.AccountClass", blank=True, related_name="sales_bundles"
    )
    technologies = models.ManyToManyField(
        "catalog.Technology", blank=True, related_name="sales_bundles"
    )
    sort_order = models.IntegerField(default=0)

    history = HistoricalRecords(m2m_fields=[account_classes, technologies])

    class Meta:
        constraints = [
            models.UniqueConstraint(
                Upper("code"),
                name="salesbundle_code",
                violation_error_message="Another sales bundle has this alternative code.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return address_of("catalog:sales_bundle_detail", self.code)


class SalesBundleItem(models.Model):
    """A product that comes with a sales bundle."""

    bundle = models.ForeignKey(SalesBundle, models.CASCADE, related_name="items")
    product = models.ForeignKey("catalog.Product", models.PROTECT, related_name="+")
    quantity = models.DecimalField(max_digits=12, decimal_places=4, default=1)
    sort_order = models.IntegerField(default=0)

    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.CheckConstraint(name="sales_bundle_item_quantity", condition=Q(quantity__gt=0)),
            models.UniqueConstraint(name="sales_bundle_item_once", fields=["bundle", "product"]),
        ]

    def __str__(self) -> str:
        return f"{self.bundle_id}: {self.product}"


class SalesBundleChoice(models.Model):
    """A component that is chosen beforehand for a flexible bundle in a sales bundle."""

    item = models.ForeignKey(SalesBundleItem, models.CASCADE, related_name="choices")
    product = models.ForeignKey("catalog.Product", models.PROTECT, related_name="+")
    quantity = models.PositiveIntegerField(default=1)

    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="sales_bundle_choice_quantity", condition=Q(quantity__gt=0)
            ),
            models.UniqueConstraint(name="sales_bundle_choice_once", fields=["item", "product"]),
        ]

    def __str__(self) -> str:
        return f"{self.item_id}: {self.product}"
