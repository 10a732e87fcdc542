"""What the frame of every page needs; worked out only when a template asks for it."""

from datetime import date, timedelta
from functools import cached_property

from django.conf import settings
from django.http import HttpRequest

from config.shared.navigation import Entry, Group, navigation_for, new_menu_for
from config.shared.operations.clock import offset_days, real_today

THEMES = ("light", "dark")


class PageFrame:
    """Menus, theme, environment and business day of the page that answers one request."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @cached_property
    def navigation(self) -> list[Group]:
        """The groups of the left rail; none before sign-in."""
        if not self.is_signed_in:
            return []
        return navigation_for(self._request.user, self._request.path)

    @cached_property
    def new_menu(self) -> list[Entry]:
        """The entries of the "+ New" menu."""
        return new_menu_for(self._request.user) if self.is_signed_in else []

    @property
    def is_signed_in(self) -> bool:
        """Whether somebody is signed in; false also where the request has no user yet."""
        user = getattr(self._request, "user", None)
        return user is not None and user.is_authenticated

    @property
    def theme(self) -> str:
        """The theme chosen by the user, or "" to follow the system."""
        theme = self._request.COOKIES.get("theme", "")
        return theme if theme in THEMES else ""

    @property
    def rail_is_hidden(self) -> bool:
        """Whether the user has put the left rail away."""
        return self._request.COOKIES.get("rail") == "hidden"

    @property
    def closed_groups(self) -> list[str]:
        """Slugs of the groups of the rail that the user has closed."""
        return self._request.COOKIES.get("rail_closed", "").split(".")

    @property
    def environment(self) -> str:
        """What the ribbon says: demo, test or production."""
        return str(settings.ENVIRONMENT)

    @cached_property
    def clock_offset(self) -> int:
        """Days that the business clock is ahead of the real one (negative: behind)."""
        return offset_days()

    @property
    def clock_distance(self) -> int:
        """Days between the business clock and the real one."""
        return abs(self.clock_offset)

    @cached_property
    def today(self) -> date:
        """The business day."""
        return real_today() + timedelta(days=self.clock_offset)


def page_frame(request: HttpRequest) -> dict[str, PageFrame]:
    """Add `frame` to the context of every template that is rendered with a request."""
    return {"frame": PageFrame(request)}
