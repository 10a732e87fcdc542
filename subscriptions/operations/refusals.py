"""Why an act on a subscription is refused; every message may be shown to a user."""

from collections.abc import Sequence

from catalog.models import Product
from catalog.queries.choices import Fault


class ActionRefused(Exception):
    """An act cannot be performed as asked; nothing was changed."""


class IncompleteRequest(ActionRefused):
    """The request lacks something that its kind needs, or asks for what its kind has not."""


class NothingToChange(IncompleteRequest):
    """What is asked for is what is there already."""


class AccountClosed(ActionRefused):
    """The account or the user is closed."""


class SubscriptionClosed(ActionRefused):
    """The subscription is out of operation."""


class WrongTransition(ActionRefused):
    """The act does not lead on from the state a service is in."""


class WrongDay(ActionRefused):
    """The act's day, or a day it sets, cannot be."""


class SchemeRefused(ActionRefused):
    """The billing term scheme, frequency or billing day is not offered."""


class PlanRefused(ActionRefused):
    """The price plan cannot be used for this account or product."""


class ProductRefused(ActionRefused):
    """The product cannot be put on this subscription."""


class ChoiceRefused(ProductRefused):
    """What was chosen for a flexible bundle is not right; `faults` say where and why."""

    def __init__(self, bundle: Product, faults: Sequence[Fault]) -> None:
        super().__init__(f"{bundle}: " + " ".join(fault.message for fault in faults))
        self.bundle = bundle
        self.faults = tuple(faults)


class OverrideNeedsReason(ActionRefused):
    """A price of one's own without saying why."""


class NoSubscriptionAccepts(ActionRefused):
    """No subscription of the user takes the products, and none that would can be opened."""
