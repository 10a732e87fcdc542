"""URLs of the shared pages: home, sign-in, password, business clock.

No namespace: `home` and `login` are named by settings.
"""

from django.contrib.auth import views as auth_views
from django.contrib.auth.decorators import login_not_required
from django.templatetags.static import static
from django.urls import path
from django.utils.functional import lazy
from django.views.generic import RedirectView

from config.shared.views.clock import MoveClockView
from config.shared.views.files import DownloadView
from config.shared.views.history import RecordHistoryView
from config.shared.views.home import HomeView
from config.shared.views.sign_in import ChangePasswordView, SignInView

# Asked for by pages that name no icon, such as those of the Django admin.
ICON = RedirectView.as_view(url=lazy(static, str)("img/mark.svg"))

urlpatterns = [
    path("favicon.ico", login_not_required(ICON), name="icon"),
    path("", HomeView.as_view(), name="home"),
    path("sign-in/", SignInView.as_view(), name="login"),
    path("sign-out/", auth_views.LogoutView.as_view(), name="logout"),
    path("password/", ChangePasswordView.as_view(), name="password_change"),
    path("history/<str:kind>/<int:pk>/", RecordHistoryView.as_view(), name="record_history"),
    path("files/<int:pk>/", DownloadView.as_view(), name="file"),
    path("setup/business-clock/", MoveClockView.as_view(), name="business_clock"),
]
