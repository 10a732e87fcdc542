"""Answers a searching field: the records whose code or name contains what was typed."""

from django.contrib.auth.mixins import PermissionRequiredMixin
from django.http import JsonResponse
from django.views import View

from config.shared.choosing import choice_label
from config.shared.queries.matching import matching_ids

MOST_CHOICES = 20
LONGEST_TEXT = 100


class ChoicesView(PermissionRequiredMixin, View):
    """Returns at most 20 choices as JSON: {"choices": [{"value": code, "label": …}]}.

    Attributes: `permission_required`, `queryset` (ordered), `code_field`, `searched` (fields
    looked through by part, in upper case; they have trigram indexes where rows are many). The
    record with exactly this code comes first.
    """

    http_method_names = ("get", "head", "options")
    queryset = None
    code_field = "code"
    searched = ("code", "name")

    def get_queryset(self):
        """Return what may be chosen; override to heed further parameters of the address."""
        return self.queryset.all()

    def get(self, request, **kwargs):
        """Return the choices for `q`; without it, the first of all."""
        text = request.GET.get("q", "").strip().replace("\0", "")[:LONGEST_TEXT]
        rows = self.get_queryset()
        found = []
        if text:
            found = list(rows.filter(**{f"{self.code_field}__iexact": text})[:1])
            rows = rows.filter(pk__in=matching_ids(rows, self.searched, text))
        seen = {row.pk for row in found}
        found += [row for row in rows[:MOST_CHOICES] if row.pk not in seen]
        return JsonResponse({"choices": [self.choice(row) for row in found[:MOST_CHOICES]]})

    def choice(self, row):
        """Return one choice."""
        code = getattr(row, self.code_field)
        return {"value": code, "label": choice_label(row, code)}
