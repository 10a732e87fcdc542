"""Imports of families, categories and brands: every row is one call of the operation."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import models

from catalog.models import ProductBrand, ProductCategory, ProductFamily
from catalog.operations.errors import CatalogError
from catalog.operations.lists import create_entry, update_entry
from config.shared.imports.columns import Column, RecordCell, TextCell, WholeCell
from config.shared.imports.drafts import Draft
from config.shared.imports.files import Line
from config.shared.imports.lookups import Found, find_by_text
from config.shared.imports.resources import MasterResource

_MOST = 2**31 - 1


class EntryResource(MasterResource):
    """Records with a name and a code, found by code, or by name where the code is left empty."""

    key = ("code", "name")
    refusals = (CatalogError,)

    name = Column("name", "name", TextCell(80), about="Its name.", required=True)
    code = Column(
        "code",
        "code",
        TextCell(40),
        about="Its alternative code, which says which one is meant. Left empty, the name says it, "
        "and a new one gets a code made of the name.",
    )
    description = Column("description", "description", TextCell(), about="What staff should know.")

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.by_code: Found = {}
        self.by_name: Found = {}

    def load(self, lines: Sequence[Line]) -> None:
        """Look up the rows' records and what they name."""
        self.by_code |= find_by_text(self.model, "code", self.texts_of(lines, "code"))
        self.by_name |= find_by_text(self.model, "name", self.texts_of(lines, "name"))
        self.load_records(lines)

    def find(self, row: Mapping[str, str]) -> models.Model | None:
        """Find the record by its code; without one by its name."""
        if row.get("code"):
            return self.by_code.get(row["code"])
        return self.by_name.get(row.get("name", ""))

    def create(self, draft: Draft) -> models.Model | None:
        """Add the entry."""
        entry: models.Model = create_entry(self.entry_model(), **draft.values())
        return entry

    def change(self, draft: Draft) -> models.Model | None:
        """Change what differs."""
        record: Any = draft.record
        entry: models.Model = update_entry(record, **draft.changes())
        return entry

    def entry_model(self) -> Any:
        """Return the model."""
        return self.model


class TreeResource(EntryResource):
    """Entries of a tree; a parent may stand anywhere in the same file."""

    rows_at_once = 20_000

    sort_order = Column(
        "order",
        "sort_order",
        WholeCell(least=0, most=_MOST, empty=0),
        about="Where it stands among its neighbours; lower comes first.",
    )

    def in_order(self, lines: Sequence[Line]) -> Sequence[Line]:
        """Put parents before their children; rows in a circle keep any order."""
        texts = {known: name for name, known in self.names.items()}
        code, parent = texts.get("code", ""), texts.get("parent", "")
        above = {
            line.values[code].upper(): line.values.get(parent, "").upper()
            for line in lines
            if line.values.get(code)
        }
        depths: dict[str, int] = {}
        for start in above:
            path: dict[str, None] = {}
            at = start
            while at in above and at not in depths and at not in path:
                path[at] = None
                at = above[at]
            depth = depths.get(at, 0)
            for step in reversed(path):
                depth = depths[step] = depth + 1
        return sorted(lines, key=lambda line: depths.get(line.values.get(parent, "").upper(), 0))

    def create(self, draft: Draft) -> models.Model | None:
        """Add the entry, so that rows below it find it."""
        entry = super().create(draft)
        parent: Any = self.column("parent")
        if entry is not None:
            parent.widget.remember(entry)
        return entry


class FamilyResource(TreeResource):
    """Product families."""

    slug = "families"
    title = "Product families"
    about = "A row is a family. Families that the file does not name stay as they are."
    model = ProductFamily
    examples = (
        {"name": "Sample TV", "code": "sample-channels", "order": "0"},
        {
            "name": "Sample sports",
            "code": "sample-sports",
            "order": "1",
            "parent": "sample-channels",
        },
    )

    parent = Column(
        "parent", "parent", RecordCell(ProductFamily), about="The code of the family above it."
    )


class CategoryResource(TreeResource):
    """Product categories."""

    slug = "categories"
    title = "Product categories"
    about = "A row is a category. Categories that the file does not name stay as they are."
    model = ProductCategory
    examples = (
        {"name": "Sample for families", "code": "sample-families", "order": "0"},
        {
            "name": "Sample cartoons",
            "code": "sample-cartoons",
            "order": "1",
            "parent": "sample-families",
        },
    )

    parent = Column(
        "parent", "parent", RecordCell(ProductCategory), about="The code of the category above it."
    )


class BrandResource(EntryResource):
    """Brands."""

    slug = "brands"
    title = "Product brands"
    about = "A row is a brand. Brands that the file does not name stay as they are."
    model = ProductBrand
    examples = (
        {"name": "Sample brand", "code": "sample-brand"},
        {"name": "Sample boxes", "code": "sample-boxes", "description": "Set-top boxes"},
    )
