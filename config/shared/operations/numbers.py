"""Numbers: gap-free ones of documents from a series, and readable ones of objects."""

from datetime import date

from django.db import models, transaction

from config.shared.db import take_ids
from config.shared.models import NumberSeries


class NumberError(Exception):
    """A number cannot be given."""


class NoSuchSeries(NumberError):
    """No number series has the code."""


class SeriesGoesBack(NumberError):
    """The series has issued a number for a later day already."""


def ensure_series(code: str, *, prefix: str, width: int = 6) -> NumberSeries:
    """Return the number series, created at 1 if there is none; an existing one stays as it is."""
    series, _ = NumberSeries.objects.get_or_create(
        code=code, defaults={"prefix": prefix, "width": width}
    )
    return series


@transaction.atomic
def take_numbers(code: str, count: int, *, issued_on: date | None = None) -> list[str]:
    """Take the next `count` numbers of a series, ascending.

    Locks the series until the caller's transaction ends: whoever else wants a number waits, and
    a rollback gives the block back, so no number is ever missing. Therefore take numbers last.

    `issued_on` is the day on which the documents are issued; a series never goes back.
    Raises NoSuchSeries or SeriesGoesBack.
    """
    if count < 0:
        raise ValueError("count is negative")
    if count == 0:
        return []
    series = NumberSeries.objects.select_for_update(no_key=True).filter(code=code).first()
    if series is None:
        raise NoSuchSeries(f"There is no number series “{code}”.")
    last = series.last_issued_on
    if issued_on is not None and last is not None and issued_on < last:
        raise SeriesGoesBack(
            f"Number series “{code}” has issued numbers for {last:%-d %b %Y}; "
            f"it cannot issue one for {issued_on:%-d %b %Y}."
        )
    first = series.next_value
    series.next_value = first + count
    series.last_issued_on = issued_on or last
    series.save(update_fields=["next_value", "last_issued_on"])
    return [f"{series.prefix}{value:0{series.width}}" for value in range(first, first + count)]


def new_number(model: type[models.Model], prefix: str) -> tuple[int, str]:
    """Return a fresh primary key of `model` and the number made of it: 12 and `A-000012`.

    For objects whose numbers may have gaps.
    """
    (pk,) = take_ids(model, 1)
    return pk, f"{prefix}-{pk:06d}"
