"""What every connector to a provider does: send one request, tell what came back."""

from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID


class DeliveryFailed(Exception):
    """The request may or may not have arrived; sending it again is safe and due."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A request on its way: `payload` is JSON, repeats carry the same `idempotency_key`."""

    number: str
    idempotency_key: UUID
    payload: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Answer:
    """A provider's answer: accepted, or rejected with a code and a text."""

    accepted: bool
    body: dict[str, Any]
    error_code: str = ""
    error_text: str = ""


class Connector(Protocol):
    """An adapter to one kind of provider; the contract test in tests/provisioning holds for all."""

    def send(self, outgoing: Outgoing) -> Answer:
        """Deliver one request and return the answer; raise DeliveryFailed when there was none."""
        ...
