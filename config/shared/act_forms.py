"""Forms of panels in which several acts are possible."""

from collections.abc import Mapping, Sequence
from functools import cache, cached_property
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string

from config.shared.forms import RatebookForm


class ActsForm(RatebookForm):
    """A form of one of several acts: `act` says which, and only the fields of that act are there.

    `acts` is the slug of each act → the names of its fields. `item` is the key of the record that
    the act is about, where there are several.
    """

    acts: ClassVar[Mapping[str, Sequence[str]]] = {}
    placed: ClassVar[Sequence[str]] = ()
    """Acts whose form has a place of its own, where it says what is wrong with it."""

    act = forms.CharField(widget=forms.HiddenInput, required=False)
    item = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    def __init__(self, data: Any = None, files: Any = None, *, act: str = "", **options: Any):
        if act:
            options["auto_id"] = f"id_{act}_%s"
            options["initial"] = {"act": act, **options.get("initial", {})}
        self.prefix = options.get("prefix") or self.prefix
        asked = act if data is None else data.get(self.add_prefix("act"), "")
        self.asked: str = asked if asked in self.acts else ""
        kept = {"act", *self.acts.get(self.asked, ())}
        # Fields are copied from the class for every form: only those that stay.
        own = {name: field for name, field in self.base_fields.items() if name in kept}
        vars(self).update(base_fields=own)
        super().__init__(data, files, **options)
        if data is not None and self.asked:
            self.auto_id = f"id_{self.asked}_%s"

    @cached_property
    def fields_markup(self) -> str:
        """The fields, drawn once: a form of `blank_form` is shown on many pages."""
        return render_to_string("components/form_fields.html", {"form": self})

    @property
    def item_asked(self) -> str:
        """The key of the record that a sent form is about, as it was sent."""
        return str(self.data.get(self.add_prefix("item"), "")) if self.is_bound else ""

    @property
    def is_refused_on_top(self) -> bool:
        """Whether what is wrong is to be said on top of the panel."""
        return self.is_bound and self.asked not in self.placed

    def clean(self) -> dict[str, Any]:
        """Refuse an act that is not among those of the panel."""
        if not self.asked:
            raise ValidationError("Nothing that can be done here was asked for.")
        return super().clean() or self.cleaned_data


@cache
def blank_form(form_class: type[ActsForm], prefix: str, act: str = "") -> ActsForm:
    """Return the form of an act as one finds it, the same one always: nobody changes it."""
    return form_class(prefix=prefix, act=act)
