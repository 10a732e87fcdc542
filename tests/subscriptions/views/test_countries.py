"""A country of an account or a user is one that there is."""

import pytest

from subscriptions.forms.accounts import AccountForm, NewAccountForm, UserForm

FORMS = [NewAccountForm, AccountForm, UserForm]


@pytest.mark.django_db
@pytest.mark.parametrize("form_class", FORMS)
def test_a_country_that_does_not_exist_is_refused_at_its_field(form_class):
    form = form_class({"country": "xx"})

    assert form.errors["country"] == ["There is no country “XX”: write two letters, as CY or GR."]


@pytest.mark.django_db
@pytest.mark.parametrize("form_class", FORMS)
@pytest.mark.parametrize(("typed", "kept"), [("cy", "CY"), ("", "")])
def test_a_country_is_written_in_capitals_and_may_be_left_empty(form_class, typed, kept):
    form = form_class({"country": typed})

    assert "country" not in form.errors
    assert form.cleaned_data["country"] == kept
