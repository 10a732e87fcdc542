"""What pricing does when something below it changes; named in settings."""

from collections.abc import Collection, Mapping, Sequence
from typing import Final

from django.contrib.auth.models import AbstractBaseUser
from django.db.models import Model

from catalog.models import AccountClass, AccountClassification, Product, ProductFamily
from catalog.operations.cloning import ClonedPart
from catalog.queries.trees import branches
from pricing.kernel.conditions import ConditionKind
from pricing.models import PlanCondition, PlanConditionValue, ProductTax
from pricing.operations.cloning import copy_prices, copy_taxes, prices_alone
from pricing.operations.conditions import Choice, ConditionError, ConditionValues
from pricing.operations.type_taxes import copy_type_taxes, copy_type_taxes_to_all


class CatalogueConditions(ConditionValues):
    """Values of conditions that the catalogue knows (PLAN_CONDITION_VALUES)."""

    kinds = (ConditionKind.ACCOUNT_CLASS, ConditionKind.CLASSIFICATION, ConditionKind.SERVICES)
    lists: Final[Mapping[str, type[Model]]] = {
        "account_class": AccountClass,
        "classification": AccountClassification,
        "product": Product,
        "family": ProductFamily,
    }

    def choices(self, kind: ConditionKind) -> list[Choice]:
        """Return the classes, classifications or families."""
        if kind is ConditionKind.SERVICES:
            return [
                Choice(f"family:{pk}", branch.text)
                for pk, branch in branches(ProductFamily).items()
            ]
        column = kind.value.lower()
        rows = self.lists[column]._default_manager.order_by("name", "pk")
        return [Choice(f"{column}:{row.pk}", str(row)) for row in rows]

    def read(self, condition_ids: Collection[int]) -> dict[int, list[Choice]]:
        """Return the values of conditions; one query."""
        found: dict[int, list[Choice]] = {}
        rows = PlanConditionValue.objects.filter(condition_id__in=condition_ids)
        for row in rows.select_related(*self.lists):
            column = next(name for name in self.lists if getattr(row, f"{name}_id") is not None)
            label = f"{row} and below" if column == "family" else str(row)
            choice = Choice(f"{column}:{getattr(row, f'{column}_id')}", label)
            found.setdefault(row.condition_id, []).append(choice)
        return found

    def write(self, condition: PlanCondition, keys: Collection[str]) -> None:
        """Put these values in place of those there are."""
        for row in condition.values.all():
            row.delete()
        is_counted = condition.kind == ConditionKind.SERVICES
        allowed = ("product", "family") if is_counted else (condition.kind.lower(),)
        for key in dict.fromkeys(keys):
            column, _, pk = key.partition(":")
            if column not in allowed or not pk.isdigit():
                raise ConditionError("Choose values of this kind.", field="values")
            record = self.lists[column]._default_manager.filter(pk=pk).first()
            if record is None:
                raise ConditionError("A value that is not there any more.", field="values")
            PlanConditionValue.objects.create(condition=condition, **{column: record})


class DefaultTaxes:
    """New products get the tax rates of their type (PRODUCT_CREATED_HANDLERS)."""

    def product_created(self, product: Product) -> None:
        """Copy them."""
        copy_type_taxes(product)

    def products_created(self, products: Sequence[Product], *, by: AbstractBaseUser | None) -> None:
        """Copy them for many products."""
        copy_type_taxes_to_all(products, by=by)


class ClonedTaxes(ClonedPart):
    """The tax rates of a product (PRODUCT_CLONED_PARTS)."""

    slug = "taxes"
    label = "Tax rates"

    def count(self, product: Product) -> int:
        """Count them."""
        return ProductTax.objects.filter(product=product).count()

    def copy(self, source: Product, clone: Product) -> None:
        """Copy them."""
        copy_taxes(source, clone)


class ClonedPrices(ClonedPart):
    """The prices of a product sold alone (PRODUCT_CLONED_PARTS)."""

    slug = "prices"
    label = "Prices in plans, sold alone"

    def count(self, product: Product) -> int:
        """Count the plans."""
        return len(prices_alone(product))

    def copy(self, source: Product, clone: Product) -> None:
        """Copy them; plans that have been used take the clone too."""
        copy_prices(source, clone)
