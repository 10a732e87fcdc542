"""What the simulated head-end knows: which services are on, and which requests it has seen."""

import json
import threading
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

SWITCH = {
    "ACTIVATE_SERVICE": True,
    "DEACTIVATE_SERVICE": False,
    "ACTIVATE_SUBSCRIBER": True,
    "DEACTIVATE_SUBSCRIBER": False,
}


class Refused(Exception):
    """The head-end rejects the request, with a code and a text."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code
        self.text = text


@dataclass
class HeadEnd:
    """Services by (subscription, service number). With a journal file, it survives a restart.

    Every accepted request is one line of the journal; a repeated idempotency key gets the first
    answer again and changes nothing.
    """

    journal: Path | None = None
    services: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)
    answers: dict[str, dict[str, Any]] = field(default_factory=dict)
    log: list[dict[str, Any]] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        if self.journal is not None and self.journal.exists():
            for line in self.journal.read_text().splitlines():
                entry = json.loads(line)
                self._do(entry["key"], entry["payload"])

    def handle(self, key: str, payload: dict[str, Any]) -> dict[str, Any]:
        """Carry out one request and return the answer; raises Refused."""
        with self._lock:
            if key in self.answers:
                return self.answers[key]
            answer = self._do(key, payload)
            if self.journal is not None:
                with self.journal.open("a") as journal:
                    journal.write(json.dumps({"key": key, "payload": payload}) + "\n")
            return answer

    def _do(self, key: str, payload: dict[str, Any]) -> dict[str, Any]:
        kind = payload.get("type")
        if kind not in SWITCH:
            raise Refused("UNKNOWN_TYPE", f"this head-end does not know {kind}")
        services = payload.get("services") or []
        if not payload.get("subscription") or not services:
            raise Refused("INCOMPLETE", "subscription and services are needed")
        shelf = self.services.setdefault(payload["subscription"], {})
        for service in services:
            shelf[service["number"]] = {
                "product": service["product"],
                "distributors": service.get("distributors", []),
                "account": payload.get("account", ""),
                "on": SWITCH[kind],
            }
        answer = {"status": "ok", "reference": f"HE-{len(self.answers) + 1:06d}"}
        self.answers[key] = answer
        self.log.append(payload)
        return answer

    def snapshot(self) -> dict[str, dict[str, dict[str, Any]]]:
        """Return a copy of all services by subscription and service number."""
        with self._lock:
            return deepcopy(self.services)
