"""Numbers: gap-free series, readable numbers of objects."""

import threading
from datetime import date

import pytest
from django.db import connection, transaction

from config.shared.models import Note, NumberSeries
from config.shared.operations.numbers import (
    NoSuchSeries,
    SeriesGoesBack,
    ensure_series,
    new_number,
    take_numbers,
)

MARCH_1, MARCH_2 = date(2026, 3, 1), date(2026, 3, 2)


class Undone(Exception):
    """A transaction that is rolled back on purpose."""


@pytest.mark.django_db
def test_series_gives_a_block_of_padded_numbers():
    ensure_series("invoice", prefix="INV-", width=4)

    first = take_numbers("invoice", 2)
    second = take_numbers("invoice", 1)

    assert [*first, *second] == ["INV-0001", "INV-0002", "INV-0003"]


@pytest.mark.django_db
def test_series_that_exists_stays_as_it_is():
    ensure_series("invoice", prefix="INV-")
    take_numbers("invoice", 5)

    series = ensure_series("invoice", prefix="OTHER-")

    assert (series.prefix, series.next_value) == ("INV-", 6)


@pytest.mark.django_db
def test_rolled_back_block_is_given_again():
    ensure_series("invoice", prefix="", width=1)
    with transaction.atomic():
        take_numbers("invoice", 3)
        transaction.set_rollback(True)

    assert take_numbers("invoice", 1) == ["1"]


@pytest.mark.django_db
def test_series_refuses_a_day_before_its_last():
    ensure_series("invoice", prefix="")
    take_numbers("invoice", 1, issued_on=MARCH_2)

    with pytest.raises(SeriesGoesBack, match="issued numbers for 2 Mar 2026"):
        take_numbers("invoice", 1, issued_on=MARCH_1)

    assert NumberSeries.objects.get().next_value == 2


@pytest.mark.django_db
def test_unknown_series_is_refused():
    with pytest.raises(NoSuchSeries, match="no number series “receipt”"):
        take_numbers("receipt", 1)


@pytest.mark.django_db
def test_readable_number_is_made_of_the_primary_key():
    pk, number = new_number(Note, "N")

    assert number == f"N-{pk:06d}"


@pytest.mark.django_db(transaction=True)
def test_numbers_are_gap_free_with_posters_that_roll_back():
    ensure_series("invoice", prefix="", width=1)
    taken: list[int] = []

    def post(poster: int) -> None:
        for turn in range(30):
            try:
                with transaction.atomic():
                    numbers = take_numbers("invoice", 1 + turn % 3)
                    if (turn + poster) % 10 == 0:
                        raise Undone
                taken.extend(map(int, numbers))
            except Undone:
                continue
        connection.close()

    posters = [threading.Thread(target=post, args=(poster,)) for poster in range(4)]
    for poster in posters:
        poster.start()
    for poster in posters:
        poster.join()

    assert sorted(taken) == list(range(1, len(taken) + 1))
    assert NumberSeries.objects.get().next_value == len(taken) + 1
