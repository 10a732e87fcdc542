"""People of the roles that look at provisioning."""

import pytest
from django.test import Client

from tests.people import person


@pytest.fixture
def browse(db: None):
    """Return a function: the browser of somebody of a role."""

    def sign_in(role: str) -> Client:
        client = Client()
        client.force_login(person(role))
        return client

    return sign_in


@pytest.fixture
def technician(browse) -> Client:
    """The browser of a technician, who retries and skips requests."""
    return browse("Technician")


@pytest.fixture
def configurator(browse) -> Client:
    """The browser of a configurator, who keeps providers."""
    return browse("Configurator")


@pytest.fixture
def csr(browse) -> Client:
    """The browser of a CSR, who only looks."""
    return browse("CSR")


@pytest.fixture
def stranger(browse) -> Client:
    """The browser of somebody without rights."""
    return browse("")
