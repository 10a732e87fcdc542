"""The one table of state changes, by kind of action, and what follows from it.

Sources: BillMax 2.4 (status meaning), CRM.COM 3.8–3.9 (life-cycle states, actions).
"""

from collections.abc import Iterable, Mapping

from subscriptions.models import (
    ActionKind,
    BillingTermScheme,
    BillMode,
    ServiceState,
    StateReason,
)

# From which state of a service (None: it is new) each kind of action leads to which states.
TRANSITIONS: Mapping[ActionKind, Mapping[ServiceState | None, tuple[ServiceState, ...]]] = {
    ActionKind.BECOME_SUBSCRIBER: {None: (ServiceState.EFFECTIVE, ServiceState.DRAFT)},
    ActionKind.ADD_SERVICE: {None: (ServiceState.EFFECTIVE, ServiceState.DRAFT)},
    ActionKind.ADD_EXPENSE: {},
    # Of components: new ones stand where their package does, others go.
    ActionKind.AMEND_BUNDLE: {
        None: (ServiceState.EFFECTIVE, ServiceState.NOT_EFFECTIVE, ServiceState.DRAFT),
        ServiceState.DRAFT: (ServiceState.REMOVED,),
        ServiceState.EFFECTIVE: (ServiceState.CANCELLED,),
        ServiceState.NOT_EFFECTIVE: (ServiceState.CANCELLED,),
    },
    ActionKind.ACTIVATE: {
        ServiceState.DRAFT: (ServiceState.EFFECTIVE,),
        ServiceState.NOT_EFFECTIVE: (ServiceState.EFFECTIVE,),
    },
    ActionKind.DEACTIVATE: {ServiceState.EFFECTIVE: (ServiceState.NOT_EFFECTIVE,)},
    ActionKind.CANCEL: {
        ServiceState.DRAFT: (ServiceState.REMOVED,),
        ServiceState.EFFECTIVE: (ServiceState.CANCELLED,),
        ServiceState.NOT_EFFECTIVE: (ServiceState.CANCELLED,),
    },
    ActionKind.SET_END_DATE: {
        ServiceState.DRAFT: (ServiceState.DRAFT,),
        ServiceState.EFFECTIVE: (ServiceState.EFFECTIVE,),
        ServiceState.NOT_EFFECTIVE: (ServiceState.NOT_EFFECTIVE,),
    },
}

# States that nothing leads out of.
CLOSED_STATES = frozenset(
    {
        ServiceState.CANCELLED,
        ServiceState.REGRETTED,
        ServiceState.SWAPPED,
        ServiceState.REMOVED,
    }
)

# The state of a subscription is the first of these that one of its services is in.
_ROLL_UP = (
    ServiceState.EFFECTIVE,
    ServiceState.SHORT_TERM_EFFECTIVE,
    ServiceState.SHORT_TERM_NOT_EFFECTIVE,
    ServiceState.IN_RESTING,
    ServiceState.NOT_EFFECTIVE,
    ServiceState.DRAFT,
    ServiceState.CANCELLED,
    ServiceState.REGRETTED,
    ServiceState.SWAPPED,
    ServiceState.REMOVED,
)


def next_state(kind: ActionKind, state: ServiceState) -> ServiceState | None:
    """Return where `kind` leads an existing service from `state`, None if nowhere."""
    found = TRANSITIONS[kind].get(state)
    return found[0] if found else None


def rolled_up(states: Iterable[ServiceState]) -> ServiceState:
    """Return the state of a subscription whose services are in `states`; without any, draft.

    A subscription of which only drafts were removed is cancelled, not removed.
    """
    found = set(states)
    if not found:
        return ServiceState.DRAFT
    state = next(each for each in _ROLL_UP if each in found)
    return ServiceState.CANCELLED if state == ServiceState.REMOVED else state


def bill_mode(
    state: ServiceState, reason: str, *, scheme: BillingTermScheme, free: bool
) -> BillMode | None:
    """Return how billing takes the days in `state`; None where there are no days to take.

    A deactivated service keeps the charge of the cycle that runs, unless the scheme credits it;
    one deactivated as overdue goes on being billed where the scheme says so.
    """
    if state in CLOSED_STATES or state == ServiceState.DRAFT:
        return None
    if free:
        return BillMode.NONE
    if state == ServiceState.EFFECTIVE:
        return BillMode.BILL
    if reason == StateReason.OVERDUE and scheme.bill_suspended:
        return BillMode.BILL
    return BillMode.NONE if scheme.credit_on_deactivation else BillMode.KEEP
