"""Families and categories: lists that show the tree, their pages, their order, merging."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse_lazy

from catalog.filters import EntryFilter
from catalog.forms.lists import CategoryForm, FamilyForm, MergeCategoryForm, MergeFamilyForm
from catalog.models import BundleComponent, ProductCategory, ProductFamily
from catalog.operations.merging import merge_categories, merge_families
from catalog.operations.trees import move_branch
from catalog.panels.records import (
    Branches,
    CategoryMain,
    CategoryProducts,
    FamilyMain,
    FamilyProducts,
)
from catalog.queries.trees import branches, in_tree_order, totals
from catalog.tables import CategoryTable, FamilyTable
from catalog.views.editing import CatalogDeleteView
from catalog.views.lists import EntryCreate
from catalog.views.records import MergeView, RecordPage, merge_lead
from config.shared.views.lists import RatebookListView
from config.shared.views.object_page import Fact


class TreeList(RatebookListView):
    """A tree as a list: each branch under the one it belongs to, with buttons that move it.

    A search or another order shows the whole path instead of the indent.
    """

    template_name = "catalog/tree_list.html"
    filterset_class = EntryFilter
    model = None
    change_permission = ""

    def setup(self, request, *args, **kwargs):
        """Leave the tree to be read when it is asked for."""
        super().setup(request, *args, **kwargs)
        self._tree = None

    @property
    def tree(self):
        """The branches by id, read once."""
        if self._tree is None:
            self._tree = branches(self.model)
        return self._tree

    @property
    def may_move(self):
        """Whether the user may change the order."""
        return self.request.user.has_perm(self.change_permission)

    def get_queryset(self):
        """Return the entries in the order of the tree."""
        return in_tree_order(self.model, self.tree)

    def get_table_kwargs(self):
        """Give the table the tree, and say whether it is shown as one."""
        is_tree = not {"q", "sort", "export"} & set(filter(self.request.GET.get, self.request.GET))
        hidden = () if is_tree and self.may_move else ("place",)
        options = {"tree": self.tree, "is_tree": is_tree, "exclude": hidden}
        return {**super().get_table_kwargs(), **options}

    def get_table(self, **kwargs):
        """Count the products below the branches of the page."""
        table = super().get_table(**kwargs)
        shown = [row.record.pk for row in table.paginated_rows]
        table.totals = totals(self.model, self.tree, shown)
        return table

    def get_context_data(self, **kwargs):
        """Say whether the order can be changed."""
        return super().get_context_data(may_move=self.may_move, **kwargs)

    def post(self, request, *args, **kwargs):
        """Move the branch whose button was pressed one place up or down."""
        if not self.may_move:
            raise PermissionDenied
        steps = -1 if "up" in request.POST else 1
        code = request.POST.get("up") or request.POST.get("down") or ""
        entry = get_object_or_404(self.model, code__iexact=code)
        move_branch(entry, steps=steps, by=request.user)
        if request.htmx:
            return self.get(request, *args, **kwargs)
        messages.success(request, f"{entry} was moved {'up' if steps < 0 else 'down'}.")
        return redirect(f"{request.get_full_path()}#branch-{entry.pk}")


class BranchPage(RecordPage):
    """The page of a family or category."""

    def get_facts(self):
        """Say where it stands and how many products it has."""
        tree = branches(self.model)
        branch = tree[self.object.pk]
        total = totals(self.model, tree, [branch.pk])[branch.pk]
        return [
            Fact("Place in the tree", branch.text),
            Fact("Products", f"{branch.own:,}"),
            Fact("With all below", f"{total:,}"),
        ]


class BranchMerge(MergeView):
    """Merges a branch into another one of its tree."""

    def get_lead(self):
        """Say what moves."""
        branch = branches(self.model)[self.object.pk]
        rows = 0
        if self.model is ProductFamily:
            rows = BundleComponent.objects.filter(family=self.object).count()
        counts = [
            (branch.own, "product", "products"),
            (rows, "row of a bundle", "rows of bundles"),
            (self.object.children.count(), "branch", "branches"),
        ]
        moving = [
            f"{number:,} {one if number == 1 else many}" for number, one, many in counts if number
        ]
        return merge_lead(self.object, moving, is_one=sum(number for number, _, _ in counts) == 1)


class FamilyList(TreeList):
    """The families."""

    permission_required = "catalog.view_productfamily"
    change_permission = "catalog.change_productfamily"
    model = ProductFamily
    table_class = FamilyTable
    title = "Product families"
    import_kind = "families"
    empty_text = "Families group products, such as Pay TV and Telephony. Add the first one."
    new_action = ("New family", "catalog:family_new", "catalog.add_productfamily")


class FamilyPages:
    """What the pages of one family share."""

    model = ProductFamily
    form_class = FamilyForm
    parents = (("Product families", reverse_lazy("catalog:family_list")),)
    delete_url_name = "catalog:family_delete"


class FamilyCreate(FamilyPages, EntryCreate):
    """A new family."""

    permission_required = "catalog.add_productfamily"
    title = "New family"


class FamilyPage(FamilyPages, BranchPage):
    """A family."""

    permission_required = "catalog.view_productfamily"
    panels = (FamilyMain, Branches, FamilyProducts)
    merge_url_name = "catalog:family_merge"


class FamilyMerge(BranchMerge):
    """Merges a family into another."""

    permission_required = ("catalog.change_productfamily", "catalog.delete_productfamily")
    model = ProductFamily
    form_class = MergeFamilyForm
    list_url_name = "catalog:family_list"
    merge = staticmethod(merge_families)


class FamilyDelete(FamilyPages, CatalogDeleteView):
    """Delete a family that has neither products nor branches."""

    permission_required = "catalog.delete_productfamily"


class CategoryList(TreeList):
    """The categories."""

    permission_required = "catalog.view_productcategory"
    change_permission = "catalog.change_productcategory"
    model = ProductCategory
    table_class = CategoryTable
    title = "Product categories"
    import_kind = "categories"
    empty_text = (
        "Categories sort products for analysis and rewards; a product may be in several. Add the "
        "first one."
    )
    new_action = ("New category", "catalog:category_new", "catalog.add_productcategory")


class CategoryPages:
    """What the pages of one category share."""

    model = ProductCategory
    form_class = CategoryForm
    parents = (("Product categories", reverse_lazy("catalog:category_list")),)
    delete_url_name = "catalog:category_delete"


class CategoryCreate(CategoryPages, EntryCreate):
    """A new category."""

    permission_required = "catalog.add_productcategory"
    title = "New category"


class CategoryPage(CategoryPages, BranchPage):
    """A category."""

    permission_required = "catalog.view_productcategory"
    panels = (CategoryMain, Branches, CategoryProducts)
    merge_url_name = "catalog:category_merge"


class CategoryMerge(BranchMerge):
    """Merges a category into another."""

    permission_required = ("catalog.change_productcategory", "catalog.delete_productcategory")
    model = ProductCategory
    form_class = MergeCategoryForm
    list_url_name = "catalog:category_list"
    merge = staticmethod(merge_categories)


class CategoryDelete(CategoryPages, CatalogDeleteView):
    """Delete a category that has neither products nor branches."""

    permission_required = "catalog.delete_productcategory"
