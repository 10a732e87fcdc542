"""Import of products: checked with a few queries for a thousand rows, and written a thousand at
once. What it refuses, and how it says so, is what `create_product` and `update_product` refuse.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.db import models
from django.db.models import Prefetch, prefetch_related_objects

from catalog.imports.product_rows import (
    FIELDS,
    LINKED,
    RESTRICTIONS,
    Answers,
    check_restrictions_of,
    record_of,
    write_changes,
    write_new,
)
from catalog.models import (
    AccountClass,
    Availability,
    Characteristic,
    CharacteristicValue,
    Product,
    ProductBrand,
    ProductCategory,
    ProductFamily,
    ProductType,
    ProductValidity,
    Technology,
)
from catalog.operations.codes import free_code, require_product_code
from catalog.operations.errors import CatalogError, NotABundle
from catalog.operations.products import check_periods, set_validity, update_product
from catalog.operations.values import set_values
from config.shared.imports.columns import (
    ChoiceCell,
    Column,
    PeriodsCell,
    RecordCell,
    RecordsCell,
    TextCell,
    WholeCell,
    in_key_order,
)
from config.shared.imports.drafts import Draft, plain_text
from config.shared.imports.files import Line
from config.shared.imports.lookups import Found, find_by_text
from config.shared.imports.resources import MasterResource

CHARACTERISTIC = "char:"
_MOST = 2**31 - 1
_MOST_PARTS = 32_767


class ProductResource(MasterResource):
    """Products, with their validity and what they answer to the characteristics of their type."""

    slug = "products"
    title = "Products"
    about = (
        "A row is a product, found by its code. Columns that the file leaves out stay as they are; "
        "an empty cell empties the field. What a type asks is answered in columns named "
        "“char:” and the characteristic, such as “char:Language”."
    )
    model = Product
    refusals = (CatalogError,)
    examples = (
        {
            "code": "SAMPLE-SPORTS",
            "name": "Sample sports HD",
            "type": "sample-tv",
            "family": "sample-sports",
            "availability": "Available",
            "order": "10",
            "validity": "2026-01-01..2026-12-31; 2027-02-01..",
        },
        {
            "code": "SAMPLE-NEWS",
            "name": "Sample news",
            "type": "sample-tv",
            "family": "sample-channels",
        },
        {"code": "SAMPLE-CHOICE", "name": "Sample choice", "type": "sample-choice"},
        {"code": "SAMPLE-FILM", "name": "Sample film", "type": "sample-film"},
        {"code": "SAMPLE-MATCH", "name": "Sample match", "type": "sample-film"},
        {
            "code": "SAMPLE-BOX",
            "name": "Sample set-top box",
            "type": "sample-box",
            "brand": "sample-boxes",
        },
    )

    code = Column("code", "code", TextCell(60), about="Says which product it is.", required=True)
    name = Column("name", "name", TextCell(120), about="What staff see; the code where empty.")
    type = Column(
        "type", "type", RecordCell(ProductType), about="The code of its type; needed for a new one."
    )
    family = Column("family", "family", RecordCell(ProductFamily), about="The code of its family.")
    brand = Column("brand", "brand", RecordCell(ProductBrand), about="The code of its brand.")
    alternative_code = Column(
        "alternative code",
        "alternative_code",
        TextCell(60),
        about="Left empty, it is made of the code; one that is stored stays.",
    )
    description = Column("description", "description", TextCell(), about="What staff should know.")
    availability = Column(
        "availability",
        "availability",
        ChoiceCell(Availability, empty=Availability.AVAILABLE.value),
        about="Available where empty.",
    )
    sort_order = Column(
        "order",
        "sort_order",
        WholeCell(least=0, most=_MOST, empty=0),
        about="Where it stands in lists; lower comes first.",
    )
    billing_display = Column(
        "billing display",
        "billing_display",
        TextCell(120),
        about="What the bill says; the name where empty.",
    )
    charge_type = Column(
        "charge type", "charge_type", TextCell(60), about="Group in sales reports."
    )
    most_families = Column(
        "families at most",
        "most_families",
        WholeCell(least=1, most=_MOST_PARTS),
        about="From how many the components of a flexible bundle may come; any where empty.",
    )
    most_types = Column(
        "types at most",
        "most_types",
        WholeCell(least=1, most=_MOST_PARTS),
        about="From how many types they may come; any where empty.",
    )
    account_classes = Column(
        "account classes",
        "account_classes",
        RecordsCell(AccountClass),
        about="Codes, with semicolons; offered to every class where empty.",
    )
    technologies = Column(
        "technologies",
        "technologies",
        RecordsCell(Technology),
        about="Codes, with semicolons; offered with every technology where empty.",
    )
    categories = Column(
        "categories", "categories", RecordsCell(ProductCategory), about="Codes, with semicolons."
    )
    validity = Column(
        "validity",
        "validity",
        PeriodsCell(),
        about="Periods such as 2026-01-01..2026-03-31, with semicolons; always where empty.",
    )

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.answers = Answers()
        self.by_code: Found = {}
        self.by_alternative: Found = {}
        # Alternative codes that rows of this file take, in upper case.
        self.taken: set[str] = set()
        self.new: list[Draft] = []
        self.changed: list[Draft] = []

    # ---- look-ups

    def add_columns(self, names: Iterable[str] | None) -> None:
        """Add a column for each characteristic that types have, or that the file names."""
        wanted = None if names is None else {name.casefold() for name in names}
        stored = Characteristic.objects.values_list("name", flat=True).order_by("name").distinct()
        for number, name in enumerate(_once(stored)):
            column_name = f"{CHARACTERISTIC}{name}"
            if wanted is None or column_name.casefold() in wanted:
                about = f"What the product answers to “{name}”, if its type asks."
                attribute = f"answer_{number}"
                self.fields[attribute] = Column(column_name, attribute, TextCell(), about=about)
                self.answers.add(attribute, name)

    def load(self, lines: Sequence[Line]) -> None:
        """Look up the products and all that they name; before writing they are locked."""
        codes = self.texts_of(lines, "code")
        self.load_records(lines)
        self.by_code = find_by_text(Product, "code", codes)
        if not self.dry_run:
            held = Product.objects.select_for_update(of=("self",), no_key=True)
            pks = {product.pk for product in self.by_code.values()}
            list(held.filter(pk__in=pks).order_by("pk").values_list("pk"))
            self.by_code = find_by_text(Product, "code", codes)
        self.prepared(list(self.by_code.values()))
        wanted = {*codes, *self.texts_of(lines, "alternative_code")}
        self.by_alternative = find_by_text(Product, "alternative_code", wanted)
        self.answers.load(lock=not self.dry_run)
        self.new, self.changed = [], []

    def prepared(self, records: Sequence[Any]) -> None:
        """Load what belongs to products: one query for each kind of it."""
        values = CharacteristicValue.objects.select_related("characteristic")
        prefetch_related_objects(
            list(records),
            "type",
            "family",
            "brand",
            *(Prefetch(name, to_attr=f"{name}_stored") for name in LINKED),
            Prefetch(
                "validities", ProductValidity.objects.order_by("period"), to_attr="periods_stored"
            ),
            Prefetch("values", values, to_attr="values_stored"),
        )

    def find(self, row: Mapping[str, str]) -> models.Model | None:
        """Find the product by its code."""
        found: Product | None = self.by_code.get(row["code"])
        return found

    def stored_values(self, record: models.Model) -> dict[str, Any]:
        """Return what is stored; links as tuples, answers as texts."""
        product: Any = record
        values = {name: plain_text(getattr(product, name)) for name in FIELDS}
        for name in LINKED:
            values[name] = in_key_order(getattr(product, f"{name}_stored"))
        values["validity"] = tuple(
            (row.period.lower, row.period.upper) for row in product.periods_stored
        )
        return values | self.answers.of(product)

    # ---- rules

    def import_instance(self, instance: Draft, row: Any, **kwargs: Any) -> None:
        """Read the cells and fill in what an empty one stands for."""
        draft: Any = instance
        try:
            super().import_instance(instance, row, **kwargs)
        finally:
            draft.name = draft.name or draft.code
            if draft.record is not None and not draft.alternative_code:
                draft.alternative_code = draft.stored["alternative_code"]
            if draft.type is not None:
                self.answers.read(draft)

    def problems(self, draft: Any) -> Iterator[tuple[str, str]]:
        """Check what the operations check."""
        if draft.type is None:
            yield (
                "type",
                "Name the type: "
                + ("a product has one." if draft.record else "the product is new."),
            )
            return
        checks: tuple[Callable[[], None], ...] = (
            lambda: require_product_code(draft.code, field="code"),
            lambda: self._check_alternative(draft),
            lambda: check_periods(draft.validity),
            lambda: check_restrictions_of(draft),
        )
        for check in checks:
            try:
                check()
            except CatalogError as refusal:
                yield self.attribute_of(refusal), str(refusal)
        yield from self.answers.problems(draft)

    def accepted(self, draft: Any) -> None:
        """Keep others from its alternative code."""
        if not draft.record or draft.alternative_code != draft.stored["alternative_code"]:
            self.taken.add(draft.alternative_code.upper())

    def _check_alternative(self, draft: Any) -> None:
        if not draft.alternative_code:
            draft.alternative_code = self._free_alternative(draft.code)
            return
        if draft.record and draft.alternative_code == draft.stored["alternative_code"]:
            return
        require_product_code(draft.alternative_code, field="alternative_code")
        holder = self.by_alternative.get(draft.alternative_code)
        is_other = holder is not None and holder != draft.record
        if is_other or draft.alternative_code.upper() in self.taken:
            raise CatalogError(
                f"Another product has the alternative code {draft.alternative_code}.",
                field="alternative_code",
            )

    def _free_alternative(self, code: str) -> str:
        if code not in self.by_alternative and code.upper() not in self.taken:
            return code
        free = free_code(Product, "alternative_code", code)
        while free.upper() in self.taken:
            free = free_code(Product, "alternative_code", f"{free}-2")
        return free

    def attribute_of(self, refusal: Exception) -> str:
        """Return the attribute at fault: the periods are one column."""
        if getattr(refusal, "field", None) in ("first_day", "last_day"):
            return "validity"
        if isinstance(refusal, NotABundle):
            return RESTRICTIONS[0]
        return self.answers.attribute_of(refusal) or super().attribute_of(refusal)

    # ---- writing

    def create(self, draft: Draft) -> models.Model | None:
        """Keep it for `finish`."""
        self.new.append(draft)
        return None

    def change(self, draft: Draft) -> models.Model | None:
        """Keep it for `finish`; another type is given at once, for much hangs on it."""
        product: Product = record_of(draft)
        changes = draft.changes()
        if "type" not in changes:
            self.changed.append(draft)
            return product
        answers = self.answers.taken_from(draft, changes)
        periods = changes.pop("validity", None)
        update_product(product, **changes)
        if periods is not None:
            set_validity(product, periods)
        if answers:
            set_values(product, answers)
        return product

    def finish(self) -> None:
        """Write what was kept."""
        new = write_new(self.new, self.answers, by=self.by, reason=self.reason)
        self.touched.update(product.pk for product in new)
        write_changes(self.changed, self.answers, by=self.by, reason=self.reason)

    def history(self, pks: set[int]) -> Iterable[Any]:
        """Return the history of the products and of what belongs to them."""
        return [
            Product.history.filter(id__in=pks),
            ProductValidity.history.filter(product_id__in=pks),
            CharacteristicValue.history.filter(product_id__in=pks),
        ]


def _once(names: Iterable[str]) -> list[str]:
    return list({name.casefold(): name for name in names}.values())
