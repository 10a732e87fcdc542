"""One effect per form: a double click, a repeated POST or the Back button does nothing twice."""

from collections.abc import Callable
from uuid import UUID

from django.db import transaction

from config.shared.db import refused_by
from config.shared.models import FormToken


class AlreadySent(Exception):
    """The form with this token had its effect before; `answer` is where that led to, or ""."""

    def __init__(self, answer: str) -> None:
        super().__init__("This form was sent before. It had its effect once.")
        self.answer = answer


@transaction.atomic
def act_once(token: UUID, act: Callable[[], str]) -> str:
    """Call `act` and return its answer (an address), once for each token.

    `act` runs in the transaction that uses up the token: if it raises, the token stays good. A
    second sender waits for the first one's transaction.

    Raises AlreadySent, and what `act` raises.
    """
    try:
        with refused_by("shared_formtoken_pkey", AlreadySent("")):
            FormToken.objects.create(token=token)
    except AlreadySent:
        raise AlreadySent(FormToken.objects.get(pk=token).answer) from None
    answer = act()
    FormToken.objects.filter(pk=token).update(answer=answer[:500])
    return answer
