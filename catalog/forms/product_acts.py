"""Forms of what can be done with a product as a whole."""

from django import forms

from catalog.models import Availability, Product
from config.shared.forms import RatebookForm

CODE_LENGTH = Product._meta.get_field("code").max_length
NAME_LENGTH = Product._meta.get_field("name").max_length


class CloneForm(RatebookForm):
    """Code and name of a clone, and what else it gets; `parts` are (slug, label, count)."""

    name = forms.CharField(max_length=NAME_LENGTH)
    code = forms.CharField(
        max_length=CODE_LENGTH,
        required=False,
        help_text="Left empty: the next free one of its family or type.",
    )
    alternative_code = forms.CharField(
        max_length=CODE_LENGTH, required=False, help_text="Made of the code where left empty."
    )
    parts = forms.MultipleChoiceField(
        required=False, label="It also gets", widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args, parts=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["parts"].choices = [(slug, f"{label} ({n})") for slug, label, n in parts]
        self.fields["parts"].initial = [slug for slug, _, _ in parts]
        if not parts:
            del self.fields["parts"]


class AvailabilityForm(RatebookForm):
    """Whether a product is offered."""

    availability = forms.ChoiceField(
        choices=[
            (Availability.AVAILABLE, "Available: it is offered while it is valid"),
            (Availability.NO_NEW_USERS, "No new users: not offered; who has it keeps it"),
            (Availability.DISCONTINUED, "Discontinued: not offered, and nobody has it any more"),
        ],
        widget=forms.RadioSelect,
    )
