"""Product types: the object that carries a product's behaviour."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Upper
from simple_history.models import HistoricalRecords

from config.shared.addresses import address_of


class Classification(models.TextChoices):
    SERVICE = "SERVICE", "Service"
    PHYSICAL_GOOD = "PHYSICAL_GOOD", "Physical good"


class ServiceType(models.TextChoices):
    TERMED = "TERMED", "Termed"
    USAGE = "USAGE", "Usage"
    ONE_TIME = "ONE_TIME", "One time"
    EXPENSE = "EXPENSE", "Expense"


class GoodType(models.TextChoices):
    TRACEABLE = "TRACEABLE", "Traceable"
    NON_TRACEABLE = "NON_TRACEABLE", "Non-traceable"


class Composition(models.TextChoices):
    FLAT = "FLAT", "Flat"
    FLEXIBLE_BUNDLE = "FLEXIBLE_BUNDLE", "Flexible bundle"
    FIXED_BUNDLE = "FIXED_BUNDLE", "Fixed bundle"


class ProductType(models.Model):
    """What kind of thing a product is (TMF620 ProductSpecification).

    A type in use keeps its classification, kind and composition.
    """

    name = models.CharField(max_length=80)
    code = models.SlugField(max_length=40, db_index=False, verbose_name="alternative code")
    classification = models.CharField(max_length=13, choices=Classification)
    service_type = models.CharField(max_length=8, choices=ServiceType, blank=True)
    good_type = models.CharField(
        max_length=13, choices=GoodType, blank=True, verbose_name="physical good type"
    )
    composition = models.CharField(
        max_length=15,
        choices=Composition,
        default=Composition.FLAT,
        verbose_name="composition method",
    )
    provisioned = models.BooleanField(default=False, verbose_name="used for provisioning")
    description = models.TextField(blank=True)

    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                Upper("name"),
                name="producttype_name",
                violation_error_message="Another product type has this name.",
            ),
            models.UniqueConstraint(
                Upper("code"),
                name="producttype_code",
                violation_error_message="Another product type has this alternative code.",
            ),
            models.CheckConstraint(
                name="product_type_one_kind",
                condition=(
                    Q(classification="SERVICE", good_type="") & ~Q(service_type="")
                    | Q(classification="PHYSICAL_GOOD", service_type="") & ~Q(good_type="")
                ),
                violation_error_message=(
                    "A service has a service type, a physical good a physical good type."
                ),
            ),
            models.CheckConstraint(
                name="product_type_composition",
                condition=(
                    Q(composition="FLAT")
                    | Q(composition="FLEXIBLE_BUNDLE", service_type="TERMED")
                    | Q(composition="FIXED_BUNDLE", service_type="TERMED")
                    | Q(composition="FIXED_BUNDLE", classification="PHYSICAL_GOOD")
                ),
                violation_error_message=(
                    "Flexible bundles are termed services; fixed bundles are termed services or "
                    "physical goods; everything else is flat."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return address_of("catalog:type_edit", self.code)

    @property
    def is_bundle(self) -> bool:
        return self.composition != Composition.FLAT
