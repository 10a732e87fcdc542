"""Dependent fees of a product, and the groups that pick a fee by a value of the User."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django.db import models, transaction

from catalog.models import (
    AccountClass,
    DependentFee,
    FeeGroup,
    FeeGroupRow,
    MatchOn,
    Product,
    SalesBundleItem,
    ServiceType,
    Technology,
)
from catalog.operations.codes import require_slug, save_unique, slug_for
from catalog.operations.errors import FeeNotAllowed, FeeNotMatched
from catalog.operations.saving import save_if_changed
from catalog.queries.fees import may_be_fee

CATCH_ALL: Final = "*"
_LISTS: Final[Mapping[str, type[Technology] | type[AccountClass]]] = {
    MatchOn.TECHNOLOGY: Technology,
    MatchOn.ACCOUNT_CLASS: AccountClass,
}


@dataclass(frozen=True, slots=True)
class FeeRow:
    """A fee that comes with a product: named, or picked from a group; `quantity` for one of it."""

    fee: Product | None = None
    group: FeeGroup | None = None
    quantity: Decimal | int = 1


@dataclass(frozen=True, slots=True)
class GroupRow:
    """A fee of a group and the value that picks it; "" or "*" takes what no other row names."""

    fee: Product
    criterion: str = ""


@transaction.atomic
def set_dependent_fees(product: Product, rows: Sequence[FeeRow]) -> None:
    """Make `rows` the fees that come with a termed product, in their order.

    A fee is a flat termed service or an expense. It brings no fees itself: a product that is
    a fee has none, and one that has fees is none.

    Raises FeeNotAllowed with the row and field at fault.
    """
    groups = _locked_groups(row.group.pk for row in rows if row.group)
    in_groups = FeeGroupRow.objects.filter(group__in=groups).values_list("fee_id", flat=True)
    named = {row.fee.pk for row in rows if row.fee}
    products = _locked_products({product.pk, *named, *in_groups})
    parent = products[product.pk]
    if parent.type.service_type != ServiceType.TERMED:
        raise FeeNotAllowed(f"{parent} is no termed service: fees come with those only.")
    if rows:
        _check_no_fee(parent)
    chained, packed = _parents_among(named), _packed_among(named)
    for place, row in enumerate(rows):
        _check_row(row, place)
        if row.fee is not None:
            if row.fee.pk == parent.pk:
                raise FeeNotAllowed("A product is no fee of its own.", field="fee", row=place)
            _check_fee(products[row.fee.pk], chained, packed, place)
    keys = [_key(row) for row in rows]
    for place, key in enumerate(keys):
        if key in keys[:place]:
            field = "fee" if rows[place].fee else "group"
            raise FeeNotAllowed("The product already has this fee.", field=field, row=place)
    _store_fees(parent, rows)


@transaction.atomic
def create_fee_group(
    *, name: str, match_on: str, rows: Sequence[GroupRow], code: str = "", **fields: Any
) -> FeeGroup:
    """Create a fee group; an empty `code` is made of the name.

    Raises CodeTaken, CodeNotUsable, or FeeNotAllowed with the row and field at fault.
    """
    group = FeeGroup(
        name=name.strip(),
        code=code.strip() or slug_for(FeeGroup, name),
        match_on=match_on,
        **fields,
    )
    require_slug(group.code)
    save_unique(group, ("name", "code"))
    _set_group_rows(group, rows)
    return group


@transaction.atomic
def update_fee_group(group: FeeGroup, **changes: Any) -> FeeGroup:
    """Change a fee group (`rows` replaces them all) and return it as stored.

    Raises CodeTaken, CodeNotUsable, or FeeNotAllowed with the row and field at fault.
    """
    stored = _locked_groups([group.pk])[0]
    rows: Sequence[GroupRow] | None = changes.pop("rows", None)
    for field, value in changes.items():
        setattr(stored, field, value.strip() if isinstance(value, str) else value)
    stored.code = stored.code or slug_for(FeeGroup, stored.name)
    require_slug(stored.code)
    save_unique(stored, ("name", "code"))
    if rows is None:
        kept = stored.rows.select_related("fee").order_by("sort_order", "pk")
        rows = [GroupRow(row.fee, row.criterion) for row in kept]
    _set_group_rows(stored, rows)
    return stored


def pick_fee(group: FeeGroup, value: str) -> Product | None:
    """Return the group's fee for a value, letter case aside: else its catch-all, else None.

    Reads `group.rows` as prefetched. Raises FeeNotMatched where the group requires a match.
    """
    wanted = _plain(value)
    by_criterion = {_plain(row.criterion): row.fee for row in group.rows.all()}
    fee = by_criterion.get(wanted) if wanted else None
    fee = fee or by_criterion.get("")
    if fee is None and group.match_required:
        what = group.get_match_on_display().lower()
        having = f"the {what} “{value}”" if wanted else f"a user without {what}"
        raise FeeNotMatched(f"The fee group {group} has no fee for {having}.")
    return fee


def _plain(text: str) -> str:
    """Return what is compared: letter case and spaces at the ends or doubled do not count."""
    return " ".join(text.split()).upper()


def _locked_groups(ids: Iterable[int]) -> list[FeeGroup]:
    """Lock groups; before products, so that nobody waits in a circle."""
    rows = FeeGroup.objects.select_for_update(of=("self",), no_key=True)
    return list(rows.filter(pk__in=set(ids)).order_by("pk"))


def _locked_products(ids: Iterable[int]) -> dict[int, Product]:
    rows = Product.objects.select_for_update(of=("self",), no_key=True).select_related("type")
    return {product.pk: product for product in rows.filter(pk__in=set(ids)).order_by("pk")}


def _parents_among(ids: Iterable[int]) -> frozenset[int]:
    """Return those of the products that have fees."""
    rows = DependentFee.objects.filter(parent_id__in=set(ids))
    return frozenset(rows.values_list("parent_id", flat=True))


def _packed_among(ids: Iterable[int]) -> dict[int, str]:
    """Return those of the services that are sold by sales bundles, each with the name of one."""
    rows = SalesBundleItem.objects.filter(
        product_id__in=set(ids), product__type__service_type=ServiceType.TERMED
    )
    return dict(rows.order_by("-bundle__name", "-pk").values_list("product_id", "bundle__name"))


def _check_no_fee(parent: Product) -> None:
    other = DependentFee.objects.filter(fee=parent).select_related("parent").first()
    row = FeeGroupRow.objects.filter(fee=parent).select_related("group").first()
    what = str(other.parent) if other else f"the group {row.group}" if row else ""
    if what:
        raise FeeNotAllowed(f"{parent} is a fee of {what} itself: a fee brings no other fees.")


def _check_row(row: FeeRow, place: int) -> None:
    if (row.fee is None) == (row.group is None):
        raise FeeNotAllowed("Name a fee or a fee group.", field="fee", row=place)
    if row.quantity <= 0:
        raise FeeNotAllowed("The quantity is above 0.", field="quantity", row=place)


def _check_fee(
    fee: Product, chained: Collection[int], packed: Mapping[int, str], place: int
) -> None:
    if not may_be_fee(fee.type):
        raise FeeNotAllowed(
            f"{fee} is neither a flat termed service nor an expense.", field="fee", row=place
        )
    if fee.pk in chained:
        raise FeeNotAllowed(
            f"{fee} has fees of its own: a fee brings no other fees.", field="fee", row=place
        )
    if fee.pk in packed:
        raise FeeNotAllowed(
            f"{fee} is sold by the sales bundle {packed[fee.pk]}; a recurring fee comes with its "
            "parent only.",
            field="fee",
            row=place,
        )


def _key(row: FeeRow) -> tuple[int | None, int | None]:
    return (row.fee.pk if row.fee else None, row.group.pk if row.group else None)


def _store_fees(parent: Product, rows: Sequence[FeeRow]) -> None:
    stored = {(fee.fee_id, fee.group_id): fee for fee in parent.dependent_fees.all()}
    wanted = {_key(row) for row in rows}
    for key, fee in stored.items():
        if key not in wanted:
            fee.delete()
    for place, row in enumerate(rows):
        fee = stored.get(_key(row)) or DependentFee(parent=parent, fee=row.fee, group=row.group)
        save_if_changed(fee, {"quantity": Decimal(row.quantity), "sort_order": place})


def _set_group_rows(group: FeeGroup, rows: Sequence[GroupRow]) -> None:
    if not rows:
        raise FeeNotAllowed("Name at least one fee.")
    products = _locked_products(row.fee.pk for row in rows)
    chained, packed = _parents_among(products), _packed_among(products)
    first = products[rows[0].fee.pk]
    criteria: list[str] = []
    for place, row in enumerate(rows):
        fee = products[row.fee.pk]
        _check_fee(fee, chained, packed, place)
        if fee.type.service_type != first.type.service_type:
            raise FeeNotAllowed(
                "The fees of a group are all recurring or all one-time.", field="fee", row=place
            )
        criterion = _criterion(group, row.criterion, place)
        if _plain(criterion) in map(_plain, criteria):
            what = f"for “{criterion}”" if criterion else "that takes any other value"
            raise FeeNotAllowed(
                f"The group already has a fee {what}.", field="criterion", row=place
            )
        criteria.append(criterion)
    _store_group_rows(group, [products[row.fee.pk] for row in rows], criteria)


def _criterion(group: FeeGroup, text: str, place: int) -> str:
    """Return the criterion as stored: that of a list is the code of its entry."""
    plain = " ".join(text.split())
    if plain in ("", CATCH_ALL):
        return ""
    if group.match_on == MatchOn.COUNTRY:
        return plain.upper()
    model = _LISTS.get(group.match_on)
    if model is None:
        return plain
    entries: models.QuerySet[Any] = model._default_manager.filter(
        models.Q(code__iexact=plain) | models.Q(name__iexact=plain)
    )
    code = entries.order_by("pk").values_list("code", flat=True).first()
    if code is None:
        raise FeeNotAllowed(
            f"There is no {model._meta.verbose_name} “{plain}”.", field="criterion", row=place
        )
    return str(code)


def _store_group_rows(group: FeeGroup, fees: Sequence[Product], criteria: Sequence[str]) -> None:
    stored = {_plain(row.criterion): row for row in FeeGroupRow.objects.filter(group=group)}
    wanted = set(map(_plain, criteria))
    for criterion, row in stored.items():
        if criterion not in wanted:
            row.delete()
    for place, (fee, criterion) in enumerate(zip(fees, criteria, strict=True)):
        row = stored.get(_plain(criterion)) or FeeGroupRow(group=group)
        save_if_changed(row, {"criterion": criterion, "fee_id": fee.pk, "sort_order": place})
