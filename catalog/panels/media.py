"""Images and attachments of a product, one section of its page."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from django import forms
from django.http import HttpRequest

from catalog.models import MOST_IMAGES, Product, ProductImage
from catalog.operations.errors import CatalogError, ImageNotUsable
from catalog.operations.images import add_image, change_image, move_image, remove_image
from catalog.panels.sections import SECTIONS, SectionPanel
from catalog.queries.products import images_of
from config.shared.act_forms import blank_form
from config.shared.attachments_panel import AttachmentsForm, AttachmentsPanel
from config.shared.kept_files import KeptFileField, KeptFileInput
from config.shared.operations.file_checks import FileError

ADD, DESCRIBE, DEFAULT, EARLIER, LATER, REMOVE = (
    "add-image",
    "describe",
    "default",
    "earlier",
    "later",
    "remove-image",
)
_ITEM: Final = ("item",)


class MediaForm(AttachmentsForm):
    """One act on the images or attachments of a product."""

    acts = {
        **AttachmentsForm.acts,
        ADD: ("image", "alt_text"),
        DESCRIBE: ("item", "alt_text"),
        DEFAULT: _ITEM,
        EARLIER: _ITEM,
        LATER: _ITEM,
        REMOVE: _ITEM,
    }

    placed = (*AttachmentsForm.placed, ADD)

    image = KeptFileField(
        widget=KeptFileInput(attrs={"accept": "image/jpeg,image/png,image/webp,image/gif"}),
        max_length=500,
        help_text="JPEG, PNG, WebP or GIF.",
    )
    alt_text = forms.CharField(
        label="What it shows",
        max_length=200,
        help_text="Read out where the image is not seen.",
        error_messages={"required": "Say in words what the image shows."},
    )


class ImagesAndAttachments(SectionPanel, AttachmentsPanel):
    """Up to four images with one default, and files and addresses."""

    section = SECTIONS["images-attachments"]
    template_name = "catalog/partials/images_attachments_panel.html"
    form_class = MediaForm
    form_permission = "catalog.change_product"
    refusals = (CatalogError, FileError)

    def context(self, obj: Product, request: HttpRequest) -> Mapping[str, Any]:
        """Return images and attachments, with a form for each act; two queries."""
        images = images_of(obj)
        context = {**super().context(obj, request)}
        context["count"] += len(images)
        context["most_images"] = MOST_IMAGES
        if self.may_submit(request):
            context["add_image"] = blank_form(MediaForm, self.slug, ADD)
        context["images"] = [(image, self._form_of(image)) for image in images]
        return context

    def submit(self, obj: Product, request: HttpRequest, form: Any) -> str:
        """Do what was asked for."""
        if form.asked in AttachmentsForm.acts:
            return super().submit(obj, request, form)
        values = form.cleaned_data
        by: Any = request.user
        if form.asked == ADD:
            image = add_image(obj, values["image"].file, alt_text=values["alt_text"], by=by)
            return f"The image “{image}” was added."
        found = obj.images.select_related("product").filter(pk=values["item"]).first()
        if found is None:
            raise ImageNotUsable("The image was removed meanwhile.")
        acts: dict[str, Callable[[], object]] = {
            DESCRIBE: lambda: change_image(found, alt_text=values["alt_text"], by=by),
            DEFAULT: lambda: change_image(found, default=True, by=by),
            EARLIER: lambda: move_image(found, -1, by=by),
            LATER: lambda: move_image(found, 1, by=by),
            REMOVE: lambda: remove_image(found, by=by),
        }
        acts[form.asked]()
        if form.asked == REMOVE:
            return f"The image “{found}” was removed."
        return f"The images of {obj} were saved."

    def _form_of(self, image: ProductImage) -> MediaForm:
        form = MediaForm(
            prefix=self.slug,
            act=DESCRIBE,
            initial={"item": image.pk, "alt_text": image.alt_text},
        )
        form.auto_id = f"id_image_{image.pk}_%s"
        return form
