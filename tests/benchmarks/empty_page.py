"""A page of the frame alone, as large as another: what a page costs before it shows anything."""

from functools import cache
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import URLPattern, URLResolver, include, path
from django.utils.safestring import mark_safe

FRAME = "{% extends 'base.html' %}{% block content %}{{ filler }}{% endblock content %}"


@cache
def template() -> Any:
    """Return the frame with nothing but a filler in it."""
    return engines["django"].from_string(FRAME)


@cache
def reader() -> User:
    """Return somebody who sees the whole rail, asked for once."""
    return User.objects.get(username="bench")


@login_not_required
def empty_page(request: HttpRequest, size: int) -> HttpResponse:
    """Return the frame and so many bytes."""
    request.user = reader()
    filler = mark_safe("x" * size)
    return HttpResponse(template().render({"filler": filler}, request))


@login_not_required
def bare_page(request: HttpRequest, size: int) -> HttpResponse:
    """Return so many bytes and no frame: what an answer to htmx is compared with."""
    return HttpResponse("x" * size)


urlpatterns: list[URLPattern | URLResolver] = [
    path("empty/<int:size>/", empty_page),
    path("bare/<int:size>/", bare_page),
    path("", include("config.urls")),
]

handler403 = "config.shared.views.errors.permission_denied"
handler404 = "config.shared.views.errors.page_not_found"
handler500 = "config.shared.views.errors.server_error"
