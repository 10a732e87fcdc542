"""Forms of runs: starting and resuming one, definitions, and the base for what a kind asks."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db import models

from config.shared.forms import RatebookForm
from config.shared.models import RunDefinition
from config.shared.runs.kinds import RunKind


class KindForm(RatebookForm):
    """Fields whose values become a definition's or a run's criteria and parameters.

    Fields named in `setting_fields` are settings of the kind; all others are criteria. Empty
    values are left out, so an empty criterion takes everything.
    """

    setting_fields: ClassVar[tuple[str, ...]] = ()
    page_fields: ClassVar[tuple[str, ...]] = ()
    """Fields of the page that the form is part of: neither criteria nor settings."""

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
        own = [name for name in names if name not in self.page_fields]
        stored = {name: _as_json(self.cleaned_data.get(name)) for name in own}
        return {name: value for name, value in stored.items() if value not in (None, "", [])}


class StartRunForm(KindForm):
    """For which business day, and how far; a kind's `run_form` adds to it."""

    page_fields = ("as_of", "stop_after")
    field_order = ("as_of", "stop_after")

    as_of = forms.DateField(label="Business day", help_text="The run works up to this day.")
    stop_after = forms.ChoiceField(label="Run up to", required=False)

    def __init__(self, *args: Any, kind: RunKind, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["stop_after"].choices = stop_choices(kind)
        if len(kind.steps) == 1:
            self.fields["stop_after"].widget = forms.HiddenInput()


class ResumeRunForm(RatebookForm):
    """How far a stopped run goes on; `after` is the step that it has reached."""

    stop_after = forms.ChoiceField(label="Run up to", required=False)

    def __init__(self, *args: Any, kind: RunKind, after: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["stop_after"].choices = stop_choices(kind, after=after)


class DefinitionForm(KindForm):
    """A definition's name and description; a kind's `definition_form` adds to it."""

    page_fields = ("code", "name", "description")
    field_order = ("code", "name", "description")

    code = forms.SlugField(
        max_length=60, help_text="Names the definition on the command line: normal-billing."
    )
    name = forms.CharField(max_length=120)
    description = forms.CharField(required=False, widget=forms.Textarea)

    def __init__(self, *args: Any, definition: RunDefinition | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if definition is not None:
            del self.fields["code"]

    def clean_code(self) -> str:
        """Refuse a code that another definition has."""
        code: str = self.cleaned_data["code"]
        if RunDefinition.objects.filter(code=code).exists():
            raise ValidationError("Another definition has this code.")
        return code


class ScheduleForm(RatebookForm):
    """When a definition runs by itself."""

    active = forms.BooleanField(label="Runs by itself", required=False)
    daily_at = forms.TimeField(
        label="Daily at",
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text="In the operator's time zone.",
    )
    every_minutes = forms.IntegerField(
        label="Or every … minutes", required=False, min_value=1, max_value=525_600
    )


def with_kind_fields(page_form: type[KindForm], kind_form: type[KindForm] | None) -> type[KindForm]:
    """Return a page's form with the fields that a kind adds."""
    if kind_form is None:
        return page_form
    return type(f"{kind_form.__name__}On{page_form.__name__}", (page_form, kind_form), {})


def stop_choices(kind: RunKind, *, after: str = "") -> list[tuple[str, str]]:
    """Return the steps that a run may stop after: the end first, then those after `after`."""
    codes = kind.step_codes()
    first = codes.index(after) + 1 if after in codes else 0
    steps = kind.steps[first:-1]
    return [("", f"The end ({kind.steps[-1].label})"), *((step.code, step.label) for step in steps)]


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
