"""People of the roles that look at provisioning."""

import pytest
from django.test import Client


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
