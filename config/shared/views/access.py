"""Who may open a page. Every view names it; the tests refuse a view that does not."""

from django.contrib.auth.mixins import LoginRequiredMixin
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest


class SignedInMixin(LoginRequiredMixin):
    """Open to everybody who is signed in: home, own password. Nothing that names a customer."""


def user_of(request: HttpRequest) -> User:
    """Return who is signed in. Raises PermissionDenied."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user
