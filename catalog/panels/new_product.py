"""Parts of the new-product page that other apps add: its tax, its price, where it is sold."""

from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.http import HttpRequest
from django.utils.module_loading import import_string

from catalog.models import Product, ProductType


class NewProductPart:
    """A part of the new-product page. Subclass it and name the class in PRODUCT_NEW_SECTIONS.

    Its form may be left empty. What `save` writes is in the transaction that creates the product;
    errors named in `refusals` are shown on the form, and then nothing is saved.
    """

    title: ClassVar[str]
    slug: ClassVar[str]
    form_class: ClassVar[type[forms.Form]]
    template_name: ClassVar[str] = "components/form_fields.html"
    permission: ClassVar[str] = ""
    refusals: ClassVar[tuple[type[Exception], ...]] = ()

    def suits(self, product_type: ProductType) -> bool:
        """Return whether the part is asked for products of the type."""
        return True

    def form_kwargs(self, product_type: ProductType) -> dict[str, Any]:
        """Return the arguments of the form beside its data."""
        return {}

    def save(self, product: Product, form: Any) -> None:
        """Write what was chosen for the new product."""
        raise NotImplementedError(f"{type(self).__name__} has no save().")


def parts_for(product_type: ProductType, request: HttpRequest) -> list[NewProductPart]:
    """Return the parts that suit a type and that the user may fill, as listed."""
    parts: list[NewProductPart] = [import_string(path)() for path in settings.PRODUCT_NEW_SECTIONS]
    return [
        part
        for part in parts
        if part.suits(product_type)
        and (not part.permission or request.user.has_perm(part.permission))
    ]
