"""Connectors to outside systems, one module a protocol."""

from provisioning.models import Protocol, Provider
from provisioning.providers.base import Answer, Connector, DeliveryFailed, Outgoing
from provisioning.providers.http_json import HttpJsonConnector

__all__ = ["Answer", "Connector", "DeliveryFailed", "Outgoing", "connector_for"]


def connector_for(provider: Provider) -> Connector:
    """Return the connector that speaks the provider's protocol."""
    if provider.protocol == Protocol.HTTP_JSON:
        return HttpJsonConnector(url=provider.url, timeout_seconds=provider.timeout_seconds)
    raise ValueError(f"no connector speaks {provider.protocol}")
