"""The history of a record as a panel of its page."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest

from config.shared.panels import Panel
from config.shared.queries.history import history_of


class HistoryPanel(Panel):
    """Who changed what, and when: of any record that keeps history, and of its parts.

    Name it in `own_panels` or in a settings list. It stands on the tab "history" where the page has
    one, else on the first; a subclass may say otherwise. Parts are those of `HISTORY_PARTS`.
    """

    title = "History"
    slug = "history"
    template_name = "shared/partials/history_panel.html"
    tab = "history"
    order = 90

    def context(self, obj: Any, request: HttpRequest) -> Mapping[str, Any]:
        """Return fifty acts, the newest or those before `?older=`."""
        return {"history": asked_history(obj, request)}


def asked_history(obj: Any, request: HttpRequest) -> Any:
    """Return the part of a record's history that the address asks for and the user may see."""
    asked = request.GET.get("older", "")
    skip = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 9 else 0
    return history_of(obj, skip=skip, may_see=request.user.has_perm)
