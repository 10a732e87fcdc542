"""Models of subscriptions, one file a topic."""

from .accounts import Account, AccountStatus, AccountUser, Seller, UserStatus
from .actions import ActionKind, ActionState, SubscriptionAction
from .discounts import DiscountTerms, GivenDiscount, GivenState
from .plan_facts import PastAccountClasses, PlanConditionTerm
from .schemes import (
    BillingMethod,
    BillingTermScheme,
    BillNextTerm,
    BillTiming,
    Frequency,
    SchemeKind,
    SchemePricing,
    SchemeProduct,
    SchemeState,
    SubscriptionType,
)
from .subscriptions import (
    AddedExpense,
    BillingTerms,
    BillMode,
    ServiceSpell,
    ServiceState,
    StateReason,
    SubscribedService,
    Subscription,
)
from .tax import AccountExemption

__all__ = [
    "Account",
    "AccountExemption",
    "AccountStatus",
    "AccountUser",
    "ActionKind",
    "ActionState",
    "AddedExpense",
    "BillMode",
    "BillNextTerm",
    "BillTiming",
    "BillingMethod",
    "BillingTermScheme",
    "BillingTerms",
    "DiscountTerms",
    "Frequency",
    "GivenDiscount",
    "GivenState",
    "PastAccountClasses",
    "PlanConditionTerm",
    "SchemeKind",
    "SchemePricing",
    "SchemeProduct",
    "SchemeState",
    "Seller",
    "ServiceSpell",
    "ServiceState",
    "StateReason",
    "SubscribedService",
    "Subscription",
    "SubscriptionAction",
    "SubscriptionType",
    "UserStatus",
]
