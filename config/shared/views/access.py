"""Who may open a page. Every view names it; the tests refuse a view that does not."""

from django.contrib.auth.mixins import LoginRequiredMixin


class SignedInMixin(LoginRequiredMixin):
    """Open to everybody who is signed in: home, own password. Nothing that names a customer."""
