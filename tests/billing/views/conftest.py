"""A February with a bill to look at, and people of the roles that look at it."""

from datetime import date

import pytest
from django.test import Client

from config.shared.operations.clock import set_clock

FEBRUARY = date(2026, 2, 1)


@pytest.fixture(autouse=True)
def february(db: None) -> None:
    """Let it be 1 February 2026."""
    set_clock(FEBRUARY, None)


@pytest.fixture
def csr(browse) -> Client:
    """The browser of a CSR."""
    return browse("CSR")


@pytest.fixture
def operator(browse) -> Client:
    """The browser of a billing operator."""
    return browse("Billing operator")
