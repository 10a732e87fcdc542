"""Requests for tests: accepted as they are, refused when changed."""

from datetime import date
from typing import Any

from subscriptions.models import ActionKind
from subscriptions.operations.actions import ActionRequest, Addition
from tests.catalog.factories import ProductFactory
from tests.subscriptions.factories import AccountFactory, SubscriptionTypeFactory, offer

JAN_15 = date(2026, 1, 15)


def request_to_become(product=None, **changes: Any) -> ActionRequest:
    """Return a request that is accepted, changed as asked."""
    product = product or ProductFactory()
    account = changes.pop("account", None) or AccountFactory()
    kind = changes.pop("subscription_type", None) or SubscriptionTypeFactory()
    offer(product, subscription_type=kind)
    addition = changes.pop("addition", {})
    return ActionRequest(
        **{
            "kind": ActionKind.BECOME_SUBSCRIBER,
            "performed_on": JAN_15,
            "account_user": account.users.get(),
            "subscription_type": kind,
            "scheme": kind.schemes.get(),
            "additions": (Addition(product, **addition),),
            **changes,
        }
    )
