"""Fields that name one record out of many by its code.

Without JavaScript they are text fields that take the code. With it they search on the server while
one types (`static/js/choose.js`). Nothing is ever listed in full, so they are as quick with a
hundred thousand records as with ten.
"""

import copy
from typing import Any, Self

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.utils.functional import Promise, lazy
from django.utils.text import format_lazy

from config.shared.addresses import fixed_address


class ChosenCode(str):
    """The code of a record that is at hand, with what names it to people."""

    __slots__ = ("label",)

    label: str

    @classmethod
    def of(cls, code: str, label: str) -> Self:
        """Return the code with its label."""
        made = cls(code)
        made.label = label
        return made


class ChosenInput(forms.TextInput):
    """A text input that holds a code; `data-choose` is where choices are searched.

    `known` holds the labels of the codes that were read, so that showing them asks nothing.
    """

    def __init__(self, search_url: "str | Promise", attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"autocomplete": "off", **(attrs or {})})
        self.search_url = search_url
        self.known: dict[str, str] = {}

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        made = super().__deepcopy__(memo)
        made.known = {}
        return made

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Say where to search, and the name of what is chosen."""
        context = super().get_context(name, value, attrs)
        attrs = context["widget"]["attrs"]
        attrs["data-choose"] = str(self.search_url)
        label = value.label if isinstance(value, ChosenCode) else self.known.get(str(value))
        if label:
            attrs["data-label"] = label
        return context


class ChosenField(forms.Field):
    """Names one record of `queryset` by `code_field`; its value is the record, or None.

    `search` is the name of the URL of a `ChoicesView`; `query` is added to its address. In
    initial data a record, a primary key or a code may stand; only a record is shown without
    being looked up, so forms with many rows give records.
    """

    widget: Any
    default_error_messages = {
        "invalid_choice": "There is no %(noun)s with the code “%(code)s”.",
    }

    def __init__(
        self,
        queryset: "QuerySet[Any]",
        *,
        search: str,
        query: str = "",
        code_field: str = "code",
        **options: Any,
    ) -> None:
        address: Any = lazy(fixed_address, str)(search)
        self.queryset = queryset
        self.code_field = code_field
        super().__init__(widget=ChosenInput(address), **options)
        if query:
            self.search_with(query)

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        made = super().__deepcopy__(memo)
        made.widget = copy.deepcopy(self.widget, memo)
        return made

    def search_with(self, query: str) -> None:
        """Add a query to the address that is searched."""
        self.widget.search_url = format_lazy("{}?{}", self.widget.search_url, query)

    def label_from_instance(self, obj: Model) -> str:
        """Return what names a record to people."""
        return choice_label(obj, str(getattr(obj, self.code_field)))

    def prepare_value(self, value: Any) -> Any:
        """Return the code of a record or primary key; text stays as it was typed."""
        record = value
        if isinstance(value, int):
            record = self.queryset.filter(pk=value).first()
        elif isinstance(value, str) and value and value not in self.widget.known:
            record = self._find(value.strip()) or value
        if isinstance(record, Model):
            return ChosenCode.of(
                str(getattr(record, self.code_field)), self.label_from_instance(record)
            )
        return record

    def to_python(self, value: Any) -> Any:
        """Return the record that the code names, whatever its letter case."""
        if isinstance(value, Model):
            return value
        code = str(value or "").strip()
        if not code:
            return None
        found = self._find(code)
        if found is None:
            noun = self.queryset.model._meta.verbose_name
            raise ValidationError(
                self.error_messages["invalid_choice"],
                code="invalid_choice",
                params={"noun": noun, "code": code},
            )
        self.widget.known[str(value)] = self.label_from_instance(found)
        return found

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Return whether another record is named."""
        before = self.prepare_value(initial) or ""
        return str(before).casefold() != str(data or "").strip().casefold()

    def _find(self, code: str) -> Model | None:
        if "\x00" in code:
            return None
        found: Model | None = self.queryset.filter(**{f"{self.code_field}__iexact": code}).first()
        return found


def choice_label(obj: Model, code: str) -> str:
    """Return "Name · CODE", or the name alone where the code says the same."""
    name = str(obj)
    return name if name.casefold() == code.casefold() else f"{name} · {code}"
