"""A form field as crispy-bootstrap5 draws it, without its templates where it has no errors."""

from typing import Any

from crispy_forms.templatetags.crispy_forms_filters import as_crispy_field, optgroups
from django import forms
from django.forms.boundfield import BoundField
from django.utils.safestring import SafeString, mark_safe

from config.shared.escaping import escaped
from config.shared.form_renderer import attributes_markup
from config.shared.kept_files import KeptBoundField

_CONTROLS = (forms.widgets.Input, forms.Textarea, forms.Select)
_STAR = '<span class="asteriskField">*</span>'


def field_markup(field: BoundField) -> SafeString:
    """Return label, control and help of a field; one with errors is left to crispy, whose markup
    this repeats.
    """
    if isinstance(field, KeptBoundField):
        return _drawn(field) + field.kept_markup()
    return _drawn(field)


def _drawn(field: BoundField) -> SafeString:
    widget = field.field.widget
    if field.errors or field.is_hidden:
        return _by_crispy(field)
    if isinstance(widget, forms.RadioSelect):
        return _boxes(field)
    if not isinstance(widget, _CONTROLS) or field.use_fieldset:
        return _by_crispy(field)
    if isinstance(widget, forms.CheckboxInput):
        return _box(field)
    if isinstance(widget, forms.FileInput):
        return _by_crispy(field) if field.initial else _file(field)
    _dress(widget, "form-select" if isinstance(widget, forms.Select) else "form-control")
    return mark_safe(
        f'<div id="div_{escaped(field.auto_id)}" class="{_classes("mb-3", field)}">'
        f"{_label(field, 'form-label') if field.label else ''}{field}{_help(field)}</div>"
    )


def _by_crispy(field: BoundField) -> SafeString:
    markup: SafeString = as_crispy_field(field)
    return markup


def _box(field: BoundField) -> SafeString:
    """Return a box to tick, its label behind it."""
    _dress(field.field.widget, "form-check-input")
    return mark_safe(
        f'<div class="mb-3"><div id="div_{escaped(field.auto_id)}" '
        f'class="{_classes("form-check", field)}">'
        f"{field}{_label(field, 'form-check-label')}{_help(field)}</div></div>"
    )


def _boxes(field: BoundField) -> SafeString:
    """Return boxes to tick, or circles of which one is chosen, under a common label."""
    start = end = ""
    if field.label:
        told = field.aria_describedby
        told = f' aria-describedby="{escaped(told)}"' if told else ""
        required = " requiredField" if field.field.required else ""
        start = (
            f'<fieldset{told}><legend class="form-label{required} fs-6">'
            f"{escaped(field.label)}{_STAR if required else ''}</legend>"
        )
        end = "</fieldset>"
    name = escaped(field.html_name)
    options = "".join(
        f"{f'<strong>{escaped(group)}</strong>' if group else ''}"
        f"{''.join(_one_of(option, name) for option in options)}"
        for group, options, _ in optgroups(field)
    )
    return mark_safe(
        f'<div id="div_{escaped(field.auto_id)}" class="{_classes("mb-3", field)}">'
        f"{start}<div>{options}</div>{_help(field)}{end}</div>"
    )


def _one_of(option: dict[str, Any], name: str) -> str:
    return (
        f'<div class="form-check"><input type="{option["type"]}" class="form-check-input" '
        f'name="{name}" value="{escaped(str(option["value"]))}"'
        f"{attributes_markup(option['attrs'])}>"
        f'<label for="{escaped(option["attrs"].get("id", ""))}" '
        f'class="form-check-label">{escaped(str(option["label"]))}</label></div>'
    )


def _file(field: BoundField) -> SafeString:
    """Return the input of a file."""
    [widget] = (one.data for one in field.subwidgets)
    attrs = {**widget["attrs"]}
    look = f"form-control {escaped(attrs.pop('class', ''))}".strip()
    return mark_safe(
        f'<div id="div_{escaped(field.auto_id)}" class="{_classes("mb-3", field)}">'
        f"{_label(field, 'form-label') if field.label else ''}"
        f'<div><input type="{widget["type"]}" name="{escaped(widget["name"])}" class="{look}"'
        f"{' disabled' if field.field.disabled else ''}{attributes_markup(attrs)}>"
        f"{_help(field)}</div></div>"
    )


def _dress(widget: forms.Widget, look: str) -> None:
    given = str(widget.attrs.get("class", "")).split()
    for name in (type(widget).__name__.lower(), look):
        if name not in given:
            given.append(name)
    widget.attrs["class"] = " ".join(given)


def _classes(first: str, field: BoundField) -> str:
    return f"{first} {escaped(field.css_classes())}".strip()


def _label(field: BoundField, look: str) -> str:
    required = field.field.required
    return (
        f'<label for="{escaped(field.id_for_label)}" '
        f'class="{look}{" requiredField" if required else ""}">'
        f"{escaped(field.label)}{_STAR if required else ''}</label>"
    )


def _help(field: BoundField) -> str:
    if not field.help_text:
        return ""
    return f'<div id="{escaped(field.auto_id)}_helptext" class="form-text">{field.help_text}</div>'
