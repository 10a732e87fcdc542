"""What was typed into a form, kept for a while in the session while its writer is elsewhere."""

import time
from uuid import uuid4

from django.http import QueryDict

KEY = "form_drafts"
MOST_DRAFTS = 3
LONGEST_DRAFT = 200_000
KEPT_SECONDS = 60 * 60
# Belong to one sending of a form, not to what was typed.
LEFT_OUT = ("csrfmiddlewaretoken", "form_token", "draft_for")


def keep_draft(request, **more):
    """Keep what was sent, with `more` beside it, and return the draft's key; None if too long."""
    data = request.POST.copy()
    for name in LEFT_OUT:
        data.pop(name, None)
    text = data.urlencode()
    if len(text) > LONGEST_DRAFT:
        return None
    kept = _kept(request)
    key = uuid4().hex
    newest = dict(list(kept.items())[-(MOST_DRAFTS - 1) :])
    request.session[KEY] = newest | {key: {"data": text, "at": time.time(), **more}}
    return key


def find_draft(request):
    """Return the draft that the address names ("data" as a QueryDict), or None."""
    draft = _kept(request).get(request.GET.get("draft", ""))
    if draft is None:
        return None
    return {**draft, "data": QueryDict(draft["data"], mutable=True)}


def _kept(request):
    now = time.time()
    drafts = request.session.get(KEY, {})
    return {key: draft for key, draft in drafts.items() if now - draft["at"] < KEPT_SECONDS}
