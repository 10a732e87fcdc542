"""Fields that name one record out of many by its code.

Without JavaScript they are text fields that take the code. With it they search on the server while
one types (`static/js/choose.js`, TomSelect). Nothing is ever listed in full, so they are as quick
with a hundred thousand records as with ten.
"""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.urls import reverse_lazy
from django.utils.functional import Promise


class ChosenInput(forms.TextInput):
    """A text input that holds a code; `data-choose` is where choices are searched."""

    def __init__(self, search_url: "str | Promise", attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"autocomplete": "off", **(attrs or {})})
        self.search_url = search_url
        self.label_of: Any = str
        self.queryset: QuerySet[Any] | None = None
        self.code_field = "code"

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Say where to search, and the name of what is chosen."""
        context = super().get_context(name, value, attrs)
        attrs = context["widget"]["attrs"]
        attrs["data-choose"] = str(self.search_url)
        if value and self.queryset is not None:
            chosen = self.queryset.filter(**{f"{self.code_field}__iexact": value}).first()
            if chosen is not None:
                attrs["data-label"] = self.label_of(chosen)
        return context


class ChosenField(forms.Field):
    """Names one record of `queryset` by `code_field`; its value is the record, or None.

    `search` is the name of the URL of a `ChoicesView`; `query` is added to its address. In
    initial data a record, a primary key or a code may stand.
    """

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
        address: Any = reverse_lazy(search)
        self.queryset = queryset
        self.code_field = code_field
        super().__init__(widget=ChosenInput(address), **options)
        self.widget.code_field = code_field
        self.widget.queryset = queryset
        self.widget.label_of = self.label_from_instance
        if query:
            self.search_with(query)

    def search_with(self, query: str) -> None:
        """Add a query to the address that is searched."""
        self.widget.search_url = f"{self.widget.search_url}?{query}"

    def label_from_instance(self, obj: Model) -> str:
        """Return what names a record to people."""
        return choice_label(obj, str(getattr(obj, self.code_field)))

    def prepare_value(self, value: Any) -> Any:
        """Return the code of a record or primary key; text stays as it was typed."""
        if isinstance(value, Model):
            return getattr(value, self.code_field)
        if isinstance(value, int):
            return self.queryset.filter(pk=value).values_list(self.code_field, flat=True).first()
        return value

    def to_python(self, value: Any) -> Any:
        """Return the record that the code names, whatever its letter case."""
        if isinstance(value, Model):
            return value
        code = str(value or "").strip()
        if not code:
            return None
        found = self.queryset.filter(**{f"{self.code_field}__iexact": code}).first()
        if found is None:
            noun = self.queryset.model._meta.verbose_name
            raise ValidationError(
                self.error_messages["invalid_choice"],
                code="invalid_choice",
                params={"noun": noun, "code": code},
            )
        return found

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Return whether another record is named."""
        before = self.prepare_value(initial) or ""
        return str(before).casefold() != str(data or "").strip().casefold()


def choice_label(obj: Model, code: str) -> str:
    """Return "Name · CODE", or the name alone where the code says the same."""
    name = str(obj)
    return name if name.casefold() == code.casefold() else f"{name} · {code}"
