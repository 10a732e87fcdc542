"""The connector for providers that take requests as JSON over HTTP."""

import json
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from provisioning.providers.base import Answer, DeliveryFailed, Outgoing

MAX_ANSWER_BYTES = 1_000_000


class HttpJsonConnector:
    """POSTs each request to `<url>/requests` with its idempotency key as a header.

    2xx is accepted; 409 and 422 are rejections, whose body names `code` and `text`; anything
    else, and no answer within the time-out, is a failed delivery.
    """

    def __init__(self, *, url: str, timeout_seconds: float) -> None:
        if not url.startswith(("http://", "https://")):
            raise ValueError(f"{url} is not an HTTP address")
        self.url = url.rstrip("/") + "/requests"
        self.timeout_seconds = timeout_seconds

    def send(self, outgoing: Outgoing) -> Answer:
        request = Request(
            self.url,
            data=json.dumps(outgoing.payload).encode(),
            headers={
                "Content-Type": "application/json",
                "Idempotency-Key": str(outgoing.idempotency_key),
            },
            method="POST",
        )
        try:
            with urlopen(request, timeout=self.timeout_seconds) as response:
                return Answer(accepted=True, body=_body(response.read(MAX_ANSWER_BYTES)))
        except HTTPError as error:
            if error.code not in (409, 422):
                raise DeliveryFailed(f"the provider answered {error.code}") from error
            with error:
                body = _body(error.read(MAX_ANSWER_BYTES))
            return Answer(
                accepted=False,
                body=body,
                error_code=str(body.get("code", error.code)),
                error_text=str(body.get("text", "rejected without a text")),
            )
        except (OSError, HTTPException) as error:
            raise DeliveryFailed(f"no answer from {self.url}: {error}") from error


def _body(raw: bytes) -> dict[str, Any]:
    try:
        body = json.loads(raw or b"{}")
    except ValueError as error:
        raise DeliveryFailed("the provider's answer is not JSON") from error
    if not isinstance(body, dict):
        raise DeliveryFailed("the provider's answer is not a JSON object")
    return body
