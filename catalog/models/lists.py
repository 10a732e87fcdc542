"""The short lists that group products and classify customers."""

from django.db import models
from django.db.models.functions import Upper
from simple_history.models import HistoricalRecords

from config.shared.addresses import address_of


class ProductFamily(models.Model):
    """A branch of the family tree; a product belongs to one family at most."""

    name = models.CharField(max_length=80)
    code = models.SlugField(max_length=40, db_index=False, verbose_name="alternative code")
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children"
    )
    description = models.TextField(blank=True)
    sort_order = models.IntegerField(default=0)

    history = HistoricalRecords()

    class Meta:
        verbose_name_plural = "product families"
        constraints = [
            models.UniqueConstraint(
                Upper("name"),
                name="productfamily_name",
                violation_error_message="Another family has this name.",
            ),
            models.UniqueConstraint(
                Upper("code"),
                name="productfamily_code",
                violation_error_message="Another family has this alternative code.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return address_of("catalog:family_edit", self.code)


class ProductCategory(models.Model):
    """A branch of the category tree; a product may be in several, for analysis and rewards."""

    name = models.CharField(max_length=80)
    code = models.SlugField(max_length=40, db_index=False, verbose_name="alternative code")
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children"
    )
    description = models.TextField(blank=True)
    sort_order = models.IntegerField(default=0)

    history = HistoricalRecords()

    class Meta:
        verbose_name_plural = "product categories"
        constraints = [
            models.UniqueConstraint(
                Upper("name"),
                name="productcategory_name",
                violation_error_message="Another category has this name.",
            ),
            models.UniqueConstraint(
                Upper("code"),
                name="productcategory_code",
                violation_error_message="Another category has this alternative code.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return address_of("catalog:category_edit", self.code)


class ProductBrand(models.Model):
    """The maker's or operator's brand of a product."""

    name = models.CharField(max_length=80)
    code = models.SlugField(max_length=40, db_index=False, verbose_name="alternative code")
    description = models.TextField(blank=True)

    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                Upper("name"),
                name="productbrand_name",
                violation_error_message="Another brand has this name.",
            ),
            models.UniqueConstraint(
                Upper("code"),
                name="productbrand_code",
                violation_error_message="Another brand has this alternative code.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return address_of("catalog:brand_edit", self.code)


class AccountClass(models.Model):
    """A segment of customers: filters what a CSR is offered, and may be a condition of prices."""

    name = models.CharField(max_length=80)
    code = models.SlugField(max_length=40, db_index=False, verbose_name="alternative code")

    history = HistoricalRecords()

    class Meta:
        verbose_name_plural = "account classes"
        constraints = [
            models.UniqueConstraint(
                Upper("name"),
                name="accountclass_name",
                violation_error_message="Another account class has this name.",
            ),
            models.UniqueConstraint(
                Upper("code"),
                name="accountclass_code",
                violation_error_message="Another account class has this alternative code.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return address_of("catalog:account_class_edit", self.code)


class Technology(models.Model):
    """How a user is connected; filters what a CSR is offered, and nothing else."""

    name = models.CharField(max_length=80)
    code = models.SlugField(max_length=40, db_index=False, verbose_name="alternative code")

    history = HistoricalRecords()

    class Meta:
        verbose_name_plural = "technologies"
        constraints = [
            models.UniqueConstraint(
                Upper("name"),
                name="technology_name",
                violation_error_message="Another technology has this name.",
            ),
            models.UniqueConstraint(
                Upper("code"),
                name="technology_code",
                violation_error_message="Another technology has this alternative code.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return address_of("catalog:technology_edit", self.code)


class AccountClassification(models.Model):
    """A label of accounts that runs and conditions select by (CRM.COM: AR classification)."""

    name = models.CharField(max_length=80)
    code = models.SlugField(max_length=40, db_index=False, verbose_name="alternative code")

    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                Upper("name"),
                name="accountclassification_name",
                violation_error_message="Another classification has this name.",
            ),
            models.UniqueConstraint(
                Upper("code"),
                name="accountclassification_code",
                violation_error_message="Another classification has this alternative code.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return address_of("catalog:classification_edit", self.code)
