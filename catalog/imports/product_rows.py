"""Products of a file on their way to the database: their answers, and writing many at once."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.db import models
from django.utils.module_loading import import_string

from catalog.models import (
    Characteristic,
    CharacteristicValue,
    Product,
    ProductType,
    ProductValidity,
)
from catalog.operations.bundles import check_restrictions
from catalog.operations.errors import ValueNotPossible
from catalog.operations.values import stored_value, value_field
from config.shared.db import days
from config.shared.imports.drafts import Draft
from config.shared.operations.bulk_history import record_changes

RESTRICTIONS = ("most_families", "most_types")
FIELDS = (
    "code",
    "name",
    "type",
    "family",
    "brand",
    "alternative_code",
    "description",
    "availability",
    "sort_order",
    "billing_display",
    "charge_type",
    *RESTRICTIONS,
)
LINKED = ("account_classes", "technologies", "categories")


class Answers:
    """What products answer: columns of the file on one side, characteristics on the other."""

    def __init__(self) -> None:
        self.names: dict[str, str] = {}
        self.by_type: dict[int, dict[str, Characteristic]] = {}

    def add(self, attribute: str, name: str) -> None:
        """Take up a column."""
        self.names[attribute] = name

    def load(self, *, lock: bool) -> None:
        """Read what the types ask; `lock` holds the types, so that it stays."""
        if lock:
            held = ProductType.objects.select_for_update(of=("self",), no_key=True)
            list(held.order_by("pk").values_list("pk"))
        self.by_type = {}
        for one in Characteristic.objects.order_by("sort_order", "pk"):
            self.by_type.setdefault(one.type_id, {})[one.name.casefold()] = one

    def asked(self, draft: Any) -> dict[str, Characteristic]:
        """Return what the draft's type asks, by folded name."""
        return self.by_type.get(draft.type.pk, {})

    def of(self, product: Any) -> dict[str, str]:
        """Return what a product answers, by attribute; it has its values at hand."""
        stored = {row.characteristic.name.casefold(): row.value for row in product.values_stored}
        return {name: stored.get(asked.casefold(), "") for name, asked in self.names.items()}

    def read(self, draft: Any) -> None:
        """Write the draft's answers as they are stored, as far as they can be; a new product
        answers with the default what the file does not ask.
        """
        asked = self.asked(draft)
        for attribute, name in self.names.items():
            one = asked.get(name.casefold())
            if one is not None:
                try:
                    setattr(draft, attribute, stored_value(one, getattr(draft, attribute)))
                except ValueNotPossible:
                    continue

    def problems(self, draft: Any) -> Iterator[tuple[str, str]]:
        """Yield (attribute, reason) for answers that do not fit, and for those that are missing."""
        asked = self.asked(draft)
        in_file = {name.casefold(): attribute for attribute, name in self.names.items()}
        answered = set(self.changed(draft))
        for attribute, name in self.names.items():
            text = getattr(draft, attribute)
            one = asked.get(name.casefold())
            if one is None:
                if text and (attribute in answered or draft.record is None):
                    yield attribute, f"{draft.type} has no characteristic {name}."
                continue
            try:
                stored_value(one, text)
            except ValueNotPossible as refusal:
                yield attribute, str(refusal)
        if draft.record is not None and not answered:
            return
        known = self._known(draft)
        for key, one in asked.items():
            if one.required and not known.get(one.pk):
                yield in_file.get(key, "__all__"), f"{draft.type} requires {one.name}."

    def changed(self, draft: Any) -> list[str]:
        """Return the attributes whose answer differs from the stored one."""
        return [name for name in self.names if getattr(draft, name) != draft.stored[name]]

    def wanted(self, draft: Any) -> dict[int, str]:
        """Return what the draft answers, by characteristic; a new product has defaults."""
        asked = self.asked(draft)
        named = {name.casefold(): attribute for attribute, name in self.names.items()}
        return {
            one.pk: getattr(draft, named[key]) if key in named else one.default
            for key, one in asked.items()
            if key in named or draft.record is None
        }

    def _known(self, draft: Any) -> dict[int, str]:
        stored = {}
        if draft.record is not None and draft.type == draft.stored["type"]:
            stored = {row.characteristic_id: row.value for row in draft.record.values_stored}
        return stored | self.wanted(draft)

    def taken_from(self, draft: Any, changes: dict[str, Any]) -> dict[int | str, str]:
        """Take the answers out of a draft's changes; return those its type asks, by name."""
        asked = self.asked(draft)
        taken = {name: changes.pop(name) for name in self.names if name in changes}
        return {
            self.names[name]: text
            for name, text in taken.items()
            if self.names[name].casefold() in asked
        }

    def attribute_of(self, refusal: Exception) -> str | None:
        """Return the attribute of the characteristic that a refusal is about."""
        field = getattr(refusal, "field", None)
        for asked in self.by_type.values():
            for key, one in asked.items():
                if field == value_field(one):
                    return next((a for a, n in self.names.items() if n.casefold() == key), None)
        return None


def write_new(
    drafts: Sequence[Any], answers: Answers, *, by: AbstractBaseUser | None, reason: str
) -> list[Product]:
    """Make products with all that belongs to them, and their history; a few statements for all."""
    products = Product.objects.bulk_create(
        Product(**{name: getattr(draft, name) for name in FIELDS}) for draft in drafts
    )
    pairs = list(zip(products, drafts, strict=True))
    for name in LINKED:
        _link(name, ((product.pk, getattr(draft, name)) for product, draft in pairs))
    record_changes(Product, [one.pk for one in products], by=by, reason=reason, kind="+")
    _create(
        ProductValidity,
        [_validity(product, period) for product, draft in pairs for period in draft.validity],
        by=by,
        reason=reason,
    )
    values = [
        CharacteristicValue(product=product, characteristic_id=pk, value=value)
        for product, draft in pairs
        for pk, value in answers.wanted(draft).items()
        if value
    ]
    _create(CharacteristicValue, values, by=by, reason=reason)
    for path in settings.PRODUCT_CREATED_HANDLERS:
        import_string(path)().products_created(products, by=by)
    return products


def write_changes(
    drafts: Sequence[Draft], answers: Answers, *, by: AbstractBaseUser | None, reason: str
) -> None:
    """Change products of unchanged type, and write their history; a few statements for all."""
    recorded: set[int] = set()
    fields: set[str] = set()
    for draft in drafts:
        product: Any = draft.record
        changes = draft.changes()
        fields |= changes.keys() & set(FIELDS)
        for name in changes.keys() & set(FIELDS):
            setattr(product, name, changes[name])
        if changes.keys() & {*FIELDS, *LINKED}:
            recorded.add(product.pk)
    if fields:
        Product.objects.bulk_update([record_of(draft) for draft in drafts], sorted(fields))
    for name in LINKED:
        moved = [draft for draft in drafts if name in draft.changes()]
        through: Any = getattr(Product, name).through
        through.objects.filter(product_id__in=[record_of(draft).pk for draft in moved]).delete()
        _link(name, ((record_of(draft).pk, getattr(draft, name)) for draft in moved))
    record_changes(Product, recorded, by=by, reason=reason)
    _change_validity([draft for draft in drafts if "validity" in draft.changes()], by, reason)
    _change_values([draft for draft in drafts if answers.changed(draft)], answers, by, reason)


def _change_validity(drafts: Sequence[Any], by: AbstractBaseUser | None, reason: str) -> None:
    gone, made = [], []
    for draft in drafts:
        stored = {(row.period.lower, row.period.upper): row for row in draft.record.periods_stored}
        gone += [row for period, row in stored.items() if period not in draft.validity]
        made += [
            _validity(draft.record, period) for period in draft.validity if period not in stored
        ]
    for row in gone:
        row.delete()
    _create(ProductValidity, made, by=by, reason=reason)


def _change_values(
    drafts: Sequence[Any], answers: Answers, by: AbstractBaseUser | None, reason: str
) -> None:
    made, changed = [], []
    for draft in drafts:
        stored = {row.characteristic_id: row for row in draft.record.values_stored}
        for pk, value in answers.wanted(draft).items():
            row = stored.get(pk)
            if row is None:
                if value:
                    made.append(
                        CharacteristicValue(product=draft.record, characteristic_id=pk, value=value)
                    )
            elif not value:
                row.delete()
            elif row.value != value:
                row.value = value
                changed.append(row)
    _create(CharacteristicValue, made, by=by, reason=reason)
    if changed:
        CharacteristicValue.objects.bulk_update(changed, ["value"])
        record_changes(CharacteristicValue, [row.pk for row in changed], by=by, reason=reason)


def _create(
    model: type[models.Model], rows: Sequence[Any], *, by: AbstractBaseUser | None, reason: str
) -> None:
    if rows:
        made = model._default_manager.bulk_create(rows)
        record_changes(model, [row.pk for row in made], by=by, reason=reason, kind="+")


def _link(name: str, wanted: Iterable[tuple[int, Iterable[Any]]]) -> None:
    field: Any = Product._meta.get_field(name)
    through = field.remote_field.through
    target = field.m2m_reverse_field_name()
    through.objects.bulk_create(
        through(**{"product_id": pk, f"{target}_id": record.pk})
        for pk, records in wanted
        for record in records
    )


def _validity(product: Product, period: tuple[Any, Any]) -> ProductValidity:
    return ProductValidity(product=product, period=days(*period))


def check_restrictions_of(draft: Any) -> None:
    """Check what the components of a draft may come from, where it says something new.

    Raises NotABundle or RestrictionNotPossible.
    """
    wanted = {name: getattr(draft, name) for name in RESTRICTIONS}
    stored = {name: draft.stored[name] for name in RESTRICTIONS}
    if wanted != stored and set(wanted.values()) != {None}:
        bundle = Product(pk=draft.record and draft.record.pk, name=draft.name, type=draft.type)
        check_restrictions(bundle, **wanted)


def record_of(draft: Any) -> Product:
    """Return the stored product that a draft is about."""
    product: Product = draft.record
    return product
