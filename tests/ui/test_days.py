"""No day that is typed, or stands in a file, leaves the calendar."""

from collections.abc import Iterator
from copy import deepcopy

import django_filters
import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.urls import get_resolver, reverse

from config.shared.filters import RatebookFilterSet
from config.shared.forms import RatebookFormMixin, dress_field
from config.shared.imports.columns import PeriodsCell
from config.shared.imports.day_cells import DayCell, InstantCell, PeriodOfDaysCell
from config.shared.imports.resources import load_resources
from pricing.forms.plan_conditions import ConditionForm
from pricing.kernel.conditions import ConditionKind

APPS = ("billing.", "catalog.", "config.", "inventory.", "pricing.", "provisioning.")
OWN = (*APPS, "subscriptions.")
WITHOUT_END = "Enter a day before the year 3000. Leave the last day empty if there is none."
_FAR = {DayCell: "{}", InstantCell: "{} 20:00", PeriodOfDaysCell: "..{}", PeriodsCell: "{}.."}


def subclasses(base: type) -> Iterator[type]:
    """Return all classes below one that Ratebook defines, once every page is loaded."""
    for each in base.__subclasses__():
        if each.__module__.startswith(OWN):
            yield each
        yield from subclasses(each)


def test_every_form_refuses_days_that_leave_the_calendar():
    assert get_resolver().url_patterns
    days = (forms.DateField, forms.DateTimeField)
    found = {
        (form, name): field
        for form in subclasses(forms.BaseForm)
        for name, field in form.base_fields.items()
        if isinstance(field, days)
    }

    assert len(found) > 25
    for (form, name), given in found.items():
        assert issubclass(form, RatebookFormMixin), form
        field = deepcopy(given)
        dress_field(field)
        for day in ("9999-12-31", "3000-01-01", "0001-01-01", "1899-12-31"):
            with pytest.raises(ValidationError, match="Enter a day"):
                field.clean(day)
            assert field.clean("2999-12-31"), (form, name)


def test_every_filter_bar_is_one_of_ratebook():
    assert get_resolver().url_patterns

    assert all(issubclass(each, RatebookFilterSet) for each in subclasses(django_filters.FilterSet))


def test_every_import_refuses_days_that_leave_the_calendar():
    found = [
        column
        for kind in load_resources().values()
        for column in kind().columns()
        if type(column.widget) in _FAR
    ]

    assert len(found) > 8
    for column in found:
        written = _FAR[type(column.widget)]
        for day in ("9999-12-31", "3000-01-01", "1899-12-31"):
            with pytest.raises(ValueError, match="Enter a day"):
                column.clean({column.name: written.format(day)})


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "field"),
    [
        ("pricing:plan_new", "valid_until"),
        ("pricing:discount_new", "valid_until"),
        ("pricing:catalog_new", "valid_until"),
        ("pricing:location_rule_new", "ends_on"),
    ],
)
def test_a_last_day_that_means_none_is_refused_at_its_field(admin_client, address, field):
    form = admin_client.post(reverse(address), {field: "9999-12-31"}).context["form"]

    assert form.errors[field] == [WITHOUT_END]


def test_conditions_that_ask_for_days_refuse_them_too():
    form = ConditionForm({"use": "RATES", "valid_until": "9999-12-31"}, kind=ConditionKind.DAYS)

    assert form.errors == {"valid_until": [WITHOUT_END]}


def test_a_run_for_a_day_without_a_next_one_is_refused():
    with pytest.raises(CommandError, match="Enter a day before the year 3000"):
        call_command("run", "normal-billing", "--as-of", "9999-12-31")
