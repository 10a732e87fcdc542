"""Panels of the pages of an account and a user."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest

from config.shared.operations.clock import today
from config.shared.operations.notes import NoteError, write_note
from config.shared.panels import Panel
from config.shared.queries.notes import notes_of
from config.shared.views.access import user_of
from config.shared.views.object_page import Action, Alert
from subscriptions.forms.accounts import NoteForm
from subscriptions.models import Account, AccountStatus, AccountUser
from subscriptions.queries.accounts import users_of
from subscriptions.queries.shown_services import (
    ShownSubscription,
    by_user,
    shown_subscriptions,
)
from subscriptions.queries.subscriptions import subscriptions_of

CLOSED = "closed"


def shows_closed(request: HttpRequest) -> bool:
    """Return whether the address asks for closed services too."""
    return request.GET.get(CLOSED) == "shown"


def _visible(
    subscriptions: Sequence[ShownSubscription], *, with_closed: bool
) -> list[ShownSubscription]:
    return [each for each in subscriptions if with_closed or not each.is_closed]


class UsersAndServices(Panel):
    """An account's users with their subscriptions, services and components."""

    title = "Users and services"
    slug = "users"
    template_name = "subscriptions/partials/users_panel.html"
    tab = "overview"
    order = 10

    def context(self, obj: Account, request: HttpRequest) -> Mapping[str, Any]:
        """Return the tree; six queries."""
        with_closed = shows_closed(request)
        shown = shown_subscriptions(subscriptions_of(obj), on=today(), with_closed=with_closed)
        users = by_user(users_of(obj), _visible(shown, with_closed=with_closed))
        return {
            "users": users,
            "count": len(users),
            "with_closed": with_closed,
            "closed_count": sum(each.closed_count for each in shown),
            "may_add": obj.status != AccountStatus.CLOSED
            and request.user.has_perm("subscriptions.add_subscribedservice"),
        }


class ServicesOfUser(Panel):
    """A user's subscriptions, services and components."""

    title = "Services"
    slug = "services"
    template_name = "subscriptions/partials/services_panel.html"
    tab = "overview"
    order = 10

    def context(self, obj: AccountUser, request: HttpRequest) -> Mapping[str, Any]:
        """Return the user's part of the tree; five queries."""
        with_closed = shows_closed(request)
        own = subscriptions_of(obj.account).filter(user=obj)
        shown = shown_subscriptions(own, on=today(), with_closed=with_closed)
        return {
            "subscriptions": _visible(shown, with_closed=with_closed),
            "count": sum(len(each.services) for each in shown),
            "with_closed": with_closed,
            "closed_count": sum(each.closed_count for each in shown),
        }


class Contact(Panel):
    """Where an account or user is, and how it is reached."""

    title = "Address and contact"
    slug = "contact"
    template_name = "subscriptions/partials/contact_panel.html"
    tab = "overview"
    order = 40
    wide = False


class BillingTermsOfAccount(Panel):
    """What holds for all of an account's bills."""

    title = "Billing"
    slug = "billing-terms"
    template_name = "subscriptions/partials/account_billing_panel.html"
    tab = "billing"
    order = 10
    wide = False


class Notes(Panel):
    """Notes on a record; pinned ones show under the header, whichever tab is open."""

    title = "Notes"
    slug = "notes"
    template_name = "subscriptions/partials/notes_panel.html"
    tab = "overview"
    order = 60
    wide = False
    permission = "shared.view_note"
    form_class = NoteForm
    form_permission = "shared.add_note"
    submit_label = "Add note"
    refusals = (NoteError,)

    def context(self, obj: Any, request: HttpRequest) -> Mapping[str, Any]:
        """Return the notes; one query."""
        notes = list(notes_of(obj))
        return {"notes": notes, "count": len(notes)}

    def submit(self, obj: Any, request: HttpRequest, form: Any) -> str:
        """Write the note."""
        data = form.cleaned_data
        write_note(obj, data["text"], by=user_of(request), pinned=data["pinned"])
        return "The note was added."

    def actions(self, obj: Any, request: HttpRequest) -> Sequence[Action]:
        """Offer a note from the header."""
        return [Action("Add note", "?tab=overview#notes", self.form_permission, key="n")]

    def alerts(self, obj: Any, request: HttpRequest) -> Sequence[Alert]:
        """Show pinned notes; one query."""
        return [Alert(note.text, "info") for note in notes_of(obj).filter(pinned=True)]
