"""Browsers of people who look at pages of pricing."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from tests.people import person


@pytest.fixture
def admin(client: Client, admin_user: User) -> Client:
    """Somebody who may do everything."""
    client.force_login(admin_user)
    return client


@pytest.fixture
def reader(client: Client) -> Client:
    """A CSR: reads the catalogue and changes none of it."""
    client.force_login(person("CSR"))
    return client
