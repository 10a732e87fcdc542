"""Pages with a form: an act (one operation call), a new record, a change.

Each has one effect however often it is sent (config.shared.operations.form_tokens), shows what is
wrong on top and at the field, and keeps what was typed.
"""

from uuid import UUID, uuid4

from django import forms
from django.contrib import messages
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.core.exceptions import ValidationError
from django.shortcuts import redirect
from django.views.generic import CreateView, FormView, UpdateView
from django.views.generic.edit import ModelFormMixin

from config.shared.operations.form_tokens import AlreadySent, act_once


def token_of(request) -> UUID:
    """Return the one-time token that came with the form; a fresh one where none came."""
    try:
        return UUID(request.POST.get("form_token", ""))
    except ValueError:
        return uuid4()


def show_refusal(form, refusal: Exception) -> None:
    """Show on the form what an operation refused: at the field `refusal.field` names, or on top."""
    if isinstance(refusal, ValidationError):
        if hasattr(refusal, "error_dict"):
            known = {
                name: errors for name, errors in refusal.error_dict.items() if name in form.fields
            }
            for name, errors in known.items():
                form.add_error(name, errors)
            other = [
                e
                for name, errors in refusal.error_dict.items()
                if name not in known
                for e in errors
            ]
            if other:
                form.add_error(None, other)
            return
        form.add_error(None, refusal)
        return
    field = getattr(refusal, "field", None)
    row = getattr(refusal, "row", None)
    if row is not None and hasattr(form, "add_row_error"):
        form.add_row_error(row, field, str(refusal))
        return
    removed = getattr(refusal, "removed", None)
    if removed is not None and hasattr(form, "add_removed_error"):
        form.add_removed_error(removed, str(refusal))
        return
    form.add_error(field if field in form.fields else None, str(refusal))


class FormPageMixin(PermissionRequiredMixin):
    """What every page with a form has.

    Attributes: `title`, `submit_label`, `lead` (a sentence on what will happen), `parents`
    (breadcrumbs: (label, url) pairs), `narrow` (one column), `danger` (a red button),
    `refusals` (base classes of what the operation may refuse), `success_message` (may use
    `{result}`). Methods to override: `act(form)`, `get_success_url()`, `get_cancel_url()`.
    """

    template_name = "components/form_page.html"
    title = ""
    submit_label = "Save"
    lead = ""
    parents = ()
    narrow = False
    danger = False
    has_save_and_new = False
    refusals: tuple[type[Exception], ...] = ()
    success_message = ""
    result = None

    def act(self, form):
        """Make the one operation call and return its result."""
        raise NotImplementedError(f"{type(self).__name__} has no act().")

    def form_valid(self, form):
        """Act once; show a refusal on the form, or say what was done and go on."""
        try:
            answer = act_once(token_of(self.request), lambda: self._act(form))
        except AlreadySent as sent:
            messages.info(self.request, str(sent))
            return redirect(sent.answer or self.get_cancel_url())
        except (*self.refusals, ValidationError) as refusal:
            show_refusal(form, refusal)
            return self.form_invalid(form)
        message = self.get_success_message()
        if message:
            messages.add_message(self.request, self.get_message_level(), message)
        return redirect(answer)

    def get_message_level(self) -> int:
        """Return how the message is said: as done, unless nothing came of it."""
        return messages.SUCCESS

    def _act(self, form) -> str:
        self.result = self.act(form)
        if self.has_save_and_new and "save_and_new" in self.request.POST:
            return self.request.get_full_path()
        return str(self.get_success_url())

    def get_success_message(self) -> str:
        """Return what to say after success."""
        return self.success_message.format(result=self.result)

    def get_title(self) -> str:
        """Return the heading."""
        return self.title

    def get_lead(self) -> str:
        """Return the sentence under the heading."""
        return self.lead

    def get_parents(self):
        """Return the breadcrumbs above this page: (label, url) pairs."""
        return self.parents

    def get_cancel_url(self) -> str:
        """Return where Cancel leads to: the last of the parents, else home."""
        parents = list(self.get_parents())
        return parents[-1][1] if parents else "/"

    def get_success_url(self):
        """Return where to go after success; by default where Cancel leads to."""
        return self.get_cancel_url()

    def get_context_data(self, **kwargs):
        """Add what components/form_page.html reads."""
        context = {
            "title": self.get_title(),
            "lead": self.get_lead(),
            "parents": self.get_parents(),
            "cancel_url": self.get_cancel_url(),
            "submit_label": self.submit_label,
            "narrow": self.narrow,
            "danger": self.danger,
            "has_save_and_new": self.has_save_and_new,
            "form_token": uuid4(),
        }
        return super().get_context_data(**{**context, **kwargs})


class ActionFormView(FormPageMixin, FormView):
    """An act: a form and one operation call."""

    narrow = True


class ConfirmView(ActionFormView):
    """An act that needs no more than a yes; `lead` says what will happen."""

    form_class = forms.Form
    submit_label = "Confirm"
    danger = True


class _RecordFormMixin(FormPageMixin, ModelFormMixin):
    """Plain editing of one record through a ModelForm."""

    def act(self, form):
        """Save the record; override to call an operation that saves."""
        self.object = form.save()
        return self.object

    def form_valid(self, form):
        """Act once, and not save a second time as ModelFormMixin would."""
        return FormPageMixin.form_valid(self, form)

    def get_success_url(self):
        """Return the record's own page, or where Cancel leads to if it has none."""
        if hasattr(self.object, "get_absolute_url"):
            return self.object.get_absolute_url()
        return self.get_cancel_url()


class RatebookCreateView(_RecordFormMixin, CreateView):
    """A page for a new record."""

    has_save_and_new = True

    def get_title(self) -> str:
        """Return the heading: "New price plan"."""
        return self.title or f"New {self._verbose_name()}"

    def get_success_message(self) -> str:
        """Say what was made."""
        return super().get_success_message() or f"{self.result} was added."

    def _verbose_name(self) -> str:
        return str((self.model or self.get_form_class()._meta.model)._meta.verbose_name)


class RatebookUpdateView(_RecordFormMixin, UpdateView):
    """A page for changing a record."""

    def get_title(self) -> str:
        """Return the heading: the record's name."""
        return self.title or f"Change {self.object}"

    def get_success_message(self) -> str:
        """Say what was saved."""
        return super().get_success_message() or f"{self.result} was saved."
