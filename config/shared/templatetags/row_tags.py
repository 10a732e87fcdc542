"""Cells of forms with rows: what crispy renders, without its templates, for there are hundreds.

`{% load row_tags %}` in a template.
"""

from crispy_forms.templatetags.crispy_forms_filters import as_crispy_field
from django import forms, template
from django.forms.boundfield import BoundField
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

register = template.Library()

_LEFT_TO_CRISPY = (forms.CheckboxSelectMultiple, forms.RadioSelect, forms.FileInput)


@register.filter
def row_cell(field: BoundField) -> SafeString:
    """Show a field with its label, help and errors."""
    widget = field.field.widget
    if isinstance(widget, _LEFT_TO_CRISPY):
        return SafeString(as_crispy_field(field))
    is_box = isinstance(widget, forms.CheckboxInput)
    kind = "form-check" if is_box else "form"
    control = f"{kind}-input" if is_box else "form-control"
    if isinstance(widget, forms.Select):
        control = "form-select"
    names = [str(widget.attrs.get("class", "")), control, "is-invalid" if field.errors else ""]
    shown = field.as_widget(attrs={"class": " ".join(filter(None, names))})
    label = format_html(
        '<label for="{}" class="{}-label{}">{}</label>',
        field.id_for_label,
        kind,
        " requiredField" if field.field.required else "",
        field.label,
    )
    return format_html(
        '<div id="div_{}" class="{}">{}{}{}{}</div>',
        field.auto_id,
        "form-check" if is_box else "mb-3",
        *((shown, label) if is_box else (label, shown)),
        format_html_join(
            "",
            '<div id="{}_error" class="invalid-feedback">{}</div>',
            ((field.auto_id, " ".join(map(str, field.errors))),) if field.errors else (),
        ),
        format_html_join(
            "",
            '<div id="{}_helptext" class="form-text">{}</div>',
            ((field.auto_id, field.help_text),) if field.help_text else (),
        ),
    )
