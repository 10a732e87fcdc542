"""The one page of a record: header with facts and actions, tabs as links, panels of every app."""

from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.core.exceptions import BadRequest, PermissionDenied, ValidationError
from django.shortcuts import redirect, render
from django.views.generic import DetailView
from django_htmx.http import trigger_client_event

from config.shared.operations.form_tokens import AlreadySent, act_once
from config.shared.panels import load_panels, show_panel, suitable_panels
from config.shared.views.form_pages import show_refusal, token_of


@dataclass(frozen=True)
class Fact:
    """A key fact of the header. `value` may be markup made by format_html."""

    label: str
    value: object


@dataclass(frozen=True)
class Action:
    """Something to do with the record: a link to the page that does it.

    Primary ones are buttons; the rest stand in the "Actions" menu, parted by `group`. `key` is a
    single-key shortcut. Shown to those with the permission ("" = all who see the page).
    """

    label: str
    url: str
    permission: str = ""
    primary: bool = False
    icon: str = ""
    key: str = ""
    group: str = ""


@dataclass(frozen=True)
class Alert:
    """A line under the header: tone is info, success, warning or error."""

    text: str
    tone: str = "warning"


@dataclass(frozen=True)
class TabLink:
    """A tab of the page."""

    slug: str
    label: str
    url: str
    is_current: bool


class ObjectPageMixin:
    """Composes the page from the panels that the settings list `panel_setting` names.

    Attributes: `panel_setting`, `tabs` ((slug, label) pairs, the first is the default),
    `own_panels` (panel classes of this page that no list needs to name). Methods to override:
    `get_title`, `get_number`, `get_state` ((value, label) or None), `get_facts`, `get_actions`,
    `get_alerts`, `get_parents`. Panels add facts, actions and alerts of their own to the header.

    With `section_index` a list of the open tab's panels, each with its count, stands beside them.
    With `print_sheet`, `?print=yes` answers with all panels of all tabs to read, on one sheet.
    """

    template_name = "components/object_page.html"
    panel_setting = ""
    own_panels = ()
    tabs = (("overview", "Overview"),)
    section_index = False
    print_sheet = False

    def dispatch(self, request, *args, **kwargs):
        """Note where the page is asked for as a print sheet."""
        request.is_print_sheet = self.print_sheet and request.GET.get("print") == "yes"
        return super().dispatch(request, *args, **kwargs)

    def get_template_names(self):
        """Return the page's template, or that of the print sheet."""
        if self.request.is_print_sheet:
            return ["components/print_sheet.html"]
        return super().get_template_names()

    def get_title(self) -> str:
        """Return the heading."""
        return str(self.object)

    def get_number(self) -> str:
        """Return the readable number or code beside the heading."""
        return ""

    def get_state(self) -> tuple[str, str] | None:
        """Return the state for the badge: (value, label), or None."""
        return None

    def get_facts(self) -> list[Fact]:
        """Return the four to six facts of the header."""
        return []

    def get_actions(self) -> list[Action]:
        """Return what can be done from here."""
        return []

    def get_alerts(self) -> list[Alert]:
        """Return what one must not miss."""
        return []

    def get_parents(self):
        """Return the breadcrumbs above: (label, url) pairs."""
        return []

    def get_panels(self):
        """Return all panels that suit the record, in order."""
        named = load_panels(self.panel_setting) if self.panel_setting else ()
        panels = sorted(
            [*(panel() for panel in self.own_panels), *named], key=lambda panel: panel.order
        )
        return suitable_panels(panels, self.object, self.request)

    def tab_of(self, panel) -> str:
        """Return the tab a panel stands on; an unknown one means the first."""
        slugs = [slug for slug, _ in self.tabs]
        return panel.tab if panel.tab in slugs else slugs[0]

    def get_context_data(self, **kwargs):
        """Add what components/object_page.html reads; only the open tab's panels are asked."""
        panels = self.get_panels()
        order = [slug for slug, _ in self.tabs]
        panels.sort(key=lambda panel: order.index(self.tab_of(panel)))
        filled = {self.tab_of(panel) for panel in panels}
        tabs = [(slug, label) for slug, label in self.tabs if slug in filled]
        slugs = [slug for slug, _ in tabs]
        asked = self.request.GET.get("tab", "")
        current = asked if asked in slugs else next(iter(slugs), "")
        actions = [
            action
            for action in [*self.get_actions(), *self._added(panels, "actions")]
            if not action.permission or self.request.user.has_perm(action.permission)
        ]
        bound = kwargs.pop("bound_forms", {})
        is_sheet = self.request.is_print_sheet
        context = {
            "title": self.get_title(),
            "number": self.get_number(),
            "state": self.get_state(),
            "facts": [*self.get_facts(), *self._added(panels, "facts")],
            "primary_actions": [action for action in actions if action.primary],
            "more_actions": [action for action in actions if not action.primary],
            "alerts": [*self.get_alerts(), *self._added(panels, "alerts")],
            "parents": self.get_parents(),
            "tabs": [TabLink(slug, label, f"?tab={slug}", slug == current) for slug, label in tabs],
            "panels": [
                show_panel(panel, self.object, self.request, **bound.get(panel.slug, {}))
                for panel in panels
                if is_sheet or self.tab_of(panel) == current
            ],
            "has_section_index": self.section_index,
        }
        return super().get_context_data(**{**context, **kwargs})

    def _added(self, panels, what: str) -> list:
        """Return the facts, actions or alerts that the panels of all tabs add to the header."""
        return [one for panel in panels for one in getattr(panel, what)(self.object, self.request)]

    def post(self, request, *args, **kwargs):
        """Pass the form of the panel that was sent to its `submit`, once."""
        self.object = self.get_object()
        slug = request.POST.get("panel", "")
        panel = next((one for one in self.get_panels() if one.slug == slug), None)
        if panel is None:
            raise BadRequest("No such panel on this page.")
        if not panel.may_submit(request):
            raise PermissionDenied
        form = panel.form_class(
            request.POST,
            request.FILES,
            prefix=panel.slug,
            **panel.form_kwargs(self.object, request),
        )
        if not form.is_valid() or not self._submit(panel, form):
            return self._panel_answer(panel, form)
        if request.htmx:
            # Other panels of the page may show what follows from this one.
            return trigger_client_event(self._panel_answer(panel), "panelsaved")
        return redirect(f"{request.get_full_path()}#{panel.slug}")

    def _submit(self, panel, form) -> bool:
        try:
            message = act_once(
                token_of(self.request), lambda: panel.submit(self.object, self.request, form)
            )
        except AlreadySent as sent:
            messages.info(self.request, str(sent))
            return True
        except (*panel.refusals, ValidationError) as refusal:
            show_refusal(form, refusal)
            return False
        messages.success(self.request, message)
        return True

    def _panel_answer(self, panel, form=None):
        extra = {} if form is None else {"form": form}
        if self.request.htmx:
            shown = show_panel(panel, self.object, self.request, **extra)
            answer = {"panel": shown, "has_section_index": self.section_index}
            return render(self.request, "components/panel_answer.html", answer)
        return self.render_to_response(self.get_context_data(bound_forms={panel.slug: extra}))


class ObjectPageView(PermissionRequiredMixin, ObjectPageMixin, DetailView):
    """A record's page."""
