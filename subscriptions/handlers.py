"""What subscriptions do when something below them changes; named in settings."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any, Final

from django.contrib.auth.models import User
from django.db.models import Model, QuerySet

from catalog.models import Product
from catalog.operations.cloning import ClonedPart
from config.shared.imports.lookups import find_by_text
from pricing.kernel.conditions import ConditionKind
from pricing.models import AdditiveDiscount, PlanCondition, PricePlan
from pricing.operations.conditions import Choice, ConditionError, ConditionValues
from pricing.operations.plans import ReplacementEffect
from subscriptions.models import (
    BillingTermScheme,
    Frequency,
    GivenDiscount,
    PlanConditionTerm,
    SubscriptionType,
)
from subscriptions.operations.discount_terms import copy_discount_terms
from subscriptions.operations.schemes import (
    add_product_to_scheme,
    add_product_to_type,
    follow_replaced_plan,
)
from subscriptions.queries.plan_use import plan_replacement_effects
from subscriptions.queries.products import live_services
from subscriptions.queries.schemes import schemes_of_product


class FollowReplacedPlan:
    """Schemes that offer a replaced price plan offer the new one (PLAN_REPLACED_HANDLERS)."""

    def plan_replaced(self, old: PricePlan, new: PricePlan, *, by: User | None, on: date) -> None:
        """Move defaults and allowed plans; agreed terms keep theirs."""
        follow_replaced_plan(old, new, by=by, on=on)

    def effects(self, old: PricePlan, new: PricePlan) -> list[ReplacementEffect]:
        """Say which schemes offer the new plan, and which subscriptions keep the old one."""
        return plan_replacement_effects(old)


_MODELS: Final[Mapping[ConditionKind, type[Model]]] = {
    ConditionKind.SUBSCRIPTION_TYPE: SubscriptionType,
    ConditionKind.SCHEME: BillingTermScheme,
}


class TermsConditions(ConditionValues):
    """Values of price plans' conditions on billing terms (PLAN_CONDITION_VALUES)."""

    kinds = (ConditionKind.SUBSCRIPTION_TYPE, ConditionKind.SCHEME, ConditionKind.FREQUENCY)
    new_pages = {
        ConditionKind.SUBSCRIPTION_TYPE: (
            "subscriptions:type_new",
            "subscriptions.add_subscriptiontype",
        ),
        ConditionKind.SCHEME: ("subscriptions:scheme_new", "subscriptions.add_billingtermscheme"),
    }

    def choices(self, kind: ConditionKind) -> list[Choice]:
        """Return the subscription types, schemes or frequencies."""
        if kind is ConditionKind.FREQUENCY:
            return [_frequency(Frequency(value)) for value in Frequency.values]
        rows = _MODELS[kind]._default_manager.order_by("name", "pk")
        return [_term(kind, row) for row in rows]

    def find(self, kind: ConditionKind, texts: Collection[str]) -> dict[str, Choice]:
        """Find types and schemes by their codes, frequencies by their names."""
        if kind is ConditionKind.FREQUENCY:
            known = {choice.text.casefold(): choice for choice in self.choices(kind)}
            return {text: known[text.casefold()] for text in texts if text.casefold() in known}
        rows = find_by_text(_MODELS[kind], "code", texts)
        return {text: _term(kind, row) for text, row in rows.items()}

    def history(self, condition_ids: Collection[int]) -> QuerySet[Any]:
        """Return the history of the values."""
        rows: QuerySet[Any] = PlanConditionTerm.history.filter(condition_id__in=condition_ids)
        return rows

    def read(self, condition_ids: Collection[int]) -> dict[int, list[Choice]]:
        """Return the values of conditions; one query."""
        found: dict[int, list[Choice]] = {}
        rows = PlanConditionTerm.objects.filter(condition_id__in=condition_ids)
        for row in rows.select_related("subscription_type", "scheme"):
            if row.frequency:
                choice = _frequency(Frequency(row.frequency))
            elif row.scheme_id is not None:
                choice = _term(ConditionKind.SCHEME, row.scheme)
            else:
                choice = _term(ConditionKind.SUBSCRIPTION_TYPE, row.subscription_type)
            found.setdefault(row.condition_id, []).append(choice)
        return found

    def write(self, condition: PlanCondition, keys: Collection[str]) -> None:
        """Put these values in place of those there are."""
        for row in PlanConditionTerm.objects.filter(condition=condition):
            row.delete()
        kind = ConditionKind(condition.kind)
        known = {choice.key for choice in self.choices(kind)}
        for key in dict.fromkeys(keys):
            if key not in known:
                raise ConditionError("Choose values of this kind.", field="values")
            column, _, value = key.partition(":")
            field = column if kind is ConditionKind.FREQUENCY else f"{column}_id"
            PlanConditionTerm.objects.create(condition=condition, **{field: value})


def _term(kind: ConditionKind, record: Any) -> Choice:
    return Choice(f"{kind.value.lower()}:{record.pk}", str(record), record.code)


def _frequency(frequency: Frequency) -> Choice:
    return Choice(f"frequency:{frequency.value}", str(frequency.label), str(frequency.label))


class LiveServices:
    """Who has a product (PRODUCT_HOLDERS)."""

    what = ("service that is not closed", "services that are not closed")

    def count(self, product: Product) -> int:
        """Count the services of customers, drafts among them."""
        return live_services(product).count()


class ClonedSchemes(ClonedPart):
    """How billing term schemes bill a product (PRODUCT_CLONED_PARTS)."""

    slug = "schemes"
    label = "Billing term schemes"

    def count(self, product: Product) -> int:
        """Count the schemes."""
        return len(schemes_of_product(product))

    def copy(self, source: Product, clone: Product) -> None:
        """Put the clone on the same schemes, billed alike."""
        for row in schemes_of_product(source):
            add_product_to_scheme(
                row.scheme,
                clone,
                timing=row.timing,
                exclude_from_deactivation=row.exclude_from_deactivation,
            )


class ClonedTypes(ClonedPart):
    """The subscription types that allow a product (PRODUCT_CLONED_PARTS)."""

    slug = "subscription-types"
    label = "Subscription types"

    def count(self, product: Product) -> int:
        """Count the types."""
        return product.subscription_types.count()

    def copy(self, source: Product, clone: Product) -> None:
        """Allow the clone where its source is allowed; their schemes get it too."""
        for subscription_type in source.subscription_types.order_by("pk"):
            add_product_to_type(subscription_type, clone)


class GivenDiscounts:
    """Who was given a discount by hand (DISCOUNT_HOLDERS)."""

    what = ("subscription that it was given to", "subscriptions that it was given to")

    def count(self, discount: AdditiveDiscount) -> int:
        """Count the subscriptions, whatever was decided."""
        given = GivenDiscount.objects.filter(discount=discount)
        return given.values("subscription").distinct().count()


class CopyDiscountTerms:
    """What billing terms a discount is for goes on to its new version."""

    def version_drafted(self, old: AdditiveDiscount, new: AdditiveDiscount) -> None:
        """Copy the criteria (DISCOUNT_VERSION_HANDLERS)."""
        copy_discount_terms(old, new)
