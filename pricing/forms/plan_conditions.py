"""One condition of a conditional price plan; which fields there are depends on its kind."""

from datetime import timedelta
from typing import Any

from django import forms

from catalog.models import Product
from config.shared.choosing import ChosenField
from config.shared.db import days
from config.shared.forms import RatebookForm, dress_field
from pricing.kernel.conditions import ConditionKind, ConditionUse
from pricing.models import PlanCondition
from pricing.models.conditions import KINDS, USES
from pricing.operations.conditions import COUNTED, all_values, values_of
from pricing.queries.plans import priced_products

MOST_PRODUCTS = 6
VALUES = {
    ConditionKind.ACCOUNT_CLASS: "Account classes",
    ConditionKind.CLASSIFICATION: "Classifications",
    ConditionKind.SUBSCRIPTION_TYPE: "Subscription types",
    ConditionKind.SCHEME: "Billing term schemes",
    ConditionKind.FREQUENCY: "Frequencies",
    ConditionKind.SERVICES: "Products of these families, with those below them",
}
_HOW_MANY = {
    ConditionKind.SERVICES: "Services of these families and of the products below are counted "
    "together, each with its quantity.",
}


class ConditionKindForm(forms.Form):
    """Which kind of condition is to be added; a link is enough."""

    kind = forms.ChoiceField(choices=KINDS)


class ConditionForm(RatebookForm):
    """A condition of one kind: it holds if any of the values does."""

    use = forms.ChoiceField(
        label="Needed",
        choices=USES,
        initial=ConditionUse.RATES.value,
        help_text="To choose the plan: asked when it is put on billing terms. To use its rates: "
        "asked at each billing; where it fails, the base plan's rates hold.",
    )
    whole_row = ("use",)

    def __init__(
        self,
        *args: Any,
        kind: ConditionKind,
        condition: PlanCondition | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        stored = {} if condition is None else _stored(condition)
        self.initial = {**stored, **self.initial}
        keeper = values_of(kind)
        if keeper is not None:
            self.fields["values"] = forms.MultipleChoiceField(
                label=VALUES[kind],
                choices=[(choice.key, choice.label) for choice in keeper.choices(kind)],
                widget=forms.CheckboxSelectMultiple,
                required=kind is not ConditionKind.SERVICES,
                help_text=_HOW_MANY.get(kind, "One of them is enough."),
            )
            self.fields["values"].is_whole_row = True
        if kind is ConditionKind.SERVICES:
            self._add_products(sum(name.startswith("product") for name in stored))
        if kind in COUNTED:
            unit = "months" if kind is ConditionKind.BINDING else "services"
            for name in ("least", "most"):
                self.fields[name] = forms.DecimalField(
                    label=f"At {name} ({unit})",
                    help_text="One of the two may be left empty." if name == "least" else "",
                    required=False,
                    min_value=0,
                    max_digits=12,
                    decimal_places=4,
                )
        if kind is ConditionKind.DAYS:
            self.fields["valid_from"] = forms.DateField(
                required=False, label="First day", help_text="Empty: from ever on."
            )
            self.fields["valid_until"] = forms.DateField(
                required=False, label="Last day", help_text="Empty: without end."
            )
        for name in self.fields.keys() - {"use"}:
            dress_field(self.fields[name])

    def _add_products(self, stored: int) -> None:
        for number in range(1, max(MOST_PRODUCTS, stored + 1) + 1):
            self.fields[f"product{number}"] = ChosenField(
                priced_products(),
                search="catalog:choose_product",
                query="for=priced",
                required=False,
                label=f"Product {number}",
            )

    def condition(self) -> dict[str, Any]:
        """Return the fields for `add_condition` and `change_condition`."""
        data = self.cleaned_data
        products: list[Product] = [
            data[name] for name in self.fields if name.startswith("product") and data.get(name)
        ]
        start, end = data.get("valid_from"), data.get("valid_until")
        return {
            "use": data["use"],
            "values": [*data.get("values", ()), *(f"product:{each.pk}" for each in products)],
            "least": data.get("least"),
            "most": data.get("most"),
            "days": days(start, end + timedelta(days=1) if end else None) if start or end else None,
        }


def _stored(condition: PlanCondition) -> dict[str, Any]:
    keys = [value.key for value in all_values([condition])[condition.pk]]
    products = [int(key.partition(":")[2]) for key in keys if key.startswith("product:")]
    stored: dict[str, Any] = {
        "use": condition.use,
        "values": [key for key in keys if not key.startswith("product:")],
        **{f"product{number}": pk for number, pk in enumerate(products, start=1)},
    }
    for name in ("least", "most"):
        bound = getattr(condition, name)
        stored[name] = None if bound is None else f"{bound.normalize():f}"
    if condition.days:
        upper = condition.days.upper
        stored["valid_from"] = condition.days.lower
        stored["valid_until"] = upper - timedelta(days=1) if upper else None
    return stored
