"""Images of a product: four at most, one default, an order."""

import threading
from datetime import UTC, datetime
from io import BytesIO

import pytest
from django.contrib.auth.models import User
from django.core.files.storage import default_storage
from django.db import IntegrityError, connection, transaction

from catalog.models import Product, ProductImage
from catalog.operations.errors import ImageNotUsable
from catalog.operations.images import add_image, change_image, move_image, remove_image
from catalog.operations.lists import delete_unused
from config.shared.models import Attachment
from config.shared.operations.files import attach_file
from tests.catalog.factories import ProductFactory
from tests.catalog.pictures import picture, upload

NOW = datetime(2026, 1, 15, 12, tzinfo=UTC)
COLOURS = ("red", "green", "blue", "black")


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    """Store in a folder of the test."""
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def files_in(folder):
    return sorted(path.relative_to(folder) for path in folder.rglob("*") if path.is_file())


def product_with(count):
    product = ProductFactory()
    for colour in COLOURS[:count]:
        add_image(product, BytesIO(picture(colour=colour)), alt_text=colour, by=None)
    return product


def order_of(product):
    """Return what is shown, in order, the default with a star."""
    images = ProductImage.objects.filter(product=product).order_by("place")
    assert [image.place for image in images] == list(range(1, len(images) + 1))
    return [image.alt_text + ("*" if image.is_default else "") for image in images]


@pytest.mark.django_db
class TestImages:
    def test_the_first_is_the_default_and_the_fifth_is_refused(self, media):
        product = product_with(4)
        stored = files_in(media)

        with pytest.raises(ImageNotUsable, match="has 4 images, which is the most") as refusal:
            add_image(product, BytesIO(picture(colour="white")), alt_text="white", by=None)

        assert refusal.value.field == "image"
        assert order_of(product) == ["red*", "green", "blue", "black"]
        assert files_in(media) == stored

    @pytest.mark.parametrize("alt_text", ["", "  "])
    def test_an_image_without_words_is_refused(self, media, alt_text):
        with pytest.raises(ImageNotUsable, match="Say in words") as refusal:
            add_image(ProductFactory(), BytesIO(picture()), alt_text=alt_text, by=None)

        assert refusal.value.field == "alt_text"
        assert files_in(media) == []

    def test_nothing_is_stored_of_what_is_no_image(self, media):
        product = ProductFactory()

        with pytest.raises(ImageNotUsable):
            add_image(product, BytesIO(b"<svg/>"), alt_text="A drawing", by=None)

        assert (order_of(product), files_in(media)) == ([], [])

    @pytest.mark.parametrize(
        "name", ["../../etc/passwd", "..\\..\\boot.ini", "a/b.php", "x.png\0.html", "C:evil.png"]
    )
    def test_the_name_of_the_upload_leads_nowhere(self, media, name):
        sent = upload(picture(), "x.png")
        sent._name = name

        image = add_image(ProductFactory(), sent, alt_text="Red", by=None)

        for stored in (image.file.name, image.thumbnail.name):
            folder, first, rest = stored.split("/")
            assert (folder, rest[:2], rest[-5:], len(rest)) == ("images", first, ".webp", 69)
        assert len(files_in(media)) == 1  # the small copy of a small picture is the picture

    def test_the_same_picture_is_stored_once(self, media):
        first, second = (
            add_image(ProductFactory(), BytesIO(picture(size=(400, 300))), alt_text="Red", by=None)
            for _ in range(2)
        )

        assert first.file.name == second.file.name
        assert len(files_in(media)) == 2

    def test_another_becomes_the_default(self):
        product = product_with(3)

        change_image(product.images.get(alt_text="blue"), default=True, by=None)

        assert order_of(product) == ["red", "green", "blue*"]

    def test_when_the_default_is_removed_the_next_takes_its_place(self):
        product = product_with(3)

        remove_image(product.images.get(alt_text="red"), by=None)

        assert order_of(product) == ["green*", "blue"]
        remove_image(product.images.get(alt_text="blue"), by=None)
        remove_image(product.images.get(alt_text="green"), by=None)
        assert order_of(product) == []

    @pytest.mark.parametrize(
        ("moved", "steps", "expected"),
        [
            ("green", -1, ["green", "red*", "blue", "black"]),
            ("red", 1, ["green", "red*", "blue", "black"]),
            ("black", -3, ["black", "red*", "green", "blue"]),
            ("red", -1, ["red*", "green", "blue", "black"]),
            ("black", 9, ["red*", "green", "blue", "black"]),
        ],
    )
    def test_images_change_places(self, moved, steps, expected):
        product = product_with(4)

        move_image(product.images.get(alt_text=moved), steps, by=None)

        assert order_of(product) == expected

    def test_what_was_removed_meanwhile_cannot_be_changed(self):
        product = product_with(1)
        image = product.images.get()
        remove_image(image, by=None)
        gone = ProductImage(pk=9_999, product=product)

        for act in (
            lambda: change_image(gone, alt_text="Blue", by=None),
            lambda: move_image(gone, 1, by=None),
            lambda: remove_image(gone, by=None),
        ):
            with pytest.raises(ImageNotUsable, match="removed meanwhile"):
                act()

    def test_history_names_who_did_it(self):
        user = User.objects.create_user("catherine")
        image = add_image(ProductFactory(), BytesIO(picture()), alt_text="Red", by=user)
        change_image(image, alt_text="A red box", by=user)
        remove_image(image, by=user)

        rows = ProductImage.history.order_by("history_id")

        assert [(row.history_type, row.history_user) for row in rows] == [
            ("+", user),
            ("~", user),
            ("-", user),
        ]

    def test_a_stored_file_that_is_there_is_not_overwritten(self, media):
        image = add_image(ProductFactory(), BytesIO(picture()), alt_text="Red", by=None)
        path = default_storage.path(image.file.name)
        before = media.joinpath(path).stat().st_mtime_ns

        add_image(ProductFactory(), BytesIO(picture()), alt_text="Red", by=None)

        assert media.joinpath(path).stat().st_mtime_ns == before

    def test_with_its_product_go_images_and_attachments(
        self, media, django_capture_on_commit_callbacks
    ):
        product = product_with(1)
        attach_file(product, BytesIO(b"text"), name="Terms.txt", by=None, at=NOW)

        with django_capture_on_commit_callbacks(execute=True):
            delete_unused(product)

        assert not ProductImage.objects.exists()
        assert not Attachment.objects.exists()
        assert [path for path in files_in(media) if path.parts[0] == "attachments"] == []
        assert Attachment.history.latest().history_type == "-"

    def test_the_database_keeps_four_places_and_one_default(self):
        product = product_with(1)
        sizes = {"file": "a", "thumbnail": "b", "width": 1, "height": 1, "alt_text": "x"}

        for wrong in ({"place": 5}, {"place": 0}, {"place": 2, "is_default": True}):
            with pytest.raises(IntegrityError), transaction.atomic():
                ProductImage.objects.create(product=product, **sizes, **wrong)


@pytest.mark.django_db(transaction=True)
def test_two_uploads_at_once_do_not_make_five():
    product = product_with(3)
    start, results = threading.Barrier(2), []

    def add(colour):
        try:
            start.wait()
            add_image(
                Product.objects.get(pk=product.pk),
                BytesIO(picture(colour=colour)),
                alt_text=colour,
                by=None,
            )
            results.append("added")
        except ImageNotUsable as refusal:
            results.append(str(refusal))
        finally:
            connection.close()

    threads = [threading.Thread(target=add, args=(colour,)) for colour in ("white", "gray")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)

    assert sorted(results)[1] == "added"
    assert "which is the most" in sorted(results)[0]
    assert ProductImage.objects.filter(product=product).count() == 4
