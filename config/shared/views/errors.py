"""Error pages: what happened, in words; never a stack trace.

Servers out of reach are answered by config.shared.middleware before they come here.
"""

import logging
import secrets
import sys

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import loader

logger = logging.getLogger(__name__)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 403 with the frame, so that the user can go elsewhere."""
    return render(request, "403.html", status=403)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 404 with the frame."""
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer 500 with a reference that is in the log.

    The page is rendered without the request: what failed may be what the frame needs.
    """
    reference = secrets.token_hex(4).upper()
    error = sys.exc_info()[1]
    logger.error("Error page %s for %s %s: %r", reference, request.method, request.path, error)
    return HttpResponse(loader.render_to_string("500.html", {"reference": reference}), status=500)
