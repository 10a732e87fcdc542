"""Panels: the pieces that pages of lower apps are composed of, named in lists in settings.

A panel class has class attributes and up to four methods. `load_panels("PRODUCT_PANELS")`
returns one instance of each class of the list, ordered; `shown_panels` asks those that suit an
object for their context.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, ClassVar
from uuid import uuid4

from django import forms
from django.conf import settings
from django.http import HttpRequest
from django.utils.module_loading import import_string

from config.shared.operations.clock import offset_days, real_today, today


class Panel:
    """A titled piece of a page. Subclass, set the attributes, name the class in a settings list.

    With a `form_class`, a POST to the page with `panel=<slug>` builds the form, and `submit`
    makes one operation call; errors named in `refusals` are shown on the form.
    """

    title: ClassVar[str]
    slug: ClassVar[str]
    template_name: ClassVar[str]
    tab: ClassVar[str] = ""
    """Slug of the page's tab; "" is the first."""
    permission: ClassVar[str] = ""
    """Who sees the panel; "" is everybody who may see the page."""
    order: ClassVar[int] = 50
    wide: ClassVar[bool] = True
    """Whether the panel takes the page's full width where there are two columns."""
    form_class: ClassVar[type[forms.BaseForm] | None] = None
    form_permission: ClassVar[str] = ""
    submit_label: ClassVar[str] = "Save"
    refusals: ClassVar[tuple[type[Exception], ...]] = ()

    def suits(self, obj: Any) -> bool:
        """Return whether the panel is shown for this object."""
        return True

    def context(self, obj: Any, request: HttpRequest) -> Mapping[str, Any]:
        """Return what the template needs; all the panel's queries are made here.

        A `count` in it is shown beside the title. A `form` in it (made by `fresh_form` of what was
        read anyhow, or None) is shown as it is; otherwise one is made of `form_kwargs`.
        """
        return {}

    def form_kwargs(self, obj: Any, request: HttpRequest) -> dict[str, Any]:
        """Return the arguments of the form beside its data: initial, querysets."""
        return {}

    def fresh_form(self, request: HttpRequest, **kwargs: Any) -> Any:
        """Return the panel's form as one finds it; None for those who may not send it."""
        if not self.may_submit(request) or self.form_class is None:
            return None
        return self.form_class(prefix=self.slug, **kwargs)

    def submit(self, obj: Any, request: HttpRequest, form: Any) -> str:
        """Make the operation call for a valid form and return the message of success."""
        raise NotImplementedError(f"{type(self).__name__} has a form and no submit().")

    def facts(self, obj: Any, request: HttpRequest) -> Iterable[Any]:
        """Return key facts that the panel adds to the page's header, whichever tab is open."""
        return ()

    def actions(self, obj: Any, request: HttpRequest) -> Iterable[Any]:
        """Return actions that the panel adds to the page's header."""
        return ()

    def alerts(self, obj: Any, request: HttpRequest) -> Iterable[Any]:
        """Return lines under the page's header that one must not miss."""
        return ()

    def may_view(self, request: HttpRequest) -> bool:
        """Return whether the user sees the panel."""
        return not self.permission or request.user.has_perm(self.permission)

    def may_submit(self, request: HttpRequest) -> bool:
        """Return whether the user is offered the panel's form; on a print sheet nobody is."""
        if self.form_class is None or getattr(request, "is_print_sheet", False):
            return False
        return not self.form_permission or request.user.has_perm(self.form_permission)


@dataclass(frozen=True)
class ShownPanel:
    """A panel as one page shows it: what the templates read."""

    panel: Panel
    context: Mapping[str, Any] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """The heading."""
        return self.panel.title

    @property
    def slug(self) -> str:
        """The anchor and the value of `panel` in a POST."""
        return self.panel.slug

    @property
    def wide(self) -> bool:
        """Whether it takes the full width."""
        return self.panel.wide

    @property
    def template_name(self) -> str:
        """The template of the body."""
        return self.panel.template_name

    @property
    def submit_label(self) -> str:
        """What the button of the form says."""
        return self.panel.submit_label

    @property
    def count(self) -> Any:
        """The number beside the title, or None."""
        return self.context.get("count")


@cache
def _load(setting_name: str, paths: tuple[str, ...]) -> tuple[Panel, ...]:
    panels: list[Panel] = [import_string(path)() for path in paths]
    return tuple(sorted(panels, key=lambda panel: panel.order))


def load_panels(setting_name: str) -> tuple[Panel, ...]:
    """Return the panels that a settings list names, by `order` and then as listed."""
    return _load(setting_name, tuple(getattr(settings, setting_name)))


def suitable_panels(panels: Iterable[Panel], obj: Any, request: HttpRequest) -> list[Panel]:
    """Return the panels that suit `obj` and that the user may see."""
    return [panel for panel in panels if panel.may_view(request) and panel.suits(obj)]


def show_panel(panel: Panel, obj: Any, request: HttpRequest, **extra: Any) -> ShownPanel:
    """Return `panel` with its context for `obj`; `extra` (such as a form in error) goes on top.

    `form` is always in the context: None where the panel has none for this user.
    """
    shown = panel.context(obj, request)
    context = {"object": obj, "form": None, "form_token": uuid4(), **shown, **extra}
    if "form" not in shown and "form" not in extra and panel.may_submit(request):
        context["form"] = panel.fresh_form(request, **panel.form_kwargs(obj, request))
    return ShownPanel(panel, context)


class BusinessClockPanel(Panel):
    """Which day it is for the business, on the home page."""

    title = "Business day"
    slug = "business-clock"
    template_name = "shared/partials/business_clock_panel.html"
    order = 90
    wide = False

    def context(self, obj: Any, request: HttpRequest) -> Mapping[str, Any]:
        """Return the business day, the real one and the distance; one query."""
        return {
            "business_day": today(),
            "real_day": real_today(),
            "offset": offset_days(),
            "may_move": settings.BUSINESS_CLOCK_MOVABLE
            and request.user.has_perm("shared.change_businessclock"),
        }
