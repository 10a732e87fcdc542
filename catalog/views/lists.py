"""The short lists: brands, account classes, technologies, classifications."""

from django.urls import reverse_lazy

from catalog.filters import EntryFilter
from catalog.forms.lists import (
    AccountClassForm,
    BrandForm,
    ClassificationForm,
    MergeBrandForm,
    TechnologyForm,
)
from catalog.models import AccountClass, AccountClassification, ProductBrand, Technology
from catalog.operations.lists import create_entry
from catalog.operations.merging import merge_brands
from catalog.panels.records import (
    AccountClassMain,
    BrandMain,
    BrandProducts,
    ClassificationMain,
    TechnologyMain,
)
from catalog.queries.lists import account_classes, brands, classifications, technologies
from catalog.tables import (
    AccountClassTable,
    BrandTable,
    ClassificationTable,
    TechnologyTable,
)
from catalog.views.editing import CatalogCreateView, CatalogDeleteView
from catalog.views.records import MergeView, RecordPage, merge_lead
from config.shared.views.lists import RatebookListView


class EntryCreate(CatalogCreateView):
    """A new entry of a short list."""

    def act(self, form):
        """Create it."""
        self.object = create_entry(self.model, **form.cleaned_data)
        return self.object


class BrandList(RatebookListView):
    """The brands."""

    permission_required = "catalog.view_productbrand"
    queryset = brands()
    table_class = BrandTable
    filterset_class = EntryFilter
    title = "Product brands"
    import_kind = "brands"
    empty_text = "Brands tell products of different makers apart. Add the first one."
    new_action = ("New brand", "catalog:brand_new", "catalog.add_productbrand")


class BrandPages:
    """What the pages of one brand share."""

    model = ProductBrand
    form_class = BrandForm
    parents = (("Product brands", reverse_lazy("catalog:brand_list")),)
    delete_url_name = "catalog:brand_delete"


class BrandCreate(BrandPages, EntryCreate):
    """A new brand."""

    permission_required = "catalog.add_productbrand"
    title = "New brand"


class BrandPage(BrandPages, RecordPage):
    """A brand."""

    permission_required = "catalog.view_productbrand"
    panels = (BrandMain, BrandProducts)
    merge_url_name = "catalog:brand_merge"


class BrandMerge(MergeView):
    """Merges a brand into another."""

    permission_required = ("catalog.change_productbrand", "catalog.delete_productbrand")
    model = ProductBrand
    form_class = MergeBrandForm
    list_url_name = "catalog:brand_list"
    merge = staticmethod(merge_brands)

    def get_lead(self):
        """Say what moves."""
        count = self.object.products.count()
        moving = [f"{count:,} product{'s' * (count != 1)}"] if count else []
        return merge_lead(self.object, moving, is_one=count == 1)


class BrandDelete(BrandPages, CatalogDeleteView):
    """Delete a brand without products."""

    permission_required = "catalog.delete_productbrand"


class AccountClassList(RatebookListView):
    """The account classes."""

    permission_required = "catalog.view_accountclass"
    queryset = account_classes()
    table_class = AccountClassTable
    filterset_class = EntryFilter
    title = "Account classes"
    empty_text = (
        "Classes of customers, such as Residential and Business, decide which products are "
        "offered to whom. Add the first one."
    )
    new_action = ("New account class", "catalog:account_class_new", "catalog.add_accountclass")


class AccountClassPages:
    """What the pages of one account class share."""

    model = AccountClass
    form_class = AccountClassForm
    parents = (("Account classes", reverse_lazy("catalog:account_class_list")),)
    delete_url_name = "catalog:account_class_delete"


class AccountClassCreate(AccountClassPages, EntryCreate):
    """A new account class."""

    permission_required = "catalog.add_accountclass"


class AccountClassPage(AccountClassPages, RecordPage):
    """An account class."""

    permission_required = "catalog.view_accountclass"
    panels = (AccountClassMain,)


class AccountClassDelete(AccountClassPages, CatalogDeleteView):
    """Delete an account class that nothing names."""

    permission_required = "catalog.delete_accountclass"


class TechnologyList(RatebookListView):
    """The technologies."""

    permission_required = "catalog.view_technology"
    queryset = technologies()
    table_class = TechnologyTable
    filterset_class = EntryFilter
    title = "Technologies"
    empty_text = (
        "Technologies say how users are connected, such as Fiber and Satellite, and decide which "
        "products are offered to them. Add the first one."
    )
    new_action = ("New technology", "catalog:technology_new", "catalog.add_technology")


class TechnologyPages:
    """What the pages of one technology share."""

    model = Technology
    form_class = TechnologyForm
    parents = (("Technologies", reverse_lazy("catalog:technology_list")),)
    delete_url_name = "catalog:technology_delete"


class TechnologyCreate(TechnologyPages, EntryCreate):
    """A new technology."""

    permission_required = "catalog.add_technology"


class TechnologyPage(TechnologyPages, RecordPage):
    """A technology."""

    permission_required = "catalog.view_technology"
    panels = (TechnologyMain,)


class TechnologyDelete(TechnologyPages, CatalogDeleteView):
    """Delete a technology that nothing names."""

    permission_required = "catalog.delete_technology"


class ClassificationList(RatebookListView):
    """The account classifications."""

    permission_required = "catalog.view_accountclassification"
    queryset = classifications()
    table_class = ClassificationTable
    filterset_class = EntryFilter
    title = "Account classifications"
    empty_text = "Classifications label accounts so that runs can select them. Add the first one."
    new_action = (
        "New classification",
        "catalog:classification_new",
        "catalog.add_accountclassification",
    )


class ClassificationPages:
    """What the pages of one account classification share."""

    model = AccountClassification
    form_class = ClassificationForm
    parents = (("Account classifications", reverse_lazy("catalog:classification_list")),)
    delete_url_name = "catalog:classification_delete"


class ClassificationCreate(ClassificationPages, EntryCreate):
    """A new account classification."""

    permission_required = "catalog.add_accountclassification"
    title = "New classification"


class ClassificationPage(ClassificationPages, RecordPage):
    """An account classification."""

    permission_required = "catalog.view_accountclassification"
    panels = (ClassificationMain,)


class ClassificationDelete(ClassificationPages, CatalogDeleteView):
    """Delete an account classification that nothing names."""

    permission_required = "catalog.delete_accountclassification"
