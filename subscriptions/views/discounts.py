"""Discounts on subscriptions: giving, approving, withdrawing, and which an account gets."""

from django.contrib.auth.mixins import PermissionRequiredMixin
from django.db.models import Q
from django.http import QueryDict
from django.shortcuts import get_object_or_404
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.functional import cached_property
from django.views.generic import TemplateView

from config.shared.operations.clock import today
from config.shared.templatetags.ui_tags import days
from config.shared.views.form_pages import ActionFormView
from config.shared.views.lists import RatebookListView
from pricing.models import AdditiveDiscount, DiscountApplication, DiscountState
from pricing.queries.discount_words import discount_text
from subscriptions.filters import GivenDiscountFilter
from subscriptions.forms.discounts import (
    DecisionForm,
    GiveDiscountForm,
    PreviewForm,
    WithdrawForm,
)
from subscriptions.models import GivenState
from subscriptions.operations.discounts import (
    DiscountRefused,
    approve_discount,
    give_discount,
    reject_discount,
    withdraw_discount,
)
from subscriptions.queries.discount_reasons import answers_for_account
from subscriptions.queries.given_discounts import given_discounts
from subscriptions.tables import GivenDiscountTable
from subscriptions.views.subscriptions import SubscriptionMixin, parents_of

GIVEN = ("Discounts given", reverse_lazy("subscriptions:given_list"))
MOST_PREVIEWED = 50


class GivenDiscountList(RatebookListView):
    """All discounts given by hand; those that wait for approval are a filter away."""

    permission_required = "subscriptions.view_givendiscount"
    queryset = given_discounts()
    filterset_class = GivenDiscountFilter
    table_class = GivenDiscountTable
    title = "Discounts given"
    empty_text = (
        "Discounts are given on a subscription's page. Those that need approval wait here for it."
    )

    def get_table_kwargs(self):
        """Leave out what only those see who may decide."""
        may_decide = self.request.user.has_perm("subscriptions.approve_givendiscount")
        return {**super().get_table_kwargs(), "exclude": () if may_decide else ("acts",)}


class GiveDiscount(SubscriptionMixin, ActionFormView):
    """Give a discount to the subscription that the address names."""

    permission_required = "subscriptions.add_givendiscount"
    form_class = GiveDiscountForm
    submit_label = "Give discount"
    refusals = (DiscountRefused,)

    @cached_property
    def subscription(self):
        """The subscription with its services."""
        return get_object_or_404(self.get_queryset(), number=self.kwargs["number"])

    def get_title(self):
        """Name the subscription."""
        return f"Give discount – {self.subscription.type} {self.subscription.number}"

    def get_lead(self):
        """Say what follows."""
        return (
            "It counts for the days given, beside what applies by itself. Days that are billed "
            "already are rated again by the next run; one-time charges that are sold already stay "
            "as they are. Some discounts wait for somebody's approval."
        )

    def get_form_kwargs(self):
        """Say whose it is."""
        return {
            **super().get_form_kwargs(),
            "subscription": self.subscription,
            "today": today(),
        }

    def get_parents(self):
        """Lead back to the subscription."""
        subscription = self.subscription
        return [
            *parents_of(subscription),
            (subscription.number, f"{subscription.get_absolute_url()}?tab=billing"),
        ]

    def act(self, form):
        """Give it."""
        return give_discount(
            form.cleaned_data["discount"],
            self.subscription,
            **form.given(),
            by=self.request.user,
            now=timezone.now(),
        )

    def get_success_message(self):
        """Say whether it counts."""
        given = self.result
        if given.state == GivenState.WAITING:
            return f"{given.discount} was asked for ({given.number}); it waits for approval."
        return f"{given.discount} was given ({given.number})."


class GivenActView(ActionFormView):
    """An act on the given discount that the address names."""

    refusals = (DiscountRefused,)
    word = ""

    @cached_property
    def given(self):
        """The discount with whose it is."""
        return get_object_or_404(given_discounts(), number=self.kwargs["number"])

    def get_title(self):
        """Name it."""
        return f"{self.title} {self.given.number} – {self.given.discount}"

    def get_lead(self):
        """Say what it is and who asked."""
        given = self.given
        asked = f", asked for by {given.requested_by}" if given.requested_by else ""
        why = f": {given.reason}" if given.reason else ""
        return (
            f"{discount_text(given.discount)}, {days(given.period)}, for "
            f"{given.service or 'all services'} of {given.subscription} "
            f"({given.subscription.account.name}){asked}{why}."
        )

    def get_parents(self):
        """Lead back to the list, filtered as it was."""
        title, address = GIVEN
        return [(title, self._list_url() or address)]

    def get_success_url(self):
        """Go back to the list or the discount it was asked from, else to the subscription."""
        if "from_discount" in self.request.GET:
            return f"{self.given.discount.get_absolute_url()}?tab=use"
        return self._list_url() or f"{self.given.subscription.get_absolute_url()}?tab=billing"

    def _list_url(self):
        """Return the address of the list, "" where the act was not asked from it."""
        asked = self.request.GET.get("list")
        if asked is None:
            return ""
        return f"{GIVEN[1]}?{QueryDict(asked).urlencode()}".rstrip("?")

    def get_success_message(self):
        """Say what was done."""
        return f"{self.given.number} was {self.word}."


class ApproveDiscount(GivenActView):
    """Grant a discount that was asked for."""

    permission_required = "subscriptions.approve_givendiscount"
    form_class = DecisionForm
    title = "Approve"
    submit_label = "Approve"
    word = "approved"

    def act(self, form):
        """Approve it."""
        return approve_discount(
            self.given, by=self.request.user, now=timezone.now(), reason=form.cleaned_data["reason"]
        )


class RejectDiscount(GivenActView):
    """Refuse a discount that was asked for."""

    permission_required = "subscriptions.approve_givendiscount"
    form_class = DecisionForm
    title = "Reject"
    submit_label = "Reject"
    danger = True
    word = "rejected"

    def act(self, form):
        """Reject it."""
        return reject_discount(
            self.given, by=self.request.user, now=timezone.now(), reason=form.cleaned_data["reason"]
        )


class WithdrawDiscount(GivenActView):
    """Let a discount count no more."""

    permission_required = "subscriptions.change_givendiscount"
    form_class = WithdrawForm
    title = "Withdraw"
    submit_label = "Withdraw"
    danger = True
    word = "withdrawn"

    def get_initial(self):
        """Propose today."""
        return {"on": today()}

    def act(self, form):
        """Withdraw it."""
        return withdraw_discount(
            self.given, on=form.cleaned_data["on"], by=self.request.user, now=timezone.now()
        )


class DiscountPreview(PermissionRequiredMixin, TemplateView):
    """Which discounts the services of an account get on a day, and why not the others."""

    permission_required = ("pricing.view_additivediscount", "subscriptions.view_subscription")
    template_name = "subscriptions/discount_preview.html"

    def get_context_data(self, **kwargs):
        """Answer for the account asked for, and for one discount where one is named."""
        asked = "account" in self.request.GET
        form = PreviewForm(self.request.GET if asked else None, initial={"on": today()})
        code = self.request.GET.get("discount", "")
        context = {
            "form": form,
            "code": code,
            "parents": [("Discounts", reverse("pricing:discount_list"))],
        }
        if asked and form.is_valid():
            account = form.cleaned_data["account"]
            on = form.cleaned_data["on"] or today()
            rows = self.discounts(code)
            answers = answers_for_account(account, rows[:MOST_PREVIEWED], on=on)
            context |= {
                "account": account,
                "on": on,
                "answers": [(answer, discount_text(answer.discount)) for answer in answers],
                "is_cut": len(rows) > MOST_PREVIEWED,
            }
        return super().get_context_data(**kwargs, **context)

    def discounts(self, code):
        """Return the discount named, else those in force and those given by hand."""
        found = AdditiveDiscount.objects.order_by("sort_order", "pk")
        if code:
            found = found.filter(code=code) if "\x00" not in code else found.none()
        else:
            found = found.filter(
                Q(state=DiscountState.EFFECTIVE)
                | Q(application=DiscountApplication.AD_HOC, state=DiscountState.NOT_EFFECTIVE)
            )
        return list(found[: MOST_PREVIEWED + 1])
