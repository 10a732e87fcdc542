"""Moving the business clock, on installations where that is allowed."""

from django import forms
from django.conf import settings
from django.http import Http404
from django.urls import reverse
from django.utils.formats import date_format

from config.shared.forms import RatebookForm
from config.shared.operations.clock import ClockError, real_today, set_clock, today
from config.shared.views.form_pages import ActionFormView


class MoveClockForm(RatebookForm):
    """The new business day."""

    on = forms.DateField(
        label="Business day",
        help_text="From now on it is this day for the business, at the real time of day.",
    )


class MoveClockView(ActionFormView):
    """Set the business day."""

    permission_required = "shared.change_businessclock"
    form_class = MoveClockForm
    title = "Business clock"
    submit_label = "Move the clock"
    refusals = (ClockError,)

    def dispatch(self, request, *args, **kwargs):
        """Be absent where the clock follows the real calendar."""
        if not settings.BUSINESS_CLOCK_MOVABLE:
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def get_lead(self):
        """Say which day it is."""
        real_day = date_format(real_today())
        return f"The real day is {real_day}. Runs and new documents use the business day."

    def get_parents(self):
        """Home is above."""
        return [("Home", reverse("home"))]

    def get_initial(self):
        """Start from the present business day."""
        return {"on": today()}

    def act(self, form):
        """Move the clock."""
        return set_clock(form.cleaned_data["on"], self.request.user)

    def get_success_message(self):
        """Name the new day."""
        return f"The business day is now {date_format(today())}."
