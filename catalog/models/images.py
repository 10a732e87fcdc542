"""Images of products."""

from pathlib import PurePosixPath

from django.db import models
from django.db.models import Q
from django.urls import reverse
from simple_history.models import HistoricalRecords

MOST_IMAGES = 4


class ProductImage(models.Model):
    """An image of a product, at one of four places; one of them is the default.

    The file is what Ratebook encoded itself from what was uploaded; its name is made of its
    content, so the same name always holds the same image.
    """

    product = models.ForeignKey("catalog.Product", models.CASCADE, related_name="images")
    place = models.PositiveSmallIntegerField()
    file = models.FileField(max_length=120)
    thumbnail = models.FileField(max_length=120)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    alt_text = models.CharField(max_length=200, help_text="Read out where the image is not seen.")
    is_default = models.BooleanField(default=False, verbose_name="default")

    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="product_image_place",
                condition=Q(place__gte=1, place__lte=MOST_IMAGES),
                violation_error_message="A product has four images at most.",
            ),
            # Deferrable, so that two images can change places.
            models.UniqueConstraint(
                name="product_image_place_once",
                fields=["product", "place"],
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.UniqueConstraint(
                name="product_image_one_default",
                fields=["product"],
                condition=Q(is_default=True),
                violation_error_message="A product has one default image.",
            ),
            models.CheckConstraint(
                name="product_image_alt_text",
                condition=~Q(alt_text=""),
                violation_error_message="Say in words what the image shows.",
            ),
        ]

    def __str__(self) -> str:
        return self.alt_text

    @property
    def address(self) -> str:
        return _address(self.file.name)

    @property
    def thumbnail_address(self) -> str:
        return _address(self.thumbnail.name)


def _address(name: str | None) -> str:
    return reverse("catalog:product_image", args=[PurePosixPath(name or "").stem])
