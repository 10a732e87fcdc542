"""URLs of the shared pages: home, sign-in, password, business clock.

No namespace: `home` and `login` are named by settings.
"""

from django.contrib.auth import views as auth_views
from django.urls import path

from config.shared.views.clock import MoveClockView
from config.shared.views.files import DownloadView
from config.shared.views.history import RecordHistoryView
from config.shared.views.home import HomeView
from config.shared.views.sign_in import ChangePasswordView, SignInView

urlpatterns = [
    path("", HomeView.as_view(), name="home"),
    path("sign-in/", SignInView.as_view(), name="login"),
    path("sign-out/", auth_views.LogoutView.as_view(), name="logout"),
    path("password/", ChangePasswordView.as_view(), name="password_change"),
    path("history/<str:kind>/<int:pk>/", RecordHistoryView.as_view(), name="record_history"),
    path("files/<int:pk>/", DownloadView.as_view(), name="file"),
    path("setup/business-clock/", MoveClockView.as_view(), name="business_clock"),
]
