"""Models of the catalogue, one file a topic."""

from .bundles import BundleComponent, SalesBundle, SalesBundleChoice, SalesBundleItem
from .characteristics import Characteristic, CharacteristicKind, CharacteristicValue
from .fees import DependentFee, FeeGroup, FeeGroupRow, MatchOn
from .images import MOST_IMAGES, ProductImage
from .lists import (
    AccountClass,
    AccountClassification,
    ProductBrand,
    ProductCategory,
    ProductFamily,
    Technology,
)
from .products import Availability, Product, ProductValidity
from .types import Classification, Composition, GoodType, ProductType, ServiceType

__all__ = [
    "MOST_IMAGES",
    "AccountClass",
    "AccountClassification",
    "Availability",
    "BundleComponent",
    "Characteristic",
    "CharacteristicKind",
    "CharacteristicValue",
    "Classification",
    "Composition",
    "DependentFee",
    "FeeGroup",
    "FeeGroupRow",
    "GoodType",
    "MatchOn",
    "Product",
    "ProductBrand",
    "ProductCategory",
    "ProductFamily",
    "ProductImage",
    "ProductType",
    "ProductValidity",
    "SalesBundle",
    "SalesBundleChoice",
    "SalesBundleItem",
    "ServiceType",
    "Technology",
]
