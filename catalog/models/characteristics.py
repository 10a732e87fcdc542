"""Typed characteristics: what a type asks of its products, and what each product answers."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Upper
from simple_history.models import HistoricalRecords


class CharacteristicKind(models.TextChoices):
    TEXT = "TEXT", "Text"
    NUMBER = "NUMBER", "Number"
    YES_NO = "YES_NO", "Yes or no"
    CHOICE = "CHOICE", "Choice"


class Characteristic(models.Model):
    """A question that a product type asks of its products (TMF620 characteristic).

    Values and the default are stored as text in one writing: a number as a plain decimal, yes or
    no as YES or NO, a choice as one of `choices`.
    """

    type = models.ForeignKey("catalog.ProductType", models.CASCADE, related_name="characteristics")
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=6, choices=CharacteristicKind)
    unit = models.CharField(max_length=20, blank=True, help_text="Of a number: Mbit/s, GB.")
    choices = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    required = models.BooleanField(default=False)
    default = models.CharField(max_length=200, blank=True)
    sort_order = models.IntegerField(default=0)

    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "type",
                Upper("name"),
                name="characteristic_name",
                violation_error_message="The type already has a characteristic of this name.",
            ),
            models.CheckConstraint(
                name="characteristic_unit",
                condition=Q(unit="") | Q(kind="NUMBER"),
                violation_error_message="Only numbers have a unit.",
            ),
            models.CheckConstraint(
                name="characteristic_choices",
                condition=Q(kind="CHOICE") & ~Q(choices=[]) | ~Q(kind="CHOICE") & Q(choices=[]),
                violation_error_message="A choice has choices, and nothing else has.",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class CharacteristicValue(models.Model):
    """What a product answers to a characteristic of its type; no row where it has no answer."""

    product = models.ForeignKey("catalog.Product", models.CASCADE, related_name="values")
    characteristic = models.ForeignKey(Characteristic, models.PROTECT, related_name="values")
    value = models.CharField(max_length=200)

    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="characteristic_value_once", fields=["product", "characteristic"]
            ),
            models.CheckConstraint(name="characteristic_value_given", condition=~Q(value="")),
        ]

    def __str__(self) -> str:
        return f"{self.characteristic_id}: {self.value}"
