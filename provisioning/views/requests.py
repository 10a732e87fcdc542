"""Provisioning requests: their list, the page of one, trying again, skipping."""

from django.shortcuts import get_object_or_404
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.formats import date_format

from config.shared.views.form_pages import ActionFormView, ConfirmView
from config.shared.views.lists import RatebookListView
from config.shared.views.object_page import Action, Alert, Fact, ObjectPageView
from provisioning.filters import RequestFilter
from provisioning.forms import SkipForm
from provisioning.models import BLOCKING_STATES, RequestState
from provisioning.operations.requests import RequestError, retry_request, skip_request
from provisioning.panels import RequestAnswer, RequestDelivery, RequestPayload
from provisioning.queries.requests import ahead_in_lane, provisioning_requests
from provisioning.tables import RequestTable
from provisioning.tasks import wake_delivery_on_commit

REQUESTS = ("Provisioning requests", reverse_lazy("provisioning:request_list"))


class RequestList(RatebookListView):
    """All requests, the newest first."""

    permission_required = "provisioning.view_provisioningrequest"
    queryset = provisioning_requests()
    filterset_class = RequestFilter
    table_class = RequestTable
    title = "Provisioning requests"
    empty_text = (
        "No request yet. Requests are made when services go on or off whose products are at an "
        "effective provider."
    )


class RequestPage(ObjectPageView):
    """A request: what is sent, what was answered, how delivery went."""

    permission_required = "provisioning.view_provisioningrequest"
    queryset = provisioning_requests().select_related("handled_by")
    slug_field = slug_url_kwarg = "number"
    own_panels = (RequestDelivery, RequestPayload, RequestAnswer)

    def get_title(self):
        """Say what is asked of whom."""
        return f"{self.object.get_kind_display()} at {self.object.provider}"

    def get_number(self):
        """Show the number beside it."""
        return self.object.number

    def get_state(self):
        """Show the state."""
        return self.object.state, self.object.get_state_display()

    def get_parents(self):
        """Lead back to the list and the subscription."""
        subscription = self.object.subscription
        return [REQUESTS, (subscription.number, subscription.get_absolute_url())]

    def get_facts(self):
        """Return how far it is."""
        request = self.object
        answered = request.answered_at
        return [
            Fact("Provider", request.provider),
            Fact("Account", request.subscription.account),
            Fact("Attempts", request.attempts),
            Fact("Answered", _instant(answered) if answered else "not yet"),
        ]

    def get_alerts(self):
        """Say why it waits, or why it was not sent."""
        request, alerts = self.object, []
        if request.state in (RequestState.REJECTED, RequestState.DEAD):
            alerts.append(Alert(f"{request.get_state_display()}: {request.last_error}", "error"))
        elif request.state == RequestState.PENDING and request.last_error:
            alerts.append(Alert(f"The last attempt failed: {request.last_error}"))
        if request.state == RequestState.SKIPPED:
            alerts.append(Alert(f"Skipped: {request.skip_reason}", "info"))
        if request.state == RequestState.PENDING and (ahead := ahead_in_lane(request)):
            state = ahead.get_state_display().lower()
            alerts.append(Alert(f"Waits behind {ahead.number}, which is {state}.", "info"))
        return alerts

    def get_actions(self):
        """Offer to try again and to skip what is not done."""
        if self.object.state not in BLOCKING_STATES:
            return []
        return [
            Action(
                label,
                reverse(f"provisioning:{name}", args=[self.object.number]),
                "provisioning.change_provisioningrequest",
                primary=True,
            )
            for label, name in (("Retry", "request_retry"), ("Skip", "request_skip"))
        ]


class RequestActMixin:
    """An act on the request that the address names."""

    permission_required = "provisioning.change_provisioningrequest"
    refusals = (RequestError,)

    @property
    def provisioning_request(self):
        """The request, read once."""
        if not hasattr(self, "_request"):
            self._request = get_object_or_404(provisioning_requests(), number=self.kwargs["number"])
        return self._request

    def get_title(self):
        """Name the request."""
        return f"{self.submit_label} {self.provisioning_request.number}"

    def get_parents(self):
        """Lead back to the request."""
        request = self.provisioning_request
        return [REQUESTS, (request.number, request.get_absolute_url())]


class RetryRequest(RequestActMixin, ConfirmView):
    """Send a request again."""

    submit_label = "Retry"
    danger = False
    success_message = "{result.number} is sent again, with all its retries."

    def get_lead(self):
        """Say what is sent where."""
        request = self.provisioning_request
        return (
            f"“{request.get_kind_display()}” is sent to {request.provider} again now. "
            "A provider that had done it already answers as it did then."
        )

    def act(self, form):
        """Make it due now, and wake delivery."""
        done = retry_request(self.provisioning_request, by=self.request.user, now=timezone.now())
        wake_delivery_on_commit()
        return done


class SkipRequest(RequestActMixin, ActionFormView):
    """Take a request out of its lane for good."""

    form_class = SkipForm
    submit_label = "Skip"
    danger = True
    success_message = "{result.number} was skipped."

    def get_lead(self):
        """Say what that means."""
        return (
            f"{self.provisioning_request.provider} is never asked this; requests behind it can "
            "move. See to it that the platform is as it should be."
        )

    def act(self, form):
        """Skip it, and let what stood behind it go."""
        done = skip_request(
            self.provisioning_request,
            reason=form.cleaned_data["reason"],
            by=self.request.user,
            now=timezone.now(),
        )
        wake_delivery_on_commit()
        return done


def _instant(moment) -> str:
    return date_format(timezone.localtime(moment), "SHORT_DATETIME_FORMAT")
