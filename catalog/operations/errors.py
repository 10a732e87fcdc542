"""What the catalogue refuses: the base of its errors."""


class CatalogError(Exception):
    """The catalogue cannot be changed as asked; says why, in words a user may read.

    `field` is the argument at fault, `row` the place (from 0) in a list of rows; None where the
    refusal is about the whole. `removed` is the key of a stored row that the list leaves out.
    """

    def __init__(
        self,
        message: str,
        *,
        field: str | None = None,
        row: int | None = None,
        removed: int | None = None,
    ) -> None:
        super().__init__(message)
        self.field = field
        self.row = row
        self.removed = removed


class CodeTaken(CatalogError):
    """Another object has this code or name, if letter case is set aside."""


class CodeNotUsable(CatalogError):
    """The code is empty, or cannot stand in an address."""


class OrderNotPossible(CatalogError):
    """A place in lists is a whole number of at least 0."""


class StillInUse(CatalogError):
    """Something refers to the object, so it stays."""


class TypeInUse(CatalogError):
    """Products of the type exist, so it keeps its classification, kind and composition."""


class TypeNotPossible(CatalogError):
    """The combination of classification, kind and composition does not exist."""


class ValidityNotPossible(CatalogError):
    """A period of validity is empty or overlaps another."""


class NotABundle(CatalogError):
    """Components are given to a product whose type is flat."""


class ComponentNotAllowed(CatalogError):
    """A bundle cannot contain this, or not in this way."""


class ItemNotAllowed(CatalogError):
    """A sales bundle cannot contain this, or not in this way."""


class CharacteristicNotPossible(CatalogError):
    """A characteristic of a type does not fit together, or not with the values there are."""


class ValueNotPossible(CatalogError):
    """A product's value does not fit its characteristic, or is missing."""


class FeeNotAllowed(CatalogError):
    """A product cannot have this as a fee, or not in this way."""


class FeeNotMatched(CatalogError):
    """A fee group that requires a match has no fee for a value."""


class RestrictionNotPossible(CatalogError):
    """A restriction of a flexible bundle that no choice of its components can keep to."""


class ImageNotUsable(CatalogError):
    """A product cannot have this image, or no further one."""
