"""What belongs to the history of the catalogue's records beside the record itself."""

from typing import Final

from catalog.models import (
    BundleComponent,
    Characteristic,
    CharacteristicValue,
    DependentFee,
    FeeGroup,
    FeeGroupRow,
    Product,
    ProductImage,
    ProductType,
    ProductValidity,
    SalesBundle,
    SalesBundleChoice,
    SalesBundleItem,
)
from config.shared.queries.history import HistoryPart

HISTORY_PARTS: Final = (
    HistoryPart(ProductValidity, "Validity", Product, "product", named_by=("period",)),
    HistoryPart(
        CharacteristicValue,
        "Characteristic",
        Product,
        "product",
        named_by=("characteristic",),
        hidden=("characteristic",),
    ),
    HistoryPart(
        ProductImage,
        "Image",
        Product,
        "product",
        named_by=("alt_text",),
        hidden=("file", "thumbnail", "width", "height"),
    ),
    HistoryPart(
        BundleComponent, "Component", Product, "bundle", named_by=("product", "type", "family")
    ),
    HistoryPart(DependentFee, "Dependent fee", Product, "parent", named_by=("fee", "group")),
    HistoryPart(Characteristic, "Characteristic", ProductType, "type", named_by=("name",)),
    HistoryPart(FeeGroupRow, "Row", FeeGroup, "group", named_by=("criterion", "fee")),
    HistoryPart(SalesBundleItem, "Item", SalesBundle, "bundle", named_by=("product",)),
    HistoryPart(
        SalesBundleChoice,
        "Choice",
        SalesBundle,
        "item__bundle",
        named_by=("item__product", "product"),
    ),
)
