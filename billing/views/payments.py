"""Payments: their list and page, taking one, and what is done with it afterwards."""

from django.shortcuts import get_object_or_404
from django.urls import reverse, reverse_lazy
from django.utils.formats import date_format
from django.utils.functional import cached_property

from billing.filters import PaymentFilter
from billing.forms import NewPaymentForm, PaymentForm, ReasonForm, TakePaymentForm
from billing.models import Payment, PaymentState
from billing.operations.payments import (
    PaymentError,
    cancel_payment,
    post_payment,
    record_payment,
    reject_payment,
    update_payment,
)
from billing.panels.payments import PaymentAllocations, PaymentDetailsPanel
from billing.queries.outstanding import outstanding, unsettled
from billing.queries.overdue import accounts_to_activate, services_off_as_overdue
from billing.queries.payments import equal_payments, payments
from billing.tables import PaymentTable
from config.shared.money_format import figure_text
from config.shared.operations.clock import now, today
from config.shared.templatetags.ui_tags import money
from config.shared.views.form_pages import ActionFormView, ConfirmView
from config.shared.views.lists import RatebookListView
from config.shared.views.object_page import Action, Alert, Fact, ObjectPageView
from subscriptions.queries.accounts import accounts

PAYMENTS = ("Payments", reverse_lazy("billing:payment_list"))
# Nothing is past due, and yet no run switched the services on.
NOTHING_UNPAID = "Nothing is unpaid: what is taken stays in the account's favour."
NOT_TAKEN = "nothing is past due; look at the activation runs and the parked items"


class PaymentList(RatebookListView):
    """All payments, the newest first."""

    permission_required = "billing.view_payment"
    queryset = payments()
    filterset_class = PaymentFilter
    table_class = PaymentTable
    title = "Payments"
    empty_text = "No payment yet. Take one from an account's page, or here."
    new_action = ("New payment", "billing:payment_new", "billing.add_payment")


class PostingMixin:
    """Says what posting a payment switched on again."""

    refusals = (PaymentError,)

    def posted(self, account, post):
        """Call `post` and remember how many services came on by it."""
        before = services_off_as_overdue(account.pk).count()
        payment = post()
        self.still_off = services_off_as_overdue(account.pk).count()
        self.switched_on = before - self.still_off
        self.is_settled = accounts_to_activate({}, on=today()).filter(pk=account.pk).exists()
        return payment

    def effect(self) -> str:
        """Return what became of services that were off as overdue; "" if there were none."""
        texts = []
        if self.switched_on:
            texts.append(f" {_services(self.switched_on)} switched on again.")
        if self.still_off:
            why = NOT_TAKEN if self.is_settled else "not all that is due is paid"
            texts.append(f" {_services(self.still_off)} still off: {why}.")
        return "".join(texts)


def _services(count) -> str:
    return "1 service is" if count == 1 else f"{count} services are"


def _amount(payment) -> str:
    return f"{figure_text(payment.amount, payment.currency)} {payment.currency}"


class PaymentDoubted(PaymentError):
    """The payment looks like a mistake, and nobody has said that it is none."""

    field = "anyway"


class NewPayment(PostingMixin, ActionFormView):
    """A payment of the account that the form names."""

    permission_required = "billing.add_payment"
    form_class = NewPaymentForm
    title = "New payment"
    submit_label = "Take payment"
    parents = (PAYMENTS,)

    def get_initial(self):
        """Propose today; never an amount."""
        return {"received_on": today()}

    def account_of(self, form):
        """Return the account that pays."""
        return form.cleaned_data["account"]

    def act(self, form):
        """Record the payment, and post it unless it is kept as a draft."""
        account = self.account_of(form)
        if not form.is_draft and not form.is_sure:
            self.refuse_doubtful(form, account)
        return self.posted(
            account,
            lambda: record_payment(
                account,
                form.details(),
                by=self.request.user,
                on=today(),
                now=now(),
                draft=form.is_draft,
            ),
        )

    def refuse_doubtful(self, form, account):
        """Ask for a tick before money is taken twice or with nothing to pay.

        Raises PaymentDoubted.
        """
        details = form.details()
        equal = equal_payments(account, details.amount, on=today()).first()
        if equal is not None:
            form.ask_again()
            raise PaymentDoubted(f"{_amount(equal)} was posted today already: {equal.number}.")
        if not unsettled([account.pk]):
            form.ask_again()
            raise PaymentDoubted(NOTHING_UNPAID)

    def get_success_message(self):
        """Say what was taken, and what it switched on."""
        payment = self.result
        if payment.state == PaymentState.DRAFT:
            return f"Payment {payment.number} of {_amount(payment)} was kept as a draft."
        return f"Payment {payment.number} of {_amount(payment)} was posted.{self.effect()}"

    def get_success_url(self):
        """Go to a draft's page; else back to the account."""
        if self.result.state == PaymentState.DRAFT:
            return self.result.get_absolute_url()
        return self.result.account.get_absolute_url()


class TakePayment(NewPayment):
    """A payment of one account."""

    form_class = TakePaymentForm
    template_name = "billing/take_payment.html"

    @property
    def account(self):
        """The account, read once."""
        if not hasattr(self, "_account"):
            self._account = get_object_or_404(accounts(), number=self.kwargs["number"])
        return self._account

    def get_title(self):
        """Name the account."""
        return f"Take a payment from {self.account.name}"

    @cached_property
    def unpaid(self):
        """What is unpaid; 0 if nothing is."""
        return unsettled([self.account.pk]).get(self.account.pk, 0)

    def get_form(self, form_class=None):
        """Ask at once whether money is taken that nothing is to be paid with."""
        form = super().get_form(form_class)
        if not self.unpaid:
            form.ask_again()
        return form

    def get_context_data(self, **kwargs):
        """Warn on top where nothing is unpaid."""
        warning = "" if self.unpaid else NOTHING_UNPAID
        return super().get_context_data(warning=warning, **kwargs)

    def get_lead(self):
        """Say what is unpaid, and what of it is past due."""
        account, unpaid = self.account, self.unpaid
        if not unpaid:
            return ""
        code = account.currency_id
        due = outstanding([account.pk], on=today()).get(account.pk)
        past_due = f", {figure_text(due, code)} {code} of it past due" if due else ""
        return f"Unpaid: {figure_text(unpaid, code)} {code}{past_due}."

    def get_parents(self):
        """Lead back to the account."""
        return [(self.account.name, self.account.get_absolute_url())]

    def get_initial(self):
        """Propose the account's currency."""
        return {**super().get_initial(), "currency": self.account.currency_id}

    def account_of(self, form):
        """Return the account of the address."""
        return self.account


class PaymentPage(ObjectPageView):
    """A payment: what it was, and what it paid."""

    permission_required = "billing.view_payment"
    queryset = payments()
    slug_field = slug_url_kwarg = "number"
    own_panels = (PaymentDetailsPanel, PaymentAllocations)

    def get_title(self):
        """Say whose payment it is."""
        return f"Payment from {self.object.account.name}"

    def get_number(self):
        """Show the number beside it."""
        return self.object.number

    def get_state(self):
        """Show the state."""
        return self.object.state, self.object.get_state_display()

    def get_parents(self):
        """Lead back to the list and the account."""
        account = self.object.account
        return [PAYMENTS, (account.number, account.get_absolute_url())]

    def get_facts(self):
        """Return amount, way and days."""
        payment = self.object
        posted_on = payment.posted_on
        return [
            Fact("Amount", money(payment.amount, payment.currency)),
            Fact("Method", payment.get_method_display()),
            Fact("Received", date_format(payment.received_on)),
            Fact("Posted", date_format(posted_on) if posted_on else "not posted"),
        ]

    def get_alerts(self):
        """Say why it does not count, or does not count yet."""
        payment = self.object
        if payment.state == PaymentState.DRAFT:
            return [Alert("A draft: it pays nothing until it is posted.", "info")]
        if payment.reason:
            return [Alert(f"{payment.get_state_display()}: {payment.reason}", "warning")]
        return []

    def get_actions(self):
        """Return what the state allows."""
        offered = {
            PaymentState.DRAFT: (
                ("Post", "payment_post"),
                ("Change", "payment_change"),
                ("Reject", "payment_reject"),
            ),
            PaymentState.POSTED: (("Cancel payment", "payment_cancel"),),
        }.get(self.object.state, ())
        return [
            Action(
                label,
                reverse(f"billing:{name}", args=[self.object.number]),
                "billing.change_payment",
                primary=name == "payment_post",
            )
            for label, name in offered
        ]


class PaymentActMixin:
    """An act on the payment that the address names."""

    permission_required = "billing.change_payment"
    refusals = (PaymentError,)

    @property
    def payment(self) -> Payment:
        """The payment, read once."""
        if not hasattr(self, "_payment"):
            self._payment = get_object_or_404(payments(), number=self.kwargs["number"])
        return self._payment

    def get_parents(self):
        """Lead back to the payment."""
        return [PAYMENTS, (self.payment.number, self.payment.get_absolute_url())]

    def get_title(self):
        """Name the payment."""
        return f"{self.submit_label} {self.payment.number} of {_amount(self.payment)}"


class PostPayment(PostingMixin, PaymentActMixin, ConfirmView):
    """Post a draft."""

    submit_label = "Post"
    danger = False
    lead = "It enters the balance today and pays what is open, the oldest first."

    def act(self, form):
        """Post it."""
        return self.posted(
            self.payment.account,
            lambda: post_payment(self.payment, by=self.request.user, on=today(), now=now()),
        )

    def get_success_message(self):
        """Say so, and what it switched on."""
        return f"Payment {self.result.number} was posted.{self.effect()}"


class ChangePayment(PaymentActMixin, ActionFormView):
    """Change a draft."""

    form_class = PaymentForm
    submit_label = "Change"
    success_message = "Payment {result.number} was saved."

    def get_initial(self):
        """Show what it says now."""
        names = ("amount", "currency", "method", "received_on", "reference")
        return {name: getattr(self.payment, name) for name in names}

    def act(self, form):
        """Change it."""
        return update_payment(self.payment, form.details())


class RejectPayment(PaymentActMixin, ActionFormView):
    """Reject a draft."""

    form_class = ReasonForm
    submit_label = "Reject"
    danger = True
    lead = "It stays on record with the reason and never pays anything."
    success_message = "Payment {result.number} was rejected."

    def act(self, form):
        """Reject it."""
        return reject_payment(self.payment, reason=form.cleaned_data["reason"])


class CancelPayment(PaymentActMixin, ActionFormView):
    """Cancel a posted payment."""

    form_class = ReasonForm
    submit_label = "Cancel payment"
    danger = True
    lead = "A debit of the same amount is posted today, and what it paid is open again."
    success_message = "Payment {result.number} was cancelled."

    def act(self, form):
        """Cancel it."""
        return cancel_payment(
            self.payment, reason=form.cleaned_data["reason"], on=today(), now=now()
        )
