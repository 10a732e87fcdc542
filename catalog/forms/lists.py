"""Forms of the short lists, and what forms whose values go to an operation share."""

from catalog.models import (
    AccountClass,
    AccountClassification,
    ProductBrand,
    ProductCategory,
    ProductFamily,
    Technology,
)
from catalog.queries.lists import entries_to_tick
from config.shared.choosing import ChosenField
from config.shared.forms import RatebookForm, RatebookModelForm


class OperationForm(RatebookModelForm):
    """A form whose values go to an operation, which says what is unique and what fits together."""

    optional = ()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in self.optional:
            self.fields[name].required = False

    def _post_clean(self):
        """Leave the record alone: the operation writes it, and speaks at the field."""


class EntryForm(OperationForm):
    """An entry of a short list."""

    optional = ("code",)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["code"].help_text = "Stands in addresses; made of the name where left empty."


def offer_entries(field, model):
    """Offer the entries of a short list as boxes to tick; say so where there is none yet."""
    field.choices = [(entry.pk, str(entry)) for entry in entries_to_tick(model)]
    if not field.choices:
        field.help_text = f"There is no {model._meta.verbose_name} yet: everybody is offered it."


class FamilyForm(EntryForm):
    """A product family."""

    parent = ChosenField(
        ProductFamily.objects.all(),
        search="catalog:choose_family",
        required=False,
        help_text="Empty: it stands on top of the tree.",
    )

    class Meta:
        model = ProductFamily
        fields = ("name", "code", "parent", "description")


class CategoryForm(EntryForm):
    """A product category."""

    parent = ChosenField(
        ProductCategory.objects.all(),
        search="catalog:choose_category",
        required=False,
        help_text="Empty: it stands on top of the tree.",
    )

    class Meta:
        model = ProductCategory
        fields = ("name", "code", "parent", "description")


class BrandForm(EntryForm):
    """A brand."""

    class Meta:
        model = ProductBrand
        fields = ("name", "code", "description")


class AccountClassForm(EntryForm):
    """An account class."""

    class Meta:
        model = AccountClass
        fields = ("name", "code")


class TechnologyForm(EntryForm):
    """A technology."""

    class Meta:
        model = Technology
        fields = ("name", "code")


class ClassificationForm(EntryForm):
    """An account classification."""

    class Meta:
        model = AccountClassification
        fields = ("name", "code")


class MergeFamilyForm(RatebookForm):
    """Into which family one is merged."""

    target = ChosenField(
        ProductFamily.objects.all(), search="catalog:choose_family", label="Merge into"
    )


class MergeCategoryForm(RatebookForm):
    """Into which category one is merged."""

    target = ChosenField(
        ProductCategory.objects.all(), search="catalog:choose_category", label="Merge into"
    )


class MergeBrandForm(RatebookForm):
    """Into which brand one is merged."""

    target = ChosenField(
        ProductBrand.objects.all(), search="catalog:choose_brand", label="Merge into"
    )
