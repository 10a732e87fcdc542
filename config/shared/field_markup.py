"""A form field as crispy-bootstrap5 draws it, without its templates where the field is plain."""

from crispy_forms.templatetags.crispy_forms_filters import as_crispy_field
from django import forms
from django.forms.boundfield import BoundField
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

_PLAIN = (forms.TextInput, forms.Textarea, forms.Select)
_OTHERS = (forms.CheckboxSelectMultiple, forms.RadioSelect, forms.FileInput, forms.HiddenInput)


def field_markup(field: BoundField) -> SafeString:
    """Return label, control and help of a field; one with errors, boxes, radios and files are left
    to crispy, whose markup this repeats.
    """
    widget = field.field.widget
    is_plain = isinstance(widget, _PLAIN) and not isinstance(widget, _OTHERS)
    if not is_plain or field.errors or field.use_fieldset:
        return as_crispy_field(field)  # type: ignore[no-any-return]
    look = "form-select" if isinstance(widget, forms.Select) else "form-control"
    given = str(widget.attrs.get("class", "")).split()
    for name in (type(widget).__name__.lower(), look):
        if name not in given:
            given.append(name)
    widget.attrs["class"] = " ".join(given)
    required = field.field.required
    return format_html(
        '<div id="div_{}" class="{}">{}{}{}</div>',
        field.auto_id,
        f"mb-3 {field.css_classes()}".strip(),
        format_html(
            '<label for="{}" class="form-label{}">{}{}</label>',
            field.id_for_label,
            " requiredField" if required else "",
            field.label,
            mark_safe('<span class="asteriskField">*</span>') if required else "",
        )
        if field.label
        else "",
        str(field),
        _help(field),
    )


def _help(field: BoundField) -> SafeString | str:
    if not field.help_text:
        return ""
    text = mark_safe(field.help_text)
    return format_html('<div id="{}_helptext" class="form-text">{}</div>', field.auto_id, text)
