"""Images of a product: up to four, one of them the default."""

from typing import IO, Final

from django.contrib.auth.models import User
from django.db import transaction

from catalog.models import MOST_IMAGES, Product, ProductImage
from catalog.operations.errors import ImageNotUsable
from catalog.operations.pictures import read_picture
from config.shared.operations.content_store import store_bytes
from config.shared.operations.signing import sign

FOLDER: Final = "images"
SUFFIX: Final = ".webp"


def add_image(
    product: Product, upload: IO[bytes], *, alt_text: str, by: User | None
) -> ProductImage:
    """Add a picture at the last place and return it. The first one is the default.

    Raises ImageNotUsable; then nothing is stored.
    """
    alt_text = _checked_text(alt_text)
    _check_room(product)
    picture = read_picture(upload)
    with transaction.atomic():
        places = [image.place for image in _locked(product)]
        _check_room(product)
        image = ProductImage(
            product=product,
            place=len(places) + 1,
            file=store_bytes(FOLDER, picture.content, SUFFIX),
            thumbnail=store_bytes(FOLDER, picture.thumbnail, SUFFIX),
            width=picture.width,
            height=picture.height,
            alt_text=alt_text,
            is_default=not places,
        )
        return _save(image, by)


@transaction.atomic
def change_image(
    image: ProductImage, *, alt_text: str | None = None, default: bool = False, by: User | None
) -> ProductImage:
    """Say anew what the image shows, or make it the default instead of the one that is.

    Raises ImageNotUsable.
    """
    stored = _stored(image)
    if alt_text is not None:
        stored.alt_text = _checked_text(alt_text)
    if default and not stored.is_default:
        for other in ProductImage.objects.filter(product=stored.product_id, is_default=True):
            other.is_default = False
            _save(other, by)
        stored.is_default = True
    return _save(stored, by)


@transaction.atomic
def move_image(image: ProductImage, steps: int, *, by: User | None) -> None:
    """Move an image towards the first place (negative steps) or the last, as far as it goes."""
    images = _locked(image.product)
    if image not in images:
        raise _gone()
    images.sort(key=lambda one: one.place)
    place = images.index(image)
    moved = images.pop(place)
    images.insert(max(0, place + steps), moved)
    _renumber(images, by)


@transaction.atomic
def remove_image(image: ProductImage, *, by: User | None) -> None:
    """Remove an image; the next becomes the default where it was.

    The file stays: history and other products may show it.
    """
    images = [one for one in _locked(image.product) if one != image]
    stored = _stored(image)
    sign(stored, by)
    stored.delete()
    _renumber(images, by)
    if stored.is_default and images:
        images[0].is_default = True
        _save(images[0], by)


def _locked(product: Product) -> list[ProductImage]:
    """Lock the product, so that its images change one at a time, and return them in order."""
    Product.objects.select_for_update(of=("self",)).get(pk=product.pk)
    return list(ProductImage.objects.filter(product=product).order_by("place"))


def _stored(image: ProductImage) -> ProductImage:
    Product.objects.select_for_update(of=("self",)).get(pk=image.product_id)
    stored = ProductImage.objects.filter(pk=image.pk).first()
    if stored is None:
        raise _gone()
    return stored


def _renumber(images: list[ProductImage], by: User | None) -> None:
    for place, one in enumerate(images, start=1):
        if one.place != place:
            one.place = place
            _save(one, by)


def _save(image: ProductImage, by: User | None) -> ProductImage:
    sign(image, by)
    image.save()
    return image


def _check_room(product: Product) -> None:
    if ProductImage.objects.filter(product=product).count() >= MOST_IMAGES:
        raise ImageNotUsable(
            f"{product} has {MOST_IMAGES} images, which is the most. Remove one first.",
            field="image",
        )


def _checked_text(text: str) -> str:
    if not text.strip():
        raise ImageNotUsable("Say in words what the image shows.", field="alt_text")
    return text.strip()


def _gone() -> ImageNotUsable:
    return ImageNotUsable("The image was removed meanwhile.")
