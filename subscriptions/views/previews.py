"""Pages that say what an act will do before it is confirmed."""

from dataclasses import dataclass

from django.shortcuts import render

from subscriptions.operations.actions import ActionRefused, PreviewLine, preview
from subscriptions.operations.refusals import (
    ChoiceRefused,
    NothingToChange,
    OverrideNeedsReason,
    PlanRefused,
    SchemeRefused,
    WrongDay,
)

PREVIEW = "preview"
# Where a refusal is shown, for the fields that a form has: the first of these.
_FIELDS = {
    OverrideNeedsReason: ("override_reason",),
    PlanRefused: ("onto",),
    SchemeRefused: ("frequency", "onto"),
    WrongDay: ("last_day", "performed_on", "starts_on"),
}
# What is no fault as long as nobody has touched the form, and what to do instead.
_FIRST_STEPS = {
    ChoiceRefused: "Choose its services: then this says what they cost.",
    NothingToChange: "Tick what comes and untick what goes: then this says what changes.",
}


@dataclass(frozen=True)
class Check:
    """What an act will do, or why it cannot be done; `first_step` is what to do before either."""

    lines: tuple[PreviewLine, ...] = ()
    refusal: str = ""
    faults: tuple[str, ...] = ()
    first_step: str = ""

    @property
    def effects(self):
        """The lines that are not about money."""
        return [line for line in self.lines if line.amount is None]

    @property
    def money(self):
        """The lines about money; the last is the sum."""
        return [line for line in self.lines if line.amount is not None]


class PreviewMixin:
    """Previews the act of a form: on opening, with the Preview button, and by htmx on each change.

    A subclass has `request_of(form)` (the ActionRequest of a valid form) and `act(form)`.
    `check_template` shows the check; `partials` maps the ids of other elements that htmx replaces
    to their templates.
    """

    refusals = (ActionRefused,)
    check_template = "subscriptions/partials/check.html"
    partials = {}

    def request_of(self, form):
        """Return the act that a valid form asks for."""
        raise NotImplementedError(f"{type(self).__name__} has no request_of().")

    def post(self, request, *args, **kwargs):
        """Preview where asked to; else act."""
        if PREVIEW not in request.POST:
            return super().post(request, *args, **kwargs)
        form = self.get_form()
        context = self.get_context_data(form=form)
        template = None
        if request.htmx:
            partials = {"check": self.check_template, **self.partials}
            template = partials.get(request.htmx.target)
        return render(request, template or self.get_template_names()[0], context)

    def get_context_data(self, **kwargs):
        """Add the check of the form."""
        context = super().get_context_data(**kwargs)
        context["check_template"] = self.check_template
        if "check" not in context:
            context["check"] = self.get_check(context["form"])
        return context

    def get_check(self, form):
        """Return what the form's act will do; None while the form is not filled well."""
        if form is None:
            return None
        if not form.is_bound:
            return self.first_check(self.with_initial(form))
        if not form.is_valid():
            _show_faults(form)
            return None
        return self.check_of(form)

    def first_check(self, form):
        """Return what the act does as the page is opened: what is still to choose is no fault."""
        if not form.is_valid():
            return None
        try:
            return Check(tuple(preview(self.request_of(form)).lines))
        except ActionRefused as refusal:
            return Check(refusal=str(refusal), first_step=_FIRST_STEPS.get(type(refusal), ""))

    def check_of(self, form):
        """Return what the act of a valid form will do, or all that is wrong with it."""
        try:
            return Check(tuple(preview(self.request_of(form)).lines))
        except ActionRefused as refusal:
            faults = _show_faults(form)
            if isinstance(refusal, ChoiceRefused):
                faults = ()
            return Check(refusal=str(refusal), faults=faults)

    def with_initial(self, form):
        """Return a form that was sent as it is shown at first."""
        values = {field.html_name: field.value() for field in form}
        return type(form)(**{**self.get_form_kwargs(), "data": values})

    def _act(self, form):
        try:
            return super()._act(form)
        except ActionRefused as refusal:
            names = next(
                (found for kind, found in _FIELDS.items() if isinstance(refusal, kind)), ()
            )
            refusal.field = next((name for name in names if name in form.fields), None)
            _show_faults(form)
            raise


def _show_faults(form):
    """Show what is wrong with the form's choice of components, if it has one, at its rows; return
    it in words.

    The choice is looked at whatever else is wrong: what is refused first hides nothing.
    """
    chooser = getattr(form, "chooser", None)
    if chooser is None:
        return ()
    chooser.faults = tuple(chooser.flexible.faults(chooser.chosen))
    return tuple(fault.message for fault in chooser.faults)
