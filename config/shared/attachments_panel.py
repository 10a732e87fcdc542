"""Files and addresses of a record as a panel of its page."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django import forms
from django.http import HttpRequest
from django.utils import timezone

from config.shared.act_forms import ActsForm, blank_form
from config.shared.kept_files import KeptFileField
from config.shared.operations.file_checks import FileError
from config.shared.operations.files import attach_address, attach_file, remove_attachment
from config.shared.panels import Panel
from config.shared.queries.files import attachments_of, listed_attachments

ATTACH_FILE, ATTACH_ADDRESS, DETACH = "attach-file", "attach-address", "detach"


class AttachmentsForm(ActsForm):
    """Attach a file, attach an address, or remove one of them."""

    acts: ClassVar[Mapping[str, Sequence[str]]] = {
        ATTACH_FILE: ("file", "title"),
        ATTACH_ADDRESS: ("address", "title"),
        DETACH: ("item",),
    }

    placed: ClassVar[Sequence[str]] = (ATTACH_FILE, ATTACH_ADDRESS)

    file = KeptFileField(max_length=500)
    address = forms.CharField(
        widget=forms.URLInput(attrs={"placeholder": "https://…"}), max_length=500
    )
    title = forms.CharField(
        max_length=120, required=False, help_text="Empty: the name of the file or host."
    )


class AttachmentsPanel(Panel):
    """What is attached to a record, with ways to add and remove.

    Files are given to those who may view the record's model. A subclass sets `form_permission`.
    """

    title = "Attachments"
    slug = "attachments"
    template_name = "shared/partials/attachments_panel.html"
    order = 70
    form_class: ClassVar[Any] = AttachmentsForm
    refusals: ClassVar[tuple[type[Exception], ...]] = (FileError,)

    def context(self, obj: Any, request: HttpRequest) -> Mapping[str, Any]:
        """Return the attachments, and an empty form for each way to add one."""
        attachments = listed_attachments(obj)
        context: dict[str, Any] = {"attachments": attachments, "count": len(attachments)}
        if self.may_submit(request):
            context["form"] = blank_form(self.form_class, self.slug)
            context["attach_file"] = blank_form(self.form_class, self.slug, ATTACH_FILE)
            context["attach_address"] = blank_form(self.form_class, self.slug, ATTACH_ADDRESS)
        return context

    def submit(self, obj: Any, request: HttpRequest, form: Any) -> str:
        """Do what was asked for."""
        values = form.cleaned_data
        by: Any = request.user
        if form.asked == ATTACH_FILE:
            upload = values["file"]
            added = attach_file(
                obj, upload.file, name=upload.name, title=values["title"], by=by, at=timezone.now()
            )
            return f"{added} was attached."
        if form.asked == ATTACH_ADDRESS:
            added = attach_address(
                obj, values["address"], title=values["title"], by=by, at=timezone.now()
            )
            return f"{added} was attached."
        attachment = attachments_of(obj).filter(pk=values["item"]).first()
        if attachment is None:
            raise FileError("The attachment was removed meanwhile.")
        remove_attachment(attachment, by=by)
        return f"{attachment} was removed."
