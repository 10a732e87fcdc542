"""What may be chosen in a flexible bundle: its rows, their pools, and what is wrong with a choice.

A product that a row names counts for that row alone. A row by family takes the families below it
too. Which services a pool offers on a day is for people to look at; a choice itself is judged by
rows and restrictions only, so that what was sold stays right when a service goes out of sale.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from django.db.models import Count, Q, QuerySet

from catalog.kernel.choices import (
    Cell,
    Fault,
    Limits,
    Pick,
    Row,
    check,
    count_by_row,
    find_obstacle,
)
from catalog.models import (
    Availability,
    BundleComponent,
    Composition,
    Product,
    ProductFamily,
    ServiceType,
)
from catalog.queries.products import components_of, products, valid_on

__all__ = ["Fault", "FlexibleBundle", "check_choice", "flexible_bundle", "row_label", "row_text"]

Chosen = Mapping[int, Decimal | int]
"""How many of each chosen product, by its id."""


@dataclass(frozen=True, slots=True)
class FlexibleBundle:
    """A flexible bundle with its rows in order; `below` are the families under each row's own."""

    bundle: Product
    rows: tuple[BundleComponent, ...]
    below: Mapping[int, frozenset[int]]

    @property
    def named(self) -> Mapping[int, BundleComponent]:
        """The rows that name a product, by its id."""
        return {row.product_id: row for row in self.rows if row.product_id is not None}

    @property
    def always(self) -> list[BundleComponent]:
        """The rows of the products that come with every choice."""
        return [row for row in self.rows if row.product_id is not None and row.mandatory]

    def fitting(self, type_id: int, family_id: int | None) -> frozenset[int]:
        """Return the places of the rows to choose from that take this type and family."""
        return frozenset(
            place
            for place, row in enumerate(self.rows)
            if row.product_id is None
            and row.type_id in (None, type_id)
            and (row.family_id is None or family_id in self.below[row.family_id])
        )

    def counts(self, chosen: Chosen, products: Iterable[Product]) -> list[int]:
        """Return how many chosen pieces count for each row; `products` are those chosen."""
        picks = [
            Pick(
                each.name,
                self.fitting(each.type_id, each.family_id),
                *_kind(each),
                pieces=int(chosen[each.pk]),
            )
            for each in products
            if each.pk not in self.named
        ]
        return count_by_row(self.kernel_rows(), picks)

    def may_contain(self, product: Product) -> bool:
        """Return whether a row names the product, or takes its type and family."""
        return product.pk in self.named or bool(self.fitting(product.type_id, product.family_id))

    def kernel_rows(self) -> list[Row]:
        """Return the rows as the kernel takes them; named products need nothing chosen."""
        return [
            Row(row_label(row)) if row.product_id else Row(row_label(row), row.minimum, row.maximum)
            for row in self.rows
        ]

    def limits(self) -> Limits:
        """Return the restrictions as stored."""
        bundle = self.bundle
        return self.limits_of(bundle.most_families, bundle.most_types)

    def limits_of(self, most_families: int | None, most_types: int | None) -> Limits:
        """Return these restrictions, with the families and types of what always comes."""
        always = frozenset(_kind(row.product) for row in self.always if row.product is not None)
        return Limits(most_families, most_types, always)

    def pool(self, row: BundleComponent, *, on: date) -> QuerySet[Product]:
        """Return what a row offers on the day, in list order, without what rows name."""
        return self.services(row).filter(valid_on(on), availability=Availability.AVAILABLE)

    def listed(self, row: BundleComponent, *, on: date) -> QuerySet[Product]:
        """Return the part of a row's pool that is listed below it, so that each service is once:
        a row by family comes before one by type, one by both before either.
        """
        others = Q(pk__in=())
        for other in self.rows:
            if other.product_id is None and self.rank(other) < self.rank(row):
                others |= _selected(other, self.below)
        return self.pool(row, on=on).exclude(others)

    def rank(self, row: BundleComponent) -> tuple[int, int]:
        """Return where a row stands among those that list a service."""
        by = (row.family_id is None) + (row.family_id is None or row.type_id is None)
        return by, self.rows.index(row)

    def services(self, row: BundleComponent) -> QuerySet[Product]:
        """Return all flat termed services that a row takes, in list order."""
        taken = products().filter(_selected(row, self.below), **_FLAT)
        return taken.exclude(pk__in=self.named)

    def cells(self) -> list[Cell]:
        """Return how many services of each family and type the rows' pools hold; one query."""
        wanted = Q(pk__in=())
        for row in self.rows:
            if row.product_id is None:
                wanted |= _selected(row, self.below)
        counted = (
            Product.objects.filter(wanted, **_FLAT, availability=Availability.AVAILABLE)
            .exclude(pk__in=self.named)
            .order_by()
            .values_list("type_id", "family_id", "type__name", "family__name")
            .annotate(count=Count("pk"))
        )
        return [
            Cell(self.fitting(type_id, family_id), family or "", kind, count)
            for type_id, family_id, kind, family, count in counted
        ]

    def obstacle(self, limits: Limits | None = None) -> Fault | None:
        """Return why no choice can be right under the limits (None: the stored restrictions)."""
        limits = self.limits() if limits is None else limits
        return find_obstacle(self.kernel_rows(), self.cells(), limits)

    def faults(self, chosen: Chosen) -> list[Fault]:
        """Return what is wrong with a choice; `row` is the place of a row. One query.

        1 of a product that a row names is its quantity.
        """
        named, by_pk = self.named, products().in_bulk(chosen)
        picks: list[Pick] = []
        faults = [Fault("A product that was chosen is gone.") for pk in chosen if pk not in by_pk]
        limits = self.limits()
        for product in sorted(by_pk.values(), key=lambda each: (each.name, each.pk)):
            quantity = chosen[product.pk]
            if product.pk in named:
                faults += self._named_faults(named[product.pk], quantity)
                limits = replace(limits, always=limits.always | {_kind(product)})
                continue
            places = self.fitting(product.type_id, product.family_id)
            if not _is_component(product):
                places = frozenset()
            if quantity != int(quantity) or quantity < 1:
                faults.append(Fault(f"{product}: choose a whole number of it.", _first(places)))
                continue
            picks.append(Pick(product.name, places, *_kind(product), pieces=int(quantity)))
        return faults + check(self.kernel_rows(), picks, limits)

    def _named_faults(self, row: BundleComponent, quantity: Decimal | int) -> list[Fault]:
        if quantity in (1, row.quantity):
            return []
        wanted = f"{row.quantity or 1:.4f}".rstrip("0").rstrip(".")
        return [Fault(f"{row.product} comes {wanted} times.", self.rows.index(row))]

    def components(self, chosen: Chosen) -> list[tuple[Product, Decimal]]:
        """Return what a choice comes to, with how many of each: what always comes, then the rest.

        Products that rows name come in their quantity. One query.
        """
        named = self.named
        parts = [
            (row.product, row.quantity or Decimal(1))
            for row in self.rows
            if row.product is not None and (row.mandatory or row.product_id in chosen)
        ]
        rest = products().filter(pk__in=set(chosen) - set(named))
        return [*parts, *((product, Decimal(chosen[product.pk])) for product in rest)]


_FLAT = {"type__service_type": ServiceType.TERMED, "type__composition": Composition.FLAT}


def flexible_bundle(bundle: Product) -> FlexibleBundle:
    """Return a flexible bundle with its rows; two queries at most."""
    rows = tuple(components_of([bundle.pk]).get(bundle.pk, ()))
    return FlexibleBundle(bundle, rows, families_below(row.family_id for row in rows))


def check_choice(bundle: Product, chosen: Chosen) -> list[Fault]:
    """Return what is wrong with a choice of components for a flexible bundle; none if it is right.

    `chosen` need not name what always comes. Each service counts for one row; where it fits
    several, for whichever makes the choice right. A minimum counts different services, a maximum
    all pieces. Five queries at most.
    """
    return flexible_bundle(bundle).faults(chosen)


def families_below(family_ids: Iterable[int | None]) -> dict[int, frozenset[int]]:
    """Return each family with all below it; one query, none without families."""
    wanted = {pk for pk in family_ids if pk is not None}
    if not wanted:
        return {}
    children: dict[int | None, list[int]] = {}
    for child, parent in ProductFamily.objects.values_list("pk", "parent_id").order_by("pk"):
        children.setdefault(parent, []).append(child)
    return {pk: frozenset(_with_children(pk, children)) for pk in wanted}


def row_label(row: BundleComponent) -> str:
    """Return what a row is called: its product; its family and, in brackets, its type."""
    if row.product is not None:
        return str(row.product)
    if row.family is None:
        return str(row.type)
    return str(row.family) if row.type is None else f"{row.family} ({row.type})"


def row_text(row: BundleComponent) -> str:
    """Return a row in a few words: "2 × News", "Radio (optional)", "choose 2–4 of Sports"."""
    label = row_label(row)
    if row.product_id is not None:
        quantity = row.quantity or Decimal(1)
        if quantity != 1:
            label = f"{quantity.normalize():f} × {label}"
        return label if row.mandatory else f"{label} (optional)"
    return f"choose {range_text(row.minimum, row.maximum)} of {label}"


def range_text(minimum: int, maximum: int | None) -> str:
    """Return "2–4", "2", "up to 4", "at least 2" or "any number"."""
    if maximum is None:
        return f"at least {minimum}" if minimum else "any number"
    if minimum == maximum:
        return str(minimum)
    return f"{minimum}–{maximum}" if minimum else f"up to {maximum}"


def _selected(row: BundleComponent, below: Mapping[int, Collection[int]]) -> Q:
    selected = Q()
    if row.type_id is not None:
        selected &= Q(type_id=row.type_id)
    if row.family_id is not None:
        selected &= Q(family_id__in=below[row.family_id])
    return selected


def _with_children(family_id: int, children: Mapping[int | None, Sequence[int]]) -> set[int]:
    found: set[int] = set()
    waiting = [family_id]
    while waiting:
        current = waiting.pop()
        if current not in found:
            found.add(current)
            waiting.extend(children.get(current, ()))
    return found


def _kind(product: Product) -> tuple[str, str]:
    return (product.family.name if product.family else "", product.type.name)


def _is_component(product: Product) -> bool:
    kind = product.type
    return kind.service_type == ServiceType.TERMED and kind.composition == Composition.FLAT


def _first(places: frozenset[int]) -> int | None:
    return min(places, default=None)
