"""Middleware without domain words."""

import logging
from collections.abc import Callable
from typing import Any

from django.db import OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from config.shared.connections import Unreachable, find_unreachable

logger = logging.getLogger(__name__)
_RETRY_SECONDS = "10"


class UnreachableServerMiddleware:
    """Answers 503 with a plain page while the database or the message broker is out of reach.

    The database is asked before the view, through the health check that a kept connection
    makes anyhow once a request; so it costs no query of its own.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on; the work is done in the two hooks below."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_: Any) -> HttpResponse | None:
        """Answer 503 if there is no connection to be had, before any middleware needs one."""
        try:
            connection.close_if_health_check_failed()
            connection.ensure_connection()
        except OperationalError as error:
            return self.process_exception(request, error)
        return None

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Answer 503 if the view met an unreachable server; other errors are not ours."""
        problem = find_unreachable(error)
        if problem is None:
            return None
        logger.error("%s", problem.with_reason())
        return _page(problem)


def _page(problem: Unreachable) -> HttpResponse:
    # Rendered without the request: the frame of a page would ask the database.
    content = render_to_string("503.html", {"problem": problem})
    return HttpResponse(content, status=503, headers={"Retry-After": _RETRY_SECONDS})
