"""Files and addresses that people attach to any record."""

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords


class Attachment(models.Model):
    """A file, or the address of a page, that belongs to a record.

    A file is only ever handed out as a download, under the name it was uploaded with; in the
    storage its name is made of its content.
    """

    content_type = models.ForeignKey(ContentType, models.CASCADE, related_name="+")
    object_id = models.BigIntegerField(db_index=True)
    subject = GenericForeignKey("content_type", "object_id")
    title = models.CharField(max_length=120)
    file = models.FileField(max_length=120, blank=True)
    file_name = models.CharField(max_length=120, blank=True)
    size_bytes = models.PositiveBigIntegerField(null=True, blank=True)
    url = models.URLField(max_length=500, blank=True, verbose_name="address")
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="attachment_file_or_url",
                condition=Q(file="") & ~Q(url="") | ~Q(file="") & Q(url=""),
                violation_error_message="Give a file or an address.",
            ),
        ]

    def __str__(self) -> str:
        return self.title
