"""A field for an upload that need not be chosen again when something else in its form is wrong."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.forms.boundfield import BoundField
from django.forms.utils import flatatt
from django.utils.html import format_html
from django.utils.safestring import SafeString

from config.shared.operations.kept_uploads import find_upload, keep_upload

SUFFIX = "-kept"


class KeptFileInput(forms.FileInput):
    """The input of a file; where none is chosen, the one that was kept before counts."""

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Any:
        """Return the chosen file, else the kept one, else None.

        The kept one stands among `files` from then on: the end of the request closes those.
        """
        token = data.get(f"{name}{SUFFIX}")
        if token and not files.get(name):
            kept = find_upload(token)
            if kept is not None:
                files[name] = kept
        return super().value_from_datadict(data, files, name)

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        """Return whether neither a chosen nor a kept file came."""
        return f"{name}{SUFFIX}" not in data and name not in files


class KeptFileField(forms.FileField):
    """A file that is kept when its form is refused for another reason."""

    widget = KeptFileInput

    def get_bound_field(self, form: Any, field_name: str) -> "KeptBoundField":
        """Return the field with the form's data."""
        return KeptBoundField(form, self, field_name)


class KeptBoundField(BoundField):
    """A field with its upload; `kept_markup` stands below it."""

    def kept_markup(self) -> SafeString:
        """Keep the file of a refused form and return what says so; "" where there is none."""
        upload = self.data if self.form.is_bound and not self.errors else None
        if not isinstance(upload, UploadedFile):
            return SafeString()
        hidden = {"type": "hidden", "name": f"{self.html_name}{SUFFIX}"}
        return format_html(
            '<p class="form-text"><input{}>{} is kept: choose a file only to take another.</p>',
            flatatt({**hidden, "value": keep_upload(upload)}),
            upload.name,
        )
