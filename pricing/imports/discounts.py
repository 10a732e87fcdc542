"""Import of additive discounts: a row is a discount, new ones are drafts."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django.db import models

from catalog.models import AccountClass, AccountClassification
from config.shared.imports.columns import (
    ChoiceCell,
    Column,
    DecimalCell,
    RecordsCell,
    SlugCell,
    TextCell,
    WholeCell,
    YesNoCell,
    in_key_order,
)
from config.shared.imports.day_cells import PeriodOfDaysCell, plain_days
from config.shared.imports.drafts import Draft
from config.shared.imports.files import Line
from pricing.imports.coded import CodedResource
from pricing.imports.selectors import Named, SelectorsCell
from pricing.models import (
    AdditiveDiscount,
    DiscountApplication,
    DiscountedProduct,
    DiscountOption,
    DiscountRenewal,
    DiscountScope,
    HeldProduct,
)
from pricing.operations.discounts import (
    HeldRow,
    Parts,
    ProductRow,
    change_discount,
    create_discount,
)

_MOST = 32_767
_LISTS = ("products", "held", "account_classes", "classifications")


class UnitChoice(models.TextChoices):
    """Units of time."""

    DAY = "DAY", "Day"
    WEEK = "WEEK", "Week"
    MONTH = "MONTH", "Month"
    YEAR = "YEAR", "Year"


class DiscountResource(CodedResource):
    """Additive discounts, found by their code."""

    slug = "discounts"
    title = "Discounts"
    about = (
        "A row is a discount. New ones are drafts, to be made effective on their page. Of one that "
        "has been given, only the names and the description change. Discounts that the file does "
        "not name stay as they are."
    )
    model = AdditiveDiscount
    examples: ClassVar[Sequence[Mapping[str, str]]] = (
        {
            "code": "sample-loyal",
            "name": "Sample loyal customers",
            "takes off": "Percentage per billing period",
            "value": "10",
            "discounted": "family sample-channels",
        },
        {
            "code": "sample-welcome",
            "name": "Sample first month free",
            "takes off": "Free period",
            "lasts": "1",
            "lasts unit": "Month",
            "given again": "Never",
            "required": "product SAMPLE-NEWS; 2 x type sample-tv",
        },
        {
            "code": "sample-half",
            "name": "Sample installation at half price",
            "takes off": "Percentage per billing period",
            "value": "50",
            "off prices": "No",
            "off set-up fees": "Yes",
            "off one-time charges": "Yes",
        },
    )

    code = Column("code", "code", SlugCell(40), about="Which discount it is.", required=True)
    name = Column("name", "name", TextCell(120), about="Its name.", required=True)
    alternative_code = Column(
        "alternative code", "alternative_code", TextCell(40), about="A second code."
    )
    application = Column(
        "given",
        "application",
        ChoiceCell(DiscountApplication, empty=DiscountApplication.AUTO_APPLY.value),
        about="By itself where empty.",
    )
    needs_approval = Column(
        "needs approval", "needs_approval", YesNoCell(), about="For those given by hand."
    )
    applies_to = Column(
        "applies to",
        "applies_to",
        ChoiceCell(DiscountScope, empty=DiscountScope.ANY.value),
        about="Any service where empty.",
    )
    option = Column(
        "takes off", "option", ChoiceCell(DiscountOption), about="What it gives.", required=True
    )
    value = Column(
        "value",
        "value",
        DecimalCell(digits=24, decimals=10),
        about="A percentage (20 is 20 %), an amount, or units; empty for a free period.",
    )
    currency = Column("currency", "currency", TextCell(3), about="Of an amount.")
    on_recurring = Column(
        "off prices",
        "on_recurring",
        YesNoCell(empty=True),
        about="Taken off prices for each period, usage included; Yes where empty.",
    )
    on_setup = Column(
        "off set-up fees", "on_setup", YesNoCell(), about="Taken off set-up fees; No where empty."
    )
    on_once = Column(
        "off one-time charges",
        "on_once",
        YesNoCell(),
        about="Taken off what is paid once; No where empty.",
    )
    for_count = Column(
        "lasts",
        "for_count",
        WholeCell(least=1, most=_MOST),
        about="How many units of time each time; one billing period where empty.",
    )
    for_unit = Column("lasts unit", "for_unit", ChoiceCell(UnitChoice), about="The unit of time.")
    renewal = Column(
        "given again",
        "renewal",
        ChoiceCell(DiscountRenewal, empty=DiscountRenewal.EVERY_CYCLE.value),
        about="Every billing period where empty.",
    )
    renewal_count = Column(
        "every", "renewal_count", WholeCell(least=1, most=_MOST), about="Every so many units."
    )
    renewal_unit = Column(
        "every unit", "renewal_unit", ChoiceCell(UnitChoice), about="The unit of time."
    )
    validity = Column(
        "valid", "validity", PeriodOfDaysCell(), about="One period of days; always where empty."
    )
    products = Column(
        "discounted", "products", SelectorsCell(), about="What it is taken off; all where empty."
    )
    held = Column(
        "required",
        "held",
        SelectorsCell(counted=True),
        about="What the subscription has to have, all of it; “2 x” before a part asks for two.",
    )
    account_classes = Column(
        "account classes", "account_classes", RecordsCell(AccountClass), about="Any where empty."
    )
    classifications = Column(
        "classifications",
        "classifications",
        RecordsCell(AccountClassification),
        about="Any where empty.",
    )
    least_quantity = Column(
        "quantity at least",
        "least_quantity",
        DecimalCell(digits=12, decimals=4),
        about="Of the service itself.",
    )
    most_quantity = Column(
        "quantity at most",
        "most_quantity",
        DecimalCell(digits=12, decimals=4),
        about="Of the service itself.",
    )
    sort_order = Column(
        "order",
        "sort_order",
        WholeCell(least=-(2**31), most=2**31 - 1, empty=0),
        about="Lower ones are taken off first.",
    )
    description = Column("description", "description", TextCell(), about="What staff should know.")

    def load(self, lines: Sequence[Line]) -> None:
        """Look up the rows' discounts and what they name."""
        super().load(lines)
        for column in self.given:
            if isinstance(column.widget, SelectorsCell):
                column.widget.load(self.texts_of(lines, column.attribute))

    def stored_values(self, record: models.Model) -> dict[str, Any]:
        """Return what is stored: lists in order, days as periods."""
        discount: Any = record
        values = {
            column.attribute: getattr(discount, column.attribute)
            for column in self.columns()
            if column.attribute not in (*_LISTS, "validity")
        }
        values["validity"] = plain_days(discount.validity)
        values["products"] = tuple(map(_named, _ordered(discount.products)))
        values["held"] = tuple(map(_named, _ordered(discount.held_products)))
        for name in ("account_classes", "classifications"):
            values[name] = in_key_order(getattr(discount, name).all())
        return values

    def prepared(self, records: Sequence[Any]) -> None:
        """Load the lists of many discounts."""
        models.prefetch_related_objects(
            list(records),
            "account_classes",
            "classifications",
            *(
                f"{rows}__{name}"
                for rows in ("products", "held_products")
                for name in ("product", "type", "family")
            ),
        )

    def create(self, draft: Draft) -> models.Model | None:
        """Draft the discount."""
        fields, parts = _split(draft.values())
        return create_discount(parts=parts, **fields)

    def change(self, draft: Draft) -> models.Model | None:
        """Change what differs."""
        discount: Any = draft.record
        changed = draft.changes()
        fields, parts = _split({**draft.values(), **changed})
        wanted = {name: value for name, value in fields.items() if name in changed}
        keeps_parts = not set(_LISTS) & set(changed)
        return change_discount(discount, parts=None if keeps_parts else parts, **wanted)


def _named(row: DiscountedProduct | HeldProduct) -> Named:
    if isinstance(row, HeldProduct):
        return Named(row.product, row.type, row.family, row.least_quantity)
    return Named(row.product, row.type, row.family)


def _ordered(manager: Any) -> list[Any]:
    return sorted(manager.all(), key=lambda row: row.position)


def _split(values: Mapping[str, Any]) -> tuple[dict[str, Any], Parts]:
    """Return the discount's own fields, and its lists."""
    fields = {name: value for name, value in values.items() if name not in _LISTS}
    parts = Parts(
        [ProductRow(each.product, each.type, each.family) for each in values["products"]],
        [
            HeldRow(each.product, each.type, each.family, each.least_quantity)
            for each in values["held"]
        ],
        list(values["account_classes"]),
        list(values["classifications"]),
    )
    return fields, parts
