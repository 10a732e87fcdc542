"""Acts on a subscription, each a page with a preview of money and provisioning."""

from dataclasses import replace
from datetime import timedelta

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.functional import cached_property

from config.shared.operations.clock import now, today
from config.shared.views.form_pages import ActionFormView, ConfirmView
from pricing.kernel.periods import add_months
from subscriptions.forms.acts import (
    ActivateForm,
    AddExpenseForm,
    AmendForm,
    CancelForm,
    DeactivateForm,
    EndDateForm,
)
from subscriptions.models import ActionState, Frequency, SubscriptionAction
from subscriptions.operations.actions import ActionRefused, PreviewLine, perform, preview
from subscriptions.operations.scheduling import cancel_scheduled
from subscriptions.panels.subscriptions import ACT
from subscriptions.queries.shown_services import is_amendable
from subscriptions.views.previews import Check, PreviewMixin
from subscriptions.views.subscriptions import SubscriptionMixin, parents_of, terms_today


class SubscriptionAct(PreviewMixin, SubscriptionMixin, ActionFormView):
    """An act on the subscription that the address names."""

    permission_required = ACT
    template_name = "subscriptions/act_form.html"
    submit_label = "Confirm"
    word = ""

    @cached_property
    def subscription(self):
        """The subscription with services and terms."""
        return get_object_or_404(self.get_queryset(), number=self.kwargs["number"])

    @cached_property
    def day(self):
        """The business day."""
        return today()

    def get_title(self):
        """Name act and subscription."""
        return f"{self.title} – {self.subscription.type} {self.subscription.number}"

    def get_form_kwargs(self):
        """Say what the act is on."""
        return {
            **super().get_form_kwargs(),
            "subscription": self.subscription,
            "today": self.day,
        }

    def get_initial(self):
        """Tick the services that the address names."""
        wanted = [pk for pk in self.request.GET.getlist("service") if pk.isdigit()]
        return {"services": wanted} if wanted else {}

    def request_of(self, form):
        """Return the act."""
        return form.request(by=self.request.user)

    def act(self, form):
        """Perform it, or note it down."""
        return perform(self.request_of(form), now=now())

    def check_of(self, form):
        """Preview a scheduled act as of its day."""
        request = self.request_of(form)
        day = request.scheduled_for
        if day is None:
            return super().check_of(form)
        due = replace(request, performed_on=day, scheduled_for=None)
        note = PreviewLine(f"Noted down, and done by the nightly run of {day:%-d %b %Y}.")
        try:
            return Check((note, *preview(due).lines))
        except ActionRefused as refusal:
            return Check(refusal=str(refusal))

    def get_success_message(self):
        """Say what was done."""
        action = self.result
        if action.state == ActionState.SCHEDULED:
            return f"{action.number} is noted down for {action.scheduled_for:%-d %b %Y}."
        return f"{self.subscription.number} {self.word} ({action.number})."

    def get_parents(self):
        """Lead back to the subscription."""
        subscription = self.subscription
        return [*parents_of(subscription), (subscription.number, subscription.get_absolute_url())]


class Activate(SubscriptionAct):
    """Open services."""

    form_class = ActivateForm
    title = "Activate"
    word = "was activated"


class Deactivate(SubscriptionAct):
    """Suspend services."""

    form_class = DeactivateForm
    title = "Deactivate"
    word = "was deactivated"
    danger = True


class Cancel(SubscriptionAct):
    """End services for good."""

    form_class = CancelForm
    title = "Cancel"
    word = "was cancelled"
    submit_label = "Confirm cancellation"
    danger = True


class SetEndDate(SubscriptionAct):
    """Set the last day of services."""

    form_class = EndDateForm
    title = "Set end date"
    word = "has its end date"

    def get_initial(self):
        """Propose the end of the billing period that runs, where it is a month."""
        terms = terms_today(self.subscription)
        initial = super().get_initial()
        if terms is not None and terms.frequency == Frequency.MONTHLY:
            following = add_months(self.day, 0, terms.billing_day)
            if following <= self.day:
                following = add_months(self.day, 1, terms.billing_day)
            initial["last_day"] = following - timedelta(days=1)
        return initial


class AmendBundle(SubscriptionAct):
    """Choose other components for a flexible bundle."""

    form_class = AmendForm
    title = "Amend bundle services"

    @cached_property
    def service(self):
        """The bundle that the address names."""
        for service in self.subscription.services.all():
            if service.number == self.kwargs["service"] and is_amendable(service):
                return service
        raise Http404("No bundle on this subscription that can be amended.")

    def get_title(self):
        """Name the bundle."""
        return f"{self.title} – {self.service.product} {self.service.number}"

    def get_form_kwargs(self):
        """Say which bundle it is."""
        return {**super().get_form_kwargs(), "service": self.service}

    def get_success_message(self):
        """Say what was done."""
        return f"{self.service} was amended ({self.result.number})."


class AddExpense(SubscriptionAct):
    """Put a one-time charge on the subscription."""

    permission_required = "subscriptions.add_addedexpense"
    form_class = AddExpenseForm
    title = "Add expense"
    word = "was charged"

    def first_check(self, form):
        """Ask for an expense before anything else."""
        found = super().first_check(form)
        return found or Check(first_step="Choose an expense to see what it costs.")


class TakeBack(SubscriptionMixin, ConfirmView):
    """Take back an act that is noted down for a later day."""

    permission_required = "subscriptions.change_subscriptionaction"
    title = "Take back"
    submit_label = "Take back"
    refusals = (ActionRefused,)

    @cached_property
    def action(self):
        """The act that the address names."""
        acts = SubscriptionAction.objects.select_related(
            "subscription__account", "subscription__user", "subscription__type"
        )
        return get_object_or_404(
            acts, number=self.kwargs["action"], subscription__number=self.kwargs["number"]
        )

    def get_lead(self):
        """Say what will not happen."""
        action = self.action
        return (
            f"“{action.get_kind_display()}” of {action.subscription.number}, noted down for "
            f"{action.scheduled_for:%-d %b %Y}, is not carried out."
            if action.scheduled_for
            else ""
        )

    def act(self, form):
        """Take it back."""
        return cancel_scheduled(self.action, by=self.request.user, now=now())

    def get_success_message(self):
        """Say what was taken back."""
        return f"{self.result.number} was taken back."

    def get_parents(self):
        """Lead back to the subscription."""
        subscription = self.action.subscription
        return [*parents_of(subscription), (subscription.number, subscription.get_absolute_url())]
