"""How states look: a tone and an icon beside the word. Presentation only, no rules."""

from typing import Final

# tone → (states, icon). A state that is not listed is neutral.
TONES: Final[dict[str, tuple[frozenset[str], str]]] = {
    "ok": (
        frozenset(
            [
                "ACTIVE",
                "EFFECTIVE",
                "AVAILABLE",
                "COMPLETED",
                "DONE",
                "POSTED",
                "PAID",
                "BILLED",
                "SETTLED",
                "DELIVERED",
                "ACCEPTED",
                "SUCCEEDED",
                "EXECUTED",
                "SENT",
                "OPEN",
                "ON",
                "YES",
                "SHORT_TERM_EFFECTIVE",
                "APPLIED",
                "GRANTED",
            ]
        ),
        "check-circle",
    ),
    "info": (
        frozenset(
            [
                "DRAFT",
                "PENDING",
                "RUNNING",
                "QUEUED",
                "SCHEDULED",
                "SENDING",
                "NEW",
                "NORMAL",
                "PARTIALLY",
                "PARTLY_PAID",
                "PARTIALLY_SETTLED",
                "UNPAID",
                "NOT_BILLED",
                "UNSETTLED",
                "UPLOADED",
                "CHECKED",
                "ORDERED",
                "CHANGED",
            ]
        ),
        "information-circle",
    ),
    "warn": (
        frozenset(
            [
                "MISSING",
                "NOT_EFFECTIVE",
                "SUSPENDED",
                "PAUSED",
                "STOPPED",
                "IN_RESTING",
                "SHORT_TERM_NOT_EFFECTIVE",
                "NO_NEW_USERS",
                "COMPLETED_WITH_ERRORS",
                "RETRYING",
                "RETRY",
                "WAITING",
                "PARKED",
                "OVERDUE",
                "SKIPPED",
            ]
        ),
        "exclamation-triangle",
    ),
    "stop": (
        frozenset(
            [
                "FAILED",
                "REJECTED",
                "CANCELLED",
                "CLOSED",
                "COLLECTIONS",
                "DEAD",
                "DEAD_LETTER",
                "EXPIRED",
                "REFUSED",
                "DISCONTINUED",
            ]
        ),
        "no-symbol",
    ),
    "neutral": (
        frozenset(
            [
                "INACTIVE",
                "DISCARDED",
                "REGRETTED",
                "SWAPPED",
                "REMOVED",
                "REVERSED",
                "WITHDRAWN",
                "OFF",
                "NO",
            ]
        ),
        "minus-circle",
    ),
}
NEUTRAL: Final = ("neutral", "minus-circle")


def tone_and_icon(state: str) -> tuple[str, str]:
    """Return the tone (ok, info, warn, stop or neutral) and the heroicon of a state's value."""
    word = state.upper().replace(" ", "_").replace("-", "_")
    for tone, (states, icon) in TONES.items():
        if word in states:
            return tone, icon
    return NEUTRAL
