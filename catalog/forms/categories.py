"""The categories of a product: boxes in a tree, or rows that search where the tree is long."""

from django import forms

from catalog.forms.rows import RowForm, RowsMixin
from catalog.models import ProductCategory
from catalog.queries.categories import listed_tree
from config.shared.choosing import ChosenField
from config.shared.forms import RatebookForm

DEEPEST = 6


class CategoryRow(RowForm):
    """One category out of many."""

    category = ChosenField(ProductCategory.objects.all(), search="catalog:choose_category")


class CategoriesForm(RowsMixin, RatebookForm):
    """Which categories a product is in; `chosen` are those it is in now."""

    row_form_class = CategoryRow
    rows_label = "Categories"
    categories = forms.ModelMultipleChoiceField(
        ProductCategory.objects.all(), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args, chosen=(), **kwargs):
        chosen = list(chosen)
        initial = {"categories": [one.pk for one in chosen]}
        rows = [{"category": one} for one in chosen]
        super().__init__(*args, initial=initial, rows_initial=rows, **kwargs)
        self.tree = listed_tree()
        if self.tree is None:
            del self.fields["categories"]

    @property
    def has_categories(self):
        """Whether there is anything to choose."""
        return self.tree is None or bool(self.tree)

    def box_groups(self):
        """Return the boxes, a group for each category on top with all below it.

        A box has its category, its depth, and whether it is ticked.
        """
        ticked = {str(value) for value in self["categories"].value() or ()}
        groups = []
        for branch in self.tree:
            if branch.depth == 0:
                groups.append([])
            box = {
                "category": branch.category,
                "depth": min(branch.depth, DEEPEST),
                "is_ticked": str(branch.category.pk) in ticked,
            }
            groups[-1].append(box)
        return groups

    def clean(self):
        """Check the rows only where there are rows."""
        return super().clean() if self.tree is None else self.cleaned_data

    def chosen_categories(self):
        """Return the categories for the operation."""
        if self.tree is not None:
            return list(self.cleaned_data["categories"])
        return [row.cleaned_data["category"] for row in self.filled_rows()]
