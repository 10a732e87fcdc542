"""Controls of forms without a template each: what Django's own widget templates would write."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from django.forms.renderers import DjangoTemplates
from django.utils.formats import localize
from django.utils.safestring import SafeString, mark_safe

from config.shared.escaping import escaped

WIDGETS: Final = "django/forms/widgets"
# Names of the templates that write an input: all but those of files with an initial one.
_INPUTS: Final = (
    *("checkbox", "color", "date", "datetime", "email", "file", "hidden", "input", "number"),
    *("password", "search", "tel", "text", "time", "url"),
)


class DirectRenderer(DjangoTemplates):
    """Writes inputs, selects and text areas itself; every other template is Django's."""

    def render(self, template_name: str, context: Any, request: Any = None) -> str:
        """Return the markup of a widget or form."""
        write = _WRITERS.get(template_name)
        if write is None:
            return super().render(template_name, context, request)
        return write(context["widget"])


def attributes_markup(attrs: Mapping[str, Any]) -> str:
    """Return the attributes of a control: False leaves one out, True leaves out its value."""
    return "".join(
        f" {escaped(name)}" if value is True else f' {escaped(name)}="{escaped(value)}"'
        for name, value in attrs.items()
        if value is not False
    )


def _input(widget: Mapping[str, Any]) -> SafeString:
    value = widget["value"]
    shown = "" if value is None else f' value="{escaped(value)}"'
    return mark_safe(
        f'<input type="{escaped(widget["type"])}" '
        f'name="{escaped(widget["name"])}"{shown}{attributes_markup(widget["attrs"])}>'
    )


def _textarea(widget: Mapping[str, Any]) -> SafeString:
    value = widget["value"]
    shown = escaped(value) if value else ""
    return mark_safe(
        f'<textarea name="{escaped(widget["name"])}"'
        f"{attributes_markup(widget['attrs'])}>\n{shown}</textarea>"
    )


def _select(widget: Mapping[str, Any]) -> SafeString:
    parts = []
    for group_name, options, _ in widget["optgroups"]:
        if group_name:
            parts.append(f'\n  <optgroup label="{escaped(group_name)}">')
        parts.extend(f"\n  {_option(option)}" for option in options)
        if group_name:
            parts.append("\n  </optgroup>")
    return mark_safe(
        f'<select name="{escaped(widget["name"])}"'
        f"{attributes_markup(widget['attrs'])}>{''.join(parts)}\n</select>"
    )


def _option(option: Mapping[str, Any]) -> str:
    label = option["label"]
    return (
        f'<option value="{escaped(option["value"])}"'
        f"{attributes_markup(option['attrs'])}>"
        f"{escaped(label if isinstance(label, str) else localize(label))}</option>"
    )


_WRITERS: Final[dict[str, Callable[[Mapping[str, Any]], SafeString]]] = {
    **{f"{WIDGETS}/{name}.html": _input for name in _INPUTS},
    f"{WIDGETS}/textarea.html": _textarea,
    f"{WIDGETS}/select.html": _select,
}
