"""What pricing does when something below it changes; named in settings."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

from django.contrib.auth.models import AbstractBaseUser
from django.db.models import Model, QuerySet

from catalog.models import AccountClass, AccountClassification, Product, ProductFamily
from catalog.operations.cloning import ClonedPart
from catalog.queries.trees import branches
from config.shared.imports.lookups import find_by_text
from pricing.kernel.conditions import ConditionKind
from pricing.models import PlanCondition, PlanConditionValue, ProductTax
from pricing.operations.cloning import copy_prices, copy_taxes, prices_alone
from pricing.operations.conditions import Choice, ConditionError, ConditionValues
from pricing.operations.type_taxes import copy_type_taxes, copy_type_taxes_to_all


class CatalogueConditions(ConditionValues):
    """Values of conditions that the catalogue knows (PLAN_CONDITION_VALUES)."""

    kinds = (ConditionKind.ACCOUNT_CLASS, ConditionKind.CLASSIFICATION, ConditionKind.SERVICES)
    new_pages = {
        ConditionKind.ACCOUNT_CLASS: ("catalog:account_class_new", "catalog.add_accountclass"),
        ConditionKind.CLASSIFICATION: (
            "catalog:classification_new",
            "catalog.add_accountclassification",
        ),
    }
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
        return [_choice(column, row) for row in rows]

    def find(self, kind: ConditionKind, texts: Collection[str]) -> dict[str, Choice]:
        """Find classes and classifications by their codes, "product CODE" and "family CODE"."""
        if kind is not ConditionKind.SERVICES:
            column = kind.value.lower()
            named = find_by_text(self.lists[column], "code", texts)
            return {text: _choice(column, row) for text, row in named.items()}
        found: dict[str, Choice] = {}
        for column in ("product", "family"):
            codes = {
                text: parts[1]
                for text in texts
                if len(parts := text.split()) == 2 and parts[0].casefold() == column
            }
            rows = find_by_text(self.lists[column], "code", set(codes.values()))
            found |= {
                text: _choice(column, rows[code]) for text, code in codes.items() if code in rows
            }
        return found

    def history(self, condition_ids: Collection[int]) -> QuerySet[Any]:
        """Return the history of the values."""
        rows: QuerySet[Any] = PlanConditionValue.history.filter(condition_id__in=condition_ids)
        return rows

    def read(self, condition_ids: Collection[int]) -> dict[int, list[Choice]]:
        """Return the values of conditions; one query."""
        found: dict[int, list[Choice]] = {}
        rows = PlanConditionValue.objects.filter(condition_id__in=condition_ids)
        for row in rows.select_related(*self.lists):
            column = next(name for name in self.lists if getattr(row, f"{name}_id") is not None)
            found.setdefault(row.condition_id, []).append(_choice(column, getattr(row, column)))
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


def _choice(column: str, record: Any) -> Choice:
    label = f"{record} and below" if column == "family" else str(record)
    text = f"{column} {record.code}" if column in ("product", "family") else record.code
    return Choice(f"{column}:{record.pk}", label, text)


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
