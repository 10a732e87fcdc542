"""Fees that come with a product: named, or picked from a group by a value of the User."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Upper
from simple_history.models import HistoricalRecords

from catalog.models.types import ServiceType
from config.shared.addresses import address_of


class MatchOn(models.TextChoices):
    """Which value of the User picks a fee of a group."""

    CITY = "CITY", "City"
    POSTAL_CODE = "POSTAL_CODE", "Postal code"
    COUNTRY = "COUNTRY", "Country"
    TECHNOLOGY = "TECHNOLOGY", "Technology"
    ACCOUNT_CLASS = "ACCOUNT_CLASS", "Account class"


class FeeGroup(models.Model):
    """Fees of which one is picked by a value of the User (BillMax: Selectable Fee Group).

    A row without criterion takes what no other row names. Without such a row, `match_required`
    says whether adding the product is refused or goes on without a fee.
    """

    name = models.CharField(max_length=80)
    code = models.SlugField(max_length=40, db_index=False, verbose_name="alternative code")
    description = models.TextField(blank=True)
    match_on = models.CharField(max_length=13, choices=MatchOn)
    match_required = models.BooleanField(default=False)

    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                Upper("name"),
                name="feegroup_name",
                violation_error_message="Another fee group has this name.",
            ),
            models.UniqueConstraint(
                Upper("code"),
                name="feegroup_code",
                violation_error_message="Another fee group has this alternative code.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return address_of("catalog:fee_group_detail", self.code)


class FeeGroupRow(models.Model):
    """A fee of a group and the value that picks it; "" is the catch-all."""

    group = models.ForeignKey(FeeGroup, models.CASCADE, related_name="rows")
    criterion = models.CharField(max_length=80, blank=True)
    fee = models.ForeignKey("catalog.Product", models.PROTECT, related_name="+")
    sort_order = models.IntegerField(default=0)

    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "group",
                Upper("criterion"),
                name="fee_group_row_criterion",
                violation_error_message="The group already has a fee for this value.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.criterion or 'any other'}: {self.fee_id}"


class DependentFee(models.Model):
    """A fee that is added with its parent product: a recurring one (a flat termed service that
    is never sold alone) as long as the parent runs, an expense once.
    """

    parent = models.ForeignKey("catalog.Product", models.CASCADE, related_name="dependent_fees")
    fee = models.ForeignKey(
        "catalog.Product", models.PROTECT, null=True, blank=True, related_name="fee_of"
    )
    group = models.ForeignKey(
        FeeGroup, models.PROTECT, null=True, blank=True, related_name="dependent_fees"
    )
    quantity = models.DecimalField(max_digits=12, decimal_places=4, default=1)
    sort_order = models.IntegerField(default=0)

    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="dependent_fee_selector",
                condition=Q(fee__isnull=False, group=None) | Q(fee=None, group__isnull=False),
                violation_error_message="Name a fee or a fee group.",
            ),
            models.CheckConstraint(
                name="dependent_fee_not_itself",
                condition=Q(fee=None) | ~Q(fee=models.F("parent")),
                violation_error_message="A product is no fee of its own.",
            ),
            models.CheckConstraint(name="dependent_fee_quantity", condition=Q(quantity__gt=0)),
            models.UniqueConstraint(
                name="dependent_fee_once",
                fields=["parent", "fee"],
                condition=Q(fee__isnull=False),
                violation_error_message="The product already has this fee.",
            ),
            models.UniqueConstraint(
                name="dependent_fee_group_once",
                fields=["parent", "group"],
                condition=Q(group__isnull=False),
                violation_error_message="The product already has this fee group.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.parent_id}: {self.fee or self.group}"

    @property
    def is_recurring(self) -> bool:
        """Whether it runs with its parent; the fees of a group are alike, read as prefetched."""
        fee = self.fee
        if fee is None and self.group is not None:
            fee = next((row.fee for row in self.group.rows.all()), None)
        return fee is not None and fee.type.service_type == ServiceType.TERMED
