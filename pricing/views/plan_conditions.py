"""Conditions of a conditional plan, on pages of their own."""

from django.http import Http404
from django.urls import reverse

from config.shared.views.form_pages import ActionFormView, ConfirmView
from pricing.forms.plan_conditions import VALUES, ConditionForm, ConditionKindForm
from pricing.kernel.conditions import ConditionKind
from pricing.operations.condition_texts import condition_texts
from pricing.operations.conditions import values_of
from pricing.operations.plans import add_condition, change_condition, remove_condition
from pricing.views.plans import PlanActMixin


class AddCondition(PlanActMixin, ActionFormView):
    """Add a condition of the kind that the address names."""

    permission_required = "pricing.change_priceplan"
    form_class = ConditionForm
    template_name = "pricing/condition_form.html"
    submit_label = "Add condition"
    success_message = "The condition was added."

    def get_kind(self):
        """Return the kind; no page without one."""
        form = ConditionKindForm(self.request.GET)
        if not form.is_valid():
            raise Http404("No such kind of condition.")
        return ConditionKind(form.cleaned_data["kind"])

    def get_title(self):
        """Name the kind."""
        label = dict(ConditionKindForm.base_fields["kind"].choices)[self.get_kind().value]
        return f"Condition: {label[0].lower()}{label[1:]}"

    def get_form_kwargs(self):
        """Give the form the fields of the kind."""
        return {**super().get_form_kwargs(), "kind": self.get_kind()}

    def get_context_data(self, **kwargs):
        """Say where values are made, if there is none to choose."""
        kind = self.get_kind()
        keeper = values_of(kind)
        context = super().get_context_data(**kwargs)
        pages = {} if keeper is None else keeper.new_pages
        if kind in pages and not context["form"].fields["values"].choices:
            page, permission = pages[kind]
            may_make = self.request.user.has_perm(permission)
            context["missing"] = VALUES[kind].lower()
            context["new_page"] = reverse(page) if may_make else ""
        return context

    def act(self, form):
        """Add it."""
        return add_condition(self.get_plan(), kind=self.get_kind(), **form.condition())


class ConditionActMixin(PlanActMixin):
    """An act on a condition of the plan that the address names."""

    permission_required = "pricing.change_priceplan"

    def get_condition(self):
        """Return the condition."""
        if not hasattr(self, "_condition"):
            self._condition = self.get_plan().conditions.filter(pk=self.kwargs["pk"]).first()
            if self._condition is None:
                raise Http404("No such condition in this plan.")
        return self._condition


class ChangeCondition(ConditionActMixin, ActionFormView):
    """Change a condition of a plan that has not been used."""

    form_class = ConditionForm
    submit_label = "Save"
    success_message = "The condition was saved."

    def get_title(self):
        """Name the kind."""
        label = self.get_condition().get_kind_display()
        return f"Condition: {label[0].lower()}{label[1:]}"

    def get_form_kwargs(self):
        """Start from the condition as it is."""
        condition = self.get_condition()
        kind = ConditionKind(condition.kind)
        return {**super().get_form_kwargs(), "kind": kind, "condition": condition}

    def act(self, form):
        """Change it."""
        return change_condition(self.get_condition(), **form.condition())


class RemoveCondition(ConditionActMixin, ConfirmView):
    """Take a condition from a plan that has not been used."""

    title = "Remove the condition"
    submit_label = "Remove"
    success_message = "The condition was removed."

    def get_lead(self):
        """Say what is not asked any more."""
        (text,) = condition_texts([self.get_condition()])
        return f"The plan will not ask any more that {text}."

    def act(self, form):
        """Remove it."""
        remove_condition(self.get_condition())
