"""Base of the forms in which a run kind asks for criteria and settings."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.db import models


class KindForm(forms.Form):
    """Fields whose values become a definition's or a run's criteria and parameters.

    Fields named in `setting_fields` are settings of the kind; all others are criteria. Empty
    values are left out, so an empty criterion takes everything.
    """

    setting_fields: ClassVar[tuple[str, ...]] = ()

    def criteria(self) -> dict[str, Any]:
        """Return the criteria that were filled in, as JSON keeps them."""
        return self._filled(name for name in self.fields if name not in self.setting_fields)

    def kind_settings(self) -> dict[str, Any]:
        """Return the settings that were filled in, as JSON keeps them."""
        return self._filled(name for name in self.fields if name in self.setting_fields)

    @classmethod
    def initial_of(
        cls, criteria: Mapping[str, Any], kind_settings: Mapping[str, Any]
    ) -> dict[str, Any]:
        """Return the initial values of the form for what was stored."""
        return {**criteria, **kind_settings}

    def _filled(self, names: Iterable[str]) -> dict[str, Any]:
        stored = {name: _as_json(self.cleaned_data.get(name)) for name in names}
        return {name: value for name, value in stored.items() if value not in (None, "", [])}


def _as_json(value: Any) -> Any:
    if isinstance(value, models.Model):
        return value.pk
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Iterable) and not isinstance(value, str | Mapping):
        return [_as_json(one) for one in value]
    return value
