"""Signing in and changing one's password."""

from django.contrib import messages
from django.contrib.auth import views as auth_views
from django.contrib.auth.decorators import login_not_required
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator
from django_htmx.http import HttpResponseClientRedirect

from config.shared.views.access import SignedInMixin


@method_decorator(login_not_required, name="dispatch")
class SignInView(auth_views.LoginView):
    """Sign-in by name and password."""

    template_name = "registration/login.html"
    redirect_authenticated_user = True

    def dispatch(self, request, *args, **kwargs):
        """Lead an htmx request whose session has ended to the whole page, not a part of one."""
        if request.htmx:
            return HttpResponseClientRedirect(request.get_full_path())
        return super().dispatch(request, *args, **kwargs)


class ChangePasswordView(SignedInMixin, auth_views.PasswordChangeView):
    """Change one's own password."""

    template_name = "registration/password_change.html"
    success_url = reverse_lazy("home")

    def form_valid(self, form):
        """Save the password, keep the session and say so."""
        response = super().form_valid(form)
        messages.success(self.request, "Your password was changed.")
        return response
