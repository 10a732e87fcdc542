"""Imports of tax codes, tax regions and tax classes: a row is one of them."""

from collections.abc import Callable, Iterator
from typing import Any, ClassVar

from django.db import models

from config.shared.imports.columns import ChoiceCell, Column, SlugCell, TextCell
from config.shared.imports.drafts import Draft
from pricing.imports.coded import CodedResource
from pricing.models import RateDate, TaxClass, TaxCode, TaxKind, TaxRegion
from pricing.operations.tax_places import save_tax_class, save_tax_region
from pricing.operations.taxes import create_tax_code, update_tax_code


class TaxCodeResource(CodedResource):
    """Tax codes, without their rates."""

    slug = "tax-codes"
    title = "Tax codes"
    about = (
        "A row is a tax code. Its rates are imported as “Tax rates”. Of one that is there only the "
        "name changes. Codes that the file does not name stay as they are."
    )
    model = TaxCode
    examples = (
        {"code": "sample-vat", "name": "Sample VAT", "kind": "VAT"},
        {"code": "sample-state", "name": "Sample state tax", "kind": "Sales tax"},
        {"code": "sample-city", "name": "Sample city tax", "kind": "Sales tax"},
    )

    code = Column("code", "code", SlugCell(40), about="Which tax code it is.", required=True)
    name = Column("name", "name", TextCell(80), about="Its name.", required=True)
    kind = Column(
        "kind",
        "kind",
        ChoiceCell(TaxKind, empty=TaxKind.VAT.value),
        about="VAT where empty.",
        required=True,
    )
    rate_date = Column(
        "rate of",
        "rate_date",
        ChoiceCell(RateDate, empty=RateDate.POSTING.value),
        about="The day whose percentage is taken; the posting date where empty.",
    )

    def problems(self, draft: Any) -> Iterator[tuple[str, str]]:
        """Keep what a code is."""
        for name in ("kind", "rate_date"):
            if draft.record is not None and getattr(draft, name) != draft.stored[name]:
                yield name, "It stays as it is: make another tax code."

    def create(self, draft: Draft) -> models.Model | None:
        """Add the code."""
        return create_tax_code(**draft.values())

    def change(self, draft: Draft) -> models.Model | None:
        """Rename it."""
        row: Any = draft
        return update_tax_code(row.record, code=row.code, name=row.name)


class TaxPlaceResource(CodedResource):
    """Tax regions or classes; the operation `keep` stores one."""

    code = Column("code", "code", SlugCell(40), about="Which one it is.", required=True)
    name = Column("name", "name", TextCell(80), about="Its name.", required=True)

    keep: ClassVar[Callable[..., models.Model]]

    def create(self, draft: Draft) -> models.Model | None:
        """Add it."""
        return type(self).keep(self.model(), **draft.values())

    def change(self, draft: Draft) -> models.Model | None:
        """Rename it."""
        return type(self).keep(draft.record, **draft.values())


class TaxRegionResource(TaxPlaceResource):
    """Tax regions."""

    slug = "tax-regions"
    title = "Tax regions"
    about = "A row is a tax region. Regions that the file does not name stay as they are."
    model = TaxRegion
    examples = (
        {"code": "sample-ny", "name": "Sample New York"},
        {"code": "sample-nyc", "name": "Sample New York City"},
    )

    keep = staticmethod(save_tax_region)


class TaxClassResource(TaxPlaceResource):
    """Tax classes."""

    slug = "tax-classes"
    title = "Tax classes"
    about = "A row is a tax class. Classes that the file does not name stay as they are."
    model = TaxClass
    examples = (
        {"code": "sample-telecom", "name": "Sample telecom"},
        {"code": "sample-goods", "name": "Sample goods"},
        {"code": "sample-books", "name": "Sample books"},
    )

    keep = staticmethod(save_tax_class)
