"""A new type on the way to a product: in a side sheet, or on its own page and back again.

With JavaScript a sheet beside the product's form holds the type's form, and the product's form is
not touched. Without it the product's form is kept as a draft, and comes back with the type chosen.
"""

from urllib.parse import urlencode

from django.contrib.auth.mixins import PermissionRequiredMixin
from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import resolve, reverse
from django.utils.html import escape
from django.views import View
from django_htmx.http import trigger_client_event

from catalog.models import Product, ProductType
from catalog.queries.characteristics import type_change
from catalog.views.drafts import find_draft, keep_draft
from catalog.views.types import TypeCreate
from config.shared.choosing import choice_label


class NewType(TypeCreate):
    """A new product type; where a product's form waits for it, it goes back there."""

    def setup(self, request, *args, **kwargs):
        """Find the form that waits."""
        super().setup(request, *args, **kwargs)
        self.draft = find_draft(request)
        self.has_save_and_new = self.draft is None

    def get_lead(self):
        """Say that nothing typed is lost."""
        if self.draft is None:
            return ""
        return "What you typed for the product is kept: after saving you go on with it."

    def _back(self, **more):
        return f"{self.draft['back']}?{urlencode({'draft': self.request.GET['draft'], **more})}"

    def get_cancel_url(self):
        """Go back to the product's form as it was."""
        return super().get_cancel_url() if self.draft is None else self._back()

    def get_success_url(self):
        """Go back to the product's form with the type chosen."""
        if self.draft is None:
            return super().get_success_url()
        return self._back(type=self.object.code)


class TypeSheet(TypeCreate):
    """The form of a new type for the sheet beside a product's form; answers htmx."""

    template_name = "catalog/partials/new_type_form.html"
    prefix = "new-type"
    has_save_and_new = False

    def get_success_message(self):
        """Say nothing: the sheet closes, and the field shows the type."""
        return ""

    def form_valid(self, form):
        """Tell the page which type there is now."""
        answer = super().form_valid(form)
        if answer.status_code != 302:
            return answer
        created = get_object_or_404(ProductType, code=resolve(answer.url).kwargs["code"])
        choice = {"value": created.code, "label": choice_label(created, created.code)}
        return trigger_client_event(HttpResponse(""), "type-created", choice)


class KeepForNewType(PermissionRequiredMixin, View):
    """Keeps what was typed for a product and leads to the form of a new type."""

    permission_required = "catalog.add_producttype"

    def post(self, request):
        """Keep it; `draft_for` is the code of the product, "" for a new one."""
        code = request.POST.get("draft_for", "")
        back = reverse("catalog:product_new")
        if code:
            back = get_object_or_404(Product, code__iexact=code).get_absolute_url()
        panel = request.POST.get("panel", "")
        field = f"{panel}-type" if panel else "type"
        key = keep_draft(request, back=back, panel=panel, field=field)
        if key is None:
            raise BadRequest("The form is too long to be kept.")
        return redirect(f"{reverse('catalog:type_new')}?draft={key}")


class TypeChangePreview(PermissionRequiredMixin, View):
    """Answers htmx with what becomes of a product's characteristics under the type chosen."""

    permission_required = "catalog.change_product"

    def get(self, request, code):
        """Return a sentence; nothing where nothing changes."""
        product = get_object_or_404(Product, code__iexact=code)
        chosen = next((value for name, value in request.GET.items() if name.endswith("type")), "")
        new_type = ProductType.objects.filter(code__iexact=chosen).first()
        if new_type is None or new_type.pk == product.type_id:
            return HttpResponse("")
        return HttpResponse(escape(type_change(product, new_type).text))


def draft_with_type(request):
    """Return the draft that waits for a type, with the one that the address names; or None."""
    draft = find_draft(request)
    if draft is not None and request.GET.get("type"):
        draft["data"][draft["field"]] = request.GET["type"]
    return draft
