"""Models of provisioning, one file a topic."""

from .providers import ActivationMethod, Distributor, ProductDistribution, Protocol, Provider
from .requests import BLOCKING_STATES, ProvisioningRequest, RequestKind, RequestState

__all__ = [
    "BLOCKING_STATES",
    "ActivationMethod",
    "Distributor",
    "ProductDistribution",
    "Protocol",
    "Provider",
    "ProvisioningRequest",
    "RequestKind",
    "RequestState",
]
