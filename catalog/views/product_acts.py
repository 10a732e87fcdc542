"""What can be done with a product as a whole: clone it, stop or resume selling it."""

from django.views.generic.detail import SingleObjectMixin

from catalog.forms.product_acts import AvailabilityForm, CloneForm
from catalog.models import Availability, Product
from catalog.operations.availability import held_by, set_availability
from catalog.operations.cloning import clone_product, cloned_parts
from catalog.operations.errors import CatalogError
from catalog.views.editing import ByCodeMixin
from catalog.views.products import PRODUCTS
from config.shared.views.form_pages import ActionFormView


class ProductAct(ByCodeMixin, SingleObjectMixin, ActionFormView):
    """An act on one product."""

    model = Product
    refusals = (CatalogError,)

    def setup(self, request, *args, **kwargs):
        """Leave the product to be found once the permission is checked."""
        super().setup(request, *args, **kwargs)
        self.object = None

    def dispatch(self, request, *args, **kwargs):
        """Find the product for those who may act."""
        if self.has_permission():
            self.object = self.get_object()
        return super().dispatch(request, *args, **kwargs)

    def get_parents(self):
        """Lead back to the product."""
        return [PRODUCTS, (str(self.object), self.object.get_absolute_url())]


class ProductClone(ProductAct):
    """A new product that begins as another one is."""

    permission_required = "catalog.add_product"
    form_class = CloneForm
    submit_label = "Clone"
    lead = "The clone gets the main information, lists and characteristics, and what is ticked."
    success_message = "{result} was made."
    narrow = False

    def get_title(self):
        """Return the heading."""
        return f"Clone {self.object}"

    def get_initial(self):
        """Propose a name that says where it comes from."""
        name = f"Copy of {self.object.name}"
        return {**super().get_initial(), "name": name[: Product._meta.get_field("name").max_length]}

    def get_form_kwargs(self):
        """Offer what the product has."""
        parts = [(part.slug, part.label, n) for part, n in cloned_parts(self.object)]
        return {**super().get_form_kwargs(), "parts": parts}

    def act(self, form):
        """Clone it."""
        return clone_product(self.object, **form.cleaned_data)

    def get_success_url(self):
        """Return the page of the clone."""
        return self.result.get_absolute_url()


class ProductAvailability(ProductAct):
    """Stop selling a product, or sell it again."""

    permission_required = "catalog.change_product"
    form_class = AvailabilityForm
    submit_label = "Save availability"

    def get_title(self):
        """Return the heading."""
        return f"Availability of {self.object}"

    def get_lead(self):
        """Say who has it."""
        held = held_by(self.object)
        if not held:
            return "No customer has it."
        return f"Customers have it: {', '.join(held)}. They keep it, whatever is chosen here."

    def get_initial(self):
        """Propose the step that is usual next."""
        is_sold = self.object.availability == Availability.AVAILABLE
        proposed = Availability.NO_NEW_USERS if is_sold else Availability.AVAILABLE
        return {**super().get_initial(), "availability": proposed}

    def act(self, form):
        """Set it."""
        self.object = set_availability(self.object, form.cleaned_data["availability"])
        return self.object

    def get_success_message(self):
        """Say what it is now."""
        return f"{self.object}: {self.object.get_availability_display().lower()}."
