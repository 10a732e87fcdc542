"""A new product on one page: main information, validity, and what its type brings with it."""

from django.contrib.auth.mixins import PermissionRequiredMixin
from django.shortcuts import render
from django.urls import reverse_lazy
from django.views import View

from catalog.forms.categories import CategoriesForm
from catalog.forms.products import NewProductForm, ValidityForm
from catalog.models import Product
from catalog.operations.errors import CatalogError
from catalog.operations.products import create_product
from catalog.panels.main import characteristics
from catalog.panels.new_product import parts_for
from catalog.panels.sections import SECTIONS, TABS
from catalog.views.editing import CatalogCreateView
from catalog.views.new_type import draft_with_type
from config.shared.panels import load_panels, suitable_panels
from config.shared.views.form_pages import show_refusal


class PartRefused(CatalogError):
    """A part of the page was refused; its own form says why."""


class ProductSheet:
    """The forms of the page together: the main one and those of its parts.

    `data` is what was sent to be saved; what belongs to a type is read from it only if it was
    shown for that type. `typed` is what stays in the fields without being checked.
    """

    def __init__(self, request, form, *, data=None, typed=None):
        self.form = form
        self.data = data
        self.type = form.chosen_type()
        code = self.type.code if self.type else None
        self.was_shown = data is not None and data.get("parts_for") == code
        if self.type is not None:
            form.ask_for_type(self.type)
        if not self.was_shown:
            for field in form.value_fields():
                field.field.required = False
        self.validity = ValidityForm(self._sent("validity-kind"), prefix="validity")
        self.categories = CategoriesForm(self._sent("categories-sent"), prefix="categories")
        self.parts = []
        for part in parts_for(self.type, request) if self.type else ():
            options = part.form_kwargs(self.type)
            sent = data if self.was_shown else None
            part_form = part.form_class(sent, prefix=part.slug, **options)
            if sent is None:
                keep_typed(part_form, typed or data or {})
            self.parts.append((part, part_form))

    def _sent(self, name):
        return self.data if self.data is not None and name in self.data else None

    def forms(self):
        """Return the forms of the parts that were sent."""
        every = [self.validity, self.categories, *(form for _, form in self.parts)]
        return [form for form in every if form.is_bound]

    def is_valid(self):
        """Check them all, so that all faults are told at once."""
        faulty = [form for form in self.forms() if not form.is_valid()]
        return not faulty

    def create(self):
        """Create the product with all that was chosen.

        Raises CatalogError; PartRefused where a part's own form says why.
        """
        data = self.form.cleaned_data
        values = {name: data[name] for name in self.form.Meta.fields}
        if self.was_shown:
            values["values"] = self.form.cleaned_values()
        if self.validity.is_bound:
            values["validity"] = self.validity.chosen_periods()
        if self.categories.is_bound:
            values["categories"] = self.categories.chosen_categories()
        product = create_product(**values)
        for part, form in self.parts:
            if not form.is_bound:
                continue
            try:
                part.save(product, form)
            except part.refusals as refusal:
                show_refusal(form, refusal)
                raise PartRefused(f"{part.title}: {refusal}") from refusal
        return product


class ProductCreate(CatalogCreateView):
    """A new product: all that it needs to be sold may be said on this page."""

    permission_required = "catalog.add_product"
    model = Product
    form_class = NewProductForm
    template_name = "catalog/product_new.html"
    parents = (("Products", reverse_lazy("catalog:product_list")),)
    lead = "Choose the type: what comes with it is asked below. All of it can be changed later."
    sheet = None
    draft = None

    def get_initial(self):
        """Propose the type that the address names."""
        return {**super().get_initial(), "type": self.request.GET.get("type", "")}

    def get_form(self, form_class=None):
        """Return the main form, and keep the forms of the parts beside it."""
        form = super().get_form(form_class)
        data = self.request.POST if self.request.method == "POST" else None
        if self.draft is not None:
            data = self.draft["data"]
        self.sheet = ProductSheet(self.request, form, data=data)
        return form

    def get(self, request, *args, **kwargs):
        """Show the form: empty, or as it was left to make a type for it."""
        self.object = None
        self.draft = draft_with_type(request)
        form = self.get_form()
        if self.draft is not None:
            for one in (form, *self.sheet.forms()):
                one.errors.clear()
        return self.render_to_response(self.get_context_data(form=form))

    def get_form_kwargs(self):
        """Put in what was typed before a type was made."""
        kwargs = super().get_form_kwargs()
        return kwargs if self.draft is None else {**kwargs, "data": self.draft["data"]}

    def post(self, request, *args, **kwargs):
        """Create the product if all parts are in order; show them, if that is what was asked."""
        self.object = None
        form = self.get_form()
        is_valid = form.is_valid()
        if "show_parts" in request.POST:
            form.errors.clear()
            return self.form_invalid(form)
        if self.sheet.is_valid() and is_valid:
            return self.form_valid(form)
        return self.form_invalid(form)

    def act(self, form):
        """Create it."""
        self.object = self.sheet.create()
        return self.object

    def get_success_url(self):
        """Return the product's page."""
        return self.object.get_absolute_url()

    def get_context_data(self, **kwargs):
        """Add the parts."""
        context = super().get_context_data(**kwargs)
        return {**context, **parts_context(self.sheet, self.request)}


class NewProductParts(PermissionRequiredMixin, View):
    """Answers htmx with what the type chosen brings; what was typed into it stays."""

    permission_required = "catalog.add_product"

    def post(self, request):
        """Return the parts, nothing checked."""
        form = NewProductForm(initial=request.POST.dict())
        sheet = ProductSheet(request, form, typed=request.POST)
        context = {"form": form, "answers_htmx": True, **parts_context(sheet, request)}
        return render(request, "catalog/partials/new_product_parts.html", context)


def keep_typed(form, typed):
    """Put what was typed into an unbound form, unchecked."""
    for name, field in form.fields.items():
        key = form.add_prefix(name)
        if key in typed:
            form.initial[name] = field.widget.value_from_datadict(typed, {}, key)


def parts_context(sheet, request):
    """Return what catalog/partials/new_product_parts.html reads."""
    context = {"sheet": sheet, "type": sheet.type}
    if sheet.type is None:
        return context
    product = Product(type=sheet.type)
    panels = suitable_panels(load_panels("PRODUCT_PANELS"), product, request)
    if not sheet.type.provisioned:
        panels = [panel for panel in panels if panel.slug != SECTIONS["providers"].slug]
    sections = [panel.title for tab in TABS for panel in panels if panel.tab == tab[0]]
    return {**context, **characteristics(product), "sections": sections}
