"""The catalogue's kinds of imports and exports, named in the settings list IMPORTS."""

from .components import ComponentResource
from .entries import BrandResource, CategoryResource, FamilyResource
from .products import ProductResource
from .types import CharacteristicResource, TypeResource

__all__ = [
    "BrandResource",
    "CategoryResource",
    "CharacteristicResource",
    "ComponentResource",
    "FamilyResource",
    "ProductResource",
    "TypeResource",
]
