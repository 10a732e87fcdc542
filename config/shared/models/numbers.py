"""Number series: gap-free numbers of documents and readable numbers of objects."""

from django.db import models


class NumberSeries(models.Model):
    """A gap-free counter; the number reads prefix + value padded to `width`.

    Values are handed out by `config.shared.operations.numbers.take_numbers` alone, as one block
    under the row's lock, last in the transaction. A series refuses an issue date before its last.
    """

    code = models.CharField(max_length=40, unique=True)
    prefix = models.CharField(max_length=12, blank=True)
    width = models.PositiveSmallIntegerField(default=6)
    next_value = models.BigIntegerField(default=1)
    last_issued_on = models.DateField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "number series"

    def __str__(self) -> str:
        return self.code
