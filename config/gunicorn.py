"""How gunicorn serves Ratebook: `gunicorn --config python:config.gunicorn config.wsgi`.

Put a reverse proxy in front of it for TLS and slow clients; see README, "Running it".
"""

import os
from typing import Any

bind = os.environ.get("BIND", "127.0.0.1:8000")
worker_class = "gthread"
workers = int(os.environ.get("WEB_PROCESSES", "2"))
threads = int(os.environ.get("WEB_THREADS", "4"))
timeout = 30
graceful_timeout = 10
keepalive = 5
# Workers are renewed now and then, not all at once.
max_requests = 2_000
max_requests_jitter = 200
limit_request_line = 8_190
limit_request_fields = 100
limit_request_field_size = 8_190
control_socket_disable = True
accesslog = "-" if os.environ.get("ACCESS_LOG") else None


def on_starting(server: Any) -> None:
    """Mark embedded servers as used for as long as the web server lives."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from config.embedded.supervisor import hold_if_embedded

    hold_if_embedded()
