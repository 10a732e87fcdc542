"""The simulated head-end's HTTP side.

POST /requests     a provisioning request; header Idempotency-Key
GET  /services     what is on and off, as JSON
GET  /             the same as a page to look at
GET  /health       "ok"
POST /faults       {"mode": "none" | "down" | "reject" | "slow", "times": n}: how it misbehaves
"""

import html
import json
import time
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from provisioning.providers.simulator.state import HeadEnd, Refused

MAX_BODY_BYTES = 1_000_000
SLOW_SECONDS = 8
PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8">
<title>Simulated head-end</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>body{{font:14px system-ui;margin:24px;color:#1e293b}}table{{border-collapse:collapse}}
td,th{{border:1px solid #cbd5e1;padding:6px 10px;text-align:left}}
.on{{color:#166534;font-weight:600}}
.off{{color:#991b1b;font-weight:600}}
td{{white-space:nowrap}}div{{overflow-x:auto}}</style></head><body><h1>Simulated head-end</h1>
<p>Services known: {total} ({on} on, {off} off). Requests accepted: {requests}.</p>
<div role="region" tabindex="0" aria-label="Services"><table>
<caption>Services, newest request last</caption><thead><tr><th scope="col">Subscription</th>
<th scope="col">Account</th><th scope="col">Service</th><th scope="col">Product</th>
<th scope="col">State</th></tr></thead><tbody>{rows}</tbody></table></div></body></html>"""
SHOWN_ROWS = 500
STATE_CELL = {True: '<td class="on">on</td>', False: '<td class="off">off</td>'}


class HeadEndServer(ThreadingHTTPServer):
    """Serves one HeadEnd; `fault` says how it misbehaves, `fault_times` how often still."""

    daemon_threads = True

    def __init__(self, address: tuple[str, int], head_end: HeadEnd) -> None:
        super().__init__(address, Handler)
        self.head_end = head_end
        self.fault = "none"
        self.fault_times = 0

    def next_fault(self) -> str:
        """Return the fault for the request at hand, and count it."""
        if self.fault == "none" or self.fault_times == 0:
            return "none"
        self.fault_times -= 1
        return self.fault


class Handler(BaseHTTPRequestHandler):
    server: HeadEndServer
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: Any) -> None:
        """Stay quiet: the head-end's own log is what it accepted."""

    def do_GET(self) -> None:
        if self.path == "/health":
            self._json(HTTPStatus.OK, {"status": "ok"})
        elif self.path == "/services":
            self._json(HTTPStatus.OK, self.server.head_end.snapshot())
        elif self.path == "/":
            self._answer(HTTPStatus.OK, "text/html; charset=utf-8", self._page().encode())
        else:
            self._json(HTTPStatus.NOT_FOUND, {"code": "NOT_FOUND", "text": "no such page"})

    def do_POST(self) -> None:
        try:
            length = int(self.headers.get("Content-Length", "0"))
            payload = json.loads(self.rfile.read(min(length, MAX_BODY_BYTES)))
        except ValueError:
            self._json(HTTPStatus.BAD_REQUEST, {"code": "NOT_JSON", "text": "send JSON"})
            return
        if self.path == "/faults":
            self.server.fault = str(payload.get("mode", "none"))
            self.server.fault_times = int(payload.get("times", 1))
            self._json(HTTPStatus.OK, {"status": "ok"})
        elif self.path == "/requests":
            self._request(payload)
        else:
            self._json(HTTPStatus.NOT_FOUND, {"code": "NOT_FOUND", "text": "no such page"})

    def _request(self, payload: dict[str, Any]) -> None:
        fault = self.server.next_fault()
        if fault == "down":
            self._json(HTTPStatus.SERVICE_UNAVAILABLE, {"code": "DOWN", "text": "out of order"})
            return
        if fault == "reject":
            self._json(
                HTTPStatus.UNPROCESSABLE_ENTITY, {"code": "REFUSED", "text": "told to reject"}
            )
            return
        try:
            answer = self.server.head_end.handle(self.headers.get("Idempotency-Key", ""), payload)
        except Refused as refusal:
            self._json(
                HTTPStatus.UNPROCESSABLE_ENTITY, {"code": refusal.code, "text": refusal.text}
            )
            return
        if fault == "slow":
            time.sleep(SLOW_SECONDS)
        self._json(HTTPStatus.OK, answer)

    def _page(self) -> str:
        services = [
            (subscription, number, service)
            for subscription, shelf in self.server.head_end.snapshot().items()
            for number, service in shelf.items()
        ]
        on = sum(1 for _, _, service in services if service["on"])
        rows = "".join(
            f"<tr><td>{html.escape(subscription)}</td><td>{html.escape(service['account'])}</td>"
            f"<td>{html.escape(number)}</td><td>{html.escape(service['product'])}</td>"
            f"{STATE_CELL[service['on']]}</tr>"
            for subscription, number, service in services[-SHOWN_ROWS:]
        )
        return PAGE.format(
            total=len(services),
            on=on,
            off=len(services) - on,
            requests=len(self.server.head_end.answers),
            rows=rows,
        )

    def _json(self, status: HTTPStatus, body: dict[str, Any]) -> None:
        self._answer(status, "application/json", json.dumps(body).encode())

    def _answer(self, status: HTTPStatus, content_type: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
