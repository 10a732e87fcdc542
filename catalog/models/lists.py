"""The short lists that group products and classify customers."""

from django.db import models
from simple_history.models import HistoricalRecords


class ProductFamily(models.Model):
    """A branch of the family tree; a product belongs to one family at most."""

    name = models.CharField(max_length=80, unique=True)
    code = models.SlugField(max_length=40, unique=True, verbose_name="alternative code")
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children"
    )
    description = models.TextField(blank=True)

    history = HistoricalRecords()

    class Meta:
        verbose_name_plural = "product families"

    def __str__(self) -> str:
        return self.name


class ProductBrand(models.Model):
    """The maker's or operator's brand of a product."""

    name = models.CharField(max_length=80, unique=True)
    code = models.SlugField(max_length=40, unique=True, verbose_name="alternative code")
    description = models.TextField(blank=True)

    history = HistoricalRecords()

    def __str__(self) -> str:
        return self.name


class AccountClass(models.Model):
    """A segment of customers; filters what a CSR is offered, and nothing else."""

    name = models.CharField(max_length=80, unique=True)
    code = models.SlugField(max_length=40, unique=True, verbose_name="alternative code")

    history = HistoricalRecords()

    class Meta:
        verbose_name_plural = "account classes"

    def __str__(self) -> str:
        return self.name


class Technology(models.Model):
    """How a user is connected; filters what a CSR is offered, and nothing else."""

    name = models.CharField(max_length=80, unique=True)
    code = models.SlugField(max_length=40, unique=True, verbose_name="alternative code")

    history = HistoricalRecords()

    class Meta:
        verbose_name_plural = "technologies"

    def __str__(self) -> str:
        return self.name


class AccountClassification(models.Model):
    """A label of accounts that runs and conditions select by (CRM.COM: AR classification)."""

    name = models.CharField(max_length=80, unique=True)
    code = models.SlugField(max_length=40, unique=True, verbose_name="alternative code")

    history = HistoricalRecords()

    def __str__(self) -> str:
        return self.name
