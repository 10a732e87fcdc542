"""Arrays as text: what a chunk hands to the database in one parameter."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection

from config.shared.db import array_of


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("values", "kind"),
    [
        pytest.param([3, 1, 2], "bigint", id="ids"),
        pytest.param([], "bigint", id="none at all"),
        pytest.param([Decimal("-0.0100"), Decimal("1E+3")], "numeric", id="amounts"),
        pytest.param([date(2026, 2, 28), None], "date", id="days, one unknown"),
        pytest.param([True, False], "boolean", id="truth values"),
    ],
)
def test_the_database_reads_an_array_as_it_was(values, kind: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT %s::{kind}[]", [array_of(values)])

        assert cursor.fetchone()[0] == values
