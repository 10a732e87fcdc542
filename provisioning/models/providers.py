"""Providers (head-ends and platforms), their distributors, and which product is which there."""

from django.db import models
from simple_history.models import HistoricalRecords

from config.shared.addresses import address_of


class Protocol(models.TextChoices):
    HTTP_JSON = "HTTP_JSON", "HTTP with JSON"


class ActivationMethod(models.TextChoices):
    PER_SERVICE = "PER_SERVICE", "A request per service"
    WHOLE_SUBSCRIPTION = "WHOLE_SUBSCRIPTION", "A request per subscription"


class Provider(models.Model):
    """An outside system that switches services on and off; used once it is effective."""

    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=80)
    protocol = models.CharField(max_length=9, choices=Protocol, default=Protocol.HTTP_JSON)
    url = models.URLField(verbose_name="address", help_text="Where requests are sent.")
    timeout_seconds = models.PositiveSmallIntegerField(default=5)
    method = models.CharField(
        max_length=18, choices=ActivationMethod, default=ActivationMethod.PER_SERVICE
    )
    effective = models.BooleanField(default=False)

    history = HistoricalRecords()

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Return the address of the provider's page."""
        return address_of("provisioning:provider_detail", self.code)


class Distributor(models.Model):
    """A channel of a provider that ties a subscription's services and devices together."""

    provider = models.ForeignKey(Provider, models.PROTECT, related_name="distributors")
    code = models.SlugField(max_length=40)
    name = models.CharField(max_length=80)

    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="distributor_code", fields=["provider", "code"])
        ]

    def __str__(self) -> str:
        return self.name


class ProductDistribution(models.Model):
    """A product at a provider: the provider's id for it, and the distributors applied."""

    product = models.ForeignKey("catalog.Product", models.CASCADE, related_name="distributions")
    provider = models.ForeignKey(Provider, models.PROTECT, related_name="distributions")
    external_id = models.CharField(max_length=80, verbose_name="provider's id")
    distributors = models.ManyToManyField(
        Distributor, related_name="distributions", verbose_name="applied distributors"
    )

    history = HistoricalRecords(m2m_fields=[distributors])

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="product_distribution_once",
                fields=["product", "provider"],
                violation_error_message="The product is at this provider already.",
            ),
            models.UniqueConstraint(
                name="product_distribution_external",
                fields=["provider", "external_id"],
                violation_error_message="The provider uses this id for another product.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product_id} at {self.provider_id}: {self.external_id}"
