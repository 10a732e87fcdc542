"""Users of an account: a new one, and the page with what one takes."""

from django.urls import reverse
from django.utils.html import format_html

from config.shared.history_panel import HistoryPanel
from config.shared.views.form_pages import RatebookCreateView, RatebookUpdateView
from config.shared.views.object_page import Action, Fact, ObjectPageView
from subscriptions.forms.accounts import UserForm
from subscriptions.models import AccountStatus, AccountUser, UserStatus
from subscriptions.operations.accounts import AccountError, create_user, update_user
from subscriptions.panels.accounts import Contact, Notes, ServicesOfUser
from subscriptions.views.accounts import ACCOUNTS, RECORD_PAGE, account_or_404


def account_link(account):
    """Return a link to an account."""
    return format_html('<a href="{}">{}</a>', account.get_absolute_url(), account)


def user_link(user):
    """Return a link to a user."""
    return format_html('<a href="{}">{}</a>', user.get_absolute_url(), user)


class UserCreate(RatebookCreateView):
    """A new user of an account."""

    permission_required = "subscriptions.add_accountuser"
    form_class = UserForm
    title = "New user"
    refusals = (AccountError,)
    has_save_and_new = False

    def dispatch(self, request, *args, **kwargs):
        """Find the account that the address names."""
        self.account = None
        return super().dispatch(request, *args, **kwargs)

    def get_account(self):
        """Return the account; one query."""
        if self.account is None:
            self.account = account_or_404(self.kwargs["number"])
        return self.account

    def get_initial(self):
        """Propose the account's address and contact."""
        account = self.get_account()
        names = ("street", "postal_code", "city", "country", "phone", "email")
        return {name: getattr(account, name) for name in names}

    def get_parents(self):
        """Lead back to the account."""
        account = self.get_account()
        return [ACCOUNTS, (str(account), account.get_absolute_url())]

    def act(self, form):
        """Add the user."""
        self.object = create_user(self.get_account(), by=self.request.user, **form.cleaned_data)
        return self.object


class UserMixin:
    """A page of the user that the address names."""

    slug_field = slug_url_kwarg = "number"

    def get_queryset(self):
        """Join what the header shows."""
        return AccountUser.objects.select_related("account__account_class", "technology")


class UserPage(UserMixin, ObjectPageView):
    """A user with its services."""

    permission_required = "subscriptions.view_accountuser"
    template_name = RECORD_PAGE
    own_panels = (ServicesOfUser, Contact, Notes, HistoryPanel)
    tabs = (("overview", "Overview"), ("history", "History"))

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
        """Lead back to the account."""
        account = self.object.account
        return [ACCOUNTS, (str(account), account.get_absolute_url())]

    def get_facts(self):
        """Show whose user it is and how it is connected."""
        user = self.object
        return [
            Fact("Account", account_link(user.account)),
            Fact("Technology", user.technology or "–"),
            Fact("Class", user.account.account_class or "–"),
        ]

    def get_actions(self):
        """Offer what is done most; nothing where account or user are closed."""
        user = self.object
        if user.status == UserStatus.CLOSED or user.account.status == AccountStatus.CLOSED:
            return []
        return [
            Action(
                "Add service",
                reverse("subscriptions:add_service", args=[user.number]),
                "subscriptions.add_subscribedservice",
                primary=True,
                icon="plus",
                key="a",
            ),
            Action(
                "Change user",
                reverse("subscriptions:user_edit", args=[user.number]),
                "subscriptions.change_accountuser",
                key="e",
            ),
        ]


class UserUpdate(UserMixin, RatebookUpdateView):
    """Change a user."""

    permission_required = "subscriptions.change_accountuser"
    form_class = UserForm
    refusals = (AccountError,)

    def get_object(self, queryset=None):
        """Keep the stored name: the form writes the typed one on the object."""
        user = super().get_object(queryset)
        self.stored = str(user)
        return user

    def get_title(self):
        """Name the user as it is stored."""
        return f"Change {self.stored}"

    def get_parents(self):
        """Lead back to the user."""
        account = self.object.account
        return [
            ACCOUNTS,
            (str(account), account.get_absolute_url()),
            (self.stored, reverse("subscriptions:user_detail", kwargs=self.kwargs)),
        ]

    def act(self, form):
        """Change the user."""
        self.object = update_user(self.object, by=self.request.user, **form.cleaned_data)
        return self.object
