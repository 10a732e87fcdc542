"""Accounts: their list, a new one, and the page with all that concerns one."""

from django.shortcuts import get_object_or_404
from django.urls import reverse, reverse_lazy

from config.shared.history_panel import HistoryPanel
from config.shared.operations.clock import today
from config.shared.views.form_pages import ActionFormView, RatebookUpdateView
from config.shared.views.lists import ColumnsMixin, RatebookListView
from config.shared.views.object_page import Action, Alert, Fact, ObjectPageView
from subscriptions.filters import AccountFilter
from subscriptions.forms.accounts import AccountForm, NewAccountForm
from subscriptions.models import AccountStatus
from subscriptions.operations.accounts import AccountError, create_account, update_account
from subscriptions.panels.accounts import (
    BillingTermsOfAccount,
    Contact,
    Notes,
    UsersAndServices,
)
from subscriptions.panels.tax import AccountExemptions
from subscriptions.queries.account_lists import listed_accounts
from subscriptions.queries.accounts import accounts
from subscriptions.tables import AccountTable

ACCOUNTS = ("Accounts", reverse_lazy("subscriptions:account_list"))
RECORD_PAGE = "subscriptions/record_page.html"


class AccountList(ColumnsMixin, RatebookListView):
    """All accounts."""

    permission_required = "subscriptions.view_account"
    queryset = listed_accounts()
    filterset_class = AccountFilter
    table_class = AccountTable
    column_setting = "ACCOUNT_COLUMNS"
    title = "Accounts"
    empty_text = "An account is who is billed and pays. Open the first one."
    new_action = ("New account", "subscriptions:account_new", "subscriptions.add_account")


class AccountCreate(ActionFormView):
    """A new account with its first user and address, on one page."""

    permission_required = ("subscriptions.add_account", "subscriptions.add_accountuser")
    form_class = NewAccountForm
    template_name = "subscriptions/account_new.html"
    title = "New account"
    submit_label = "Open account"
    parents = (ACCOUNTS,)
    narrow = False
    refusals = (AccountError,)
    success_message = "Account {result} was opened."

    def act(self, form):
        """Open the account with its user."""
        data = dict(form.cleaned_data)
        data["user_name"] = data["user_name"] or None
        return create_account(**data, opened_on=today(), by=self.request.user)

    def get_success_url(self):
        """Go on to the first service, or to the account."""
        if "add_service" in self.request.POST:
            return reverse("subscriptions:account_add_service", args=[self.result.number])
        return self.result.get_absolute_url()


class AccountMixin:
    """A page of the account that the address names."""

    slug_field = slug_url_kwarg = "number"

    def get_queryset(self):
        """Join what the header shows."""
        return accounts()


class AccountPage(AccountMixin, ObjectPageView):
    """An account: users and services, and what upper apps add."""

    permission_required = "subscriptions.view_account"
    template_name = RECORD_PAGE
    panel_setting = "ACCOUNT_PANELS"
    own_panels = (
        UsersAndServices,
        Contact,
        Notes,
        BillingTermsOfAccount,
        AccountExemptions,
        HistoryPanel,
    )
    tabs = (
        ("overview", "Overview"),
        ("billing", "Billing"),
        ("bills", "Bills"),
        ("ledger", "Ledger"),
        ("payments", "Payments"),
        ("provisioning", "Provisioning"),
        ("history", "History"),
    )

    def get_title(self):
        """Show the name."""
        return self.object.name

    def get_number(self):
        """Show the number beside it."""
        return self.object.number

    def get_state(self):
        """Show the state."""
        return self.object.status, self.object.get_status_display()

    def get_parents(self):
        """Lead back to the list."""
        return [ACCOUNTS]

    def get_facts(self):
        """Show what a caller is asked or asks about first."""
        account = self.object
        facts = [
            Fact("Class", account.account_class or "–"),
            Fact("Phone", account.phone or "–"),
            Fact("Billing day", account.billing_day),
            Fact("Currency", account.currency_id),
        ]
        if account.status_reason:
            facts.insert(0, Fact("Reason", account.status_reason))
        return facts

    def get_alerts(self):
        """Say what keeps the account from being worked on, or from being switched off."""
        account, alerts = self.object, []
        if account.status == AccountStatus.CLOSED:
            alerts.append(Alert("The account is closed: it can only be read.", "info"))
        if account.immune:
            alerts.append(Alert("No run deactivates this account.", "info"))
        if account.grace_until and account.grace_until >= today():
            alerts.append(Alert(f"Not deactivated until {account.grace_until:%-d %b %Y}.", "info"))
        return alerts

    def get_actions(self):
        """Offer what is done most; nothing on a closed account."""
        account = self.object
        if account.status == AccountStatus.CLOSED:
            return []
        number = account.number
        return [
            Action(
                "Add service",
                reverse("subscriptions:account_add_service", args=[number]),
                "subscriptions.add_subscribedservice",
                primary=True,
                icon="plus",
                key="a",
            ),
            Action(
                "New user",
                reverse("subscriptions:user_new", args=[number]),
                "subscriptions.add_accountuser",
                group="account",
            ),
            Action(
                "Change account",
                reverse("subscriptions:account_edit", args=[number]),
                "subscriptions.change_account",
                group="account",
                key="e",
            ),
        ]


class AccountUpdate(AccountMixin, RatebookUpdateView):
    """Change what an account may change."""

    permission_required = "subscriptions.change_account"
    form_class = AccountForm
    refusals = (AccountError,)

    def get_queryset(self):
        """Leave out closed accounts: they are only read."""
        return super().get_queryset().exclude(status=AccountStatus.CLOSED)

    def get_title(self):
        """Name the account as it is stored."""
        return f"Change {self.stored}"

    def get_object(self, queryset=None):
        """Keep the stored name: the form writes the typed one on the object."""
        account = super().get_object(queryset)
        self.stored = str(account)
        return account

    def get_parents(self):
        """Lead back to the account."""
        return [
            ACCOUNTS,
            (self.stored, reverse("subscriptions:account_detail", kwargs=self.kwargs)),
        ]

    def act(self, form):
        """Change the account."""
        self.object = update_account(
            self.object, by=self.request.user, on=today(), **form.cleaned_data
        )
        return self.object


def account_or_404(number):
    """Return the account with the number."""
    return get_object_or_404(accounts(), number=number)
