"""The sections of the product page: on which tab each stands, and for which products it is shown.

Nineteen are named by CRM.COM and BillMax. A section whose panel is not installed is absent.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, ClassVar, Final

from catalog.models import Composition, GoodType, Product, ServiceType
from catalog.queries.bundles import kind_of
from config.shared.panels import Panel

# Tabs of the product page. A panel of any app stands on one of them by its slug.
TABS: Final = (
    ("main", "Main"),
    ("components", "Components"),
    ("pricing", "Pricing & billing"),
    ("delivery", "Delivery"),
    ("results", "Stock & results"),
    ("use", "Use & history"),
)

TERMED: Final = frozenset({ServiceType.TERMED})
USAGE: Final = frozenset({ServiceType.USAGE})
ONE_TIME: Final = frozenset({ServiceType.ONE_TIME})
EXPENSE: Final = frozenset({ServiceType.EXPENSE})
GOODS: Final = frozenset({GoodType.TRACEABLE, GoodType.NON_TRACEABLE})
ALL: Final = TERMED | USAGE | ONE_TIME | EXPENSE | GOODS
ANY_COMPOSITION: Final = frozenset(Composition)
BUNDLES: Final = frozenset({Composition.FIXED_BUNDLE, Composition.FLEXIBLE_BUNDLE})
FLEXIBLE: Final = frozenset({Composition.FLEXIBLE_BUNDLE})


@dataclass(frozen=True, slots=True)
class Section:
    """A section: its place on the page, the kinds and compositions for which it is shown."""

    slug: str
    title: str
    tab: str
    order: int
    kinds: frozenset[Any]
    compositions: frozenset[Any] = ANY_COMPOSITION

    def is_for(self, product: Product) -> bool:
        """Return whether the section is shown for a product; reads its type only."""
        kind = product.type
        return kind_of(kind) in self.kinds and kind.composition in self.compositions


_ALL_SECTIONS: Final = (
    Section("main-information", "Main information", "main", 10, ALL),
    Section("type-characteristics", "Type characteristics", "main", 20, ALL),
    Section("categories", "Categories", "main", 25, ALL),
    Section("validity", "Product validity", "main", 30, ALL),
    Section("images-attachments", "Images & attachments", "main", 40, ALL),
    Section("components", "Bundle components", "components", 10, TERMED | GOODS, BUNDLES),
    Section("restrictions", "Bundle restrictions", "components", 20, TERMED | GOODS, FLEXIBLE),
    Section("tax-rates", "Tax rates", "pricing", 10, ALL),
    Section("price-plans", "Price plans", "pricing", 20, ALL - USAGE),
    Section("billing-term-schemes", "Billing term schemes", "pricing", 30, TERMED | EXPENSE),
    Section("subscription-types", "Subscription types", "pricing", 40, TERMED | EXPENSE | GOODS),
    Section("usage-catalogs", "Usage service catalogs", "pricing", 50, USAGE),
    Section("discounts", "Discounts", "pricing", 60, ALL),
    Section("usage-billing", "Additional usage billing", "pricing", 70, TERMED),
    Section("providers", "Providers", "delivery", 10, TERMED | GOODS),
    Section("job-types", "Job types", "delivery", 20, EXPENSE | GOODS),
    Section("activity-types", "Activity types", "delivery", 30, ONE_TIME),
    Section("stock-balance", "Stock balance", "results", 10, GOODS),
    Section("performance", "Product performance", "results", 20, TERMED | GOODS),
)
SECTIONS: Final[Mapping[str, Section]] = MappingProxyType({one.slug: one for one in _ALL_SECTIONS})


class SectionPanel(Panel):
    """The panel of a section: `section` gives it title, place and the products it suits."""

    section: ClassVar[Section]

    def __init_subclass__(cls, **options: Any) -> None:
        """Take title, slug, tab and order from the section."""
        super().__init_subclass__(**options)
        section = cls.__dict__.get("section")
        if section is not None:
            cls.title, cls.slug = section.title, section.slug
            cls.tab, cls.order = section.tab, section.order

    def suits(self, obj: Product) -> bool:
        """Return whether the section is shown for products of this kind."""
        return self.section.is_for(obj)
