"""Images and attachments on the page of a product, and how images are handed out."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from catalog.operations.images import add_image
from config.shared.operations.clock import now
from config.shared.operations.files import attach_address, attach_file
from config.shared.queries.files import attachments_of
from tests.catalog.factories import ProductFactory
from tests.catalog.pictures import picture, upload

pytestmark = pytest.mark.django_db
SLUG = "images-attachments"


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    """Store in a folder of the test."""
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def page_of(product):
    return f"{product.get_absolute_url()}?tab=main"


def asked(act, **values):
    """Return a form of the panel as a browser sends it."""
    return {"panel": SLUG, f"{SLUG}-act": act} | {f"{SLUG}-{k}": v for k, v in values.items()}


def panel_of(answer):
    return next(panel for panel in answer.context["panels"] if panel.slug == SLUG)


def image_on(product, alt_text="Red"):
    return add_image(product, BytesIO(picture(size=(400, 300))), alt_text=alt_text, by=None)


def test_an_image_is_added_described_ordered_and_removed(admin_client):
    product = ProductFactory()
    page = page_of(product)

    added = admin_client.post(page, asked("add-image", image=upload(picture()), alt_text="Red"))
    admin_client.post(
        page, asked("add-image", image=upload(picture(colour="blue")), alt_text="Blue")
    )
    red, blue = product.images.order_by("place")
    admin_client.post(page, asked("describe", item=red.pk, alt_text="A red box"))
    admin_client.post(page, asked("default", item=blue.pk))
    admin_client.post(page, asked("earlier", item=blue.pk))

    assert added.headers["Location"] == f"{page}#{SLUG}"
    assert [(i.alt_text, i.is_default) for i in product.images.order_by("place")] == [
        ("Blue", True),
        ("A red box", False),
    ]
    admin_client.post(page, asked("remove-image", item=blue.pk))
    assert product.images.get().is_default
    shown = panel_of(admin_client.get(page))
    assert (shown.count, shown.context["images"][0][0].alt_text) == (1, "A red box")


@pytest.mark.parametrize(
    ("content", "alt_text", "message"),
    [
        pytest.param(
            b"I am a picture", "A red box", "This is no image that can be read", id="text"
        ),
        pytest.param(
            picture()[:60], "A red box", "This is no image that can be read", id="cut off"
        ),
        pytest.param(picture(), " ", "Say in words what the image shows", id="no words"),
        pytest.param(b"", "A red box", "The submitted file is empty", id="empty"),
    ],
)
@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}], ids=["plain", "htmx"])
def test_a_refused_image_keeps_its_words_or_the_file(
    admin_client, media, headers, content, alt_text, message
):
    product = ProductFactory()
    sent = asked("add-image", image=upload(content), alt_text=alt_text)

    answer = admin_client.post(page_of(product), sent, headers=headers)

    text = answer.content.decode()
    assert message in text
    is_kept = "picture.png is kept" in text
    assert is_kept == (not alt_text.strip())
    assert f'value="{alt_text.strip()}"' in text or not alt_text.strip()
    assert product.images.count() == 0
    assert len([path for path in media.rglob("*") if path.is_file()]) == is_kept


def test_a_fifth_image_is_refused_at_its_field(admin_client):
    product = ProductFactory()
    for number in range(4):
        image_on(product, f"Image {number}")

    answer = admin_client.post(
        page_of(product), asked("add-image", image=upload(picture()), alt_text="Fifth")
    )

    form = panel_of(answer).context["form"]
    assert form.errors["image"] == [f"{product} has 4 images, which is the most. Remove one first."]
    assert b"Four images are the most" in admin_client.get(page_of(product)).content


def test_an_image_of_another_product_is_not_touched(admin_client):
    mine, other = ProductFactory(), ProductFactory()
    image = image_on(other)

    for act in ("describe", "default", "later", "remove-image"):
        sent = asked(act, item=image.pk, alt_text="Changed")
        answer = admin_client.post(page_of(mine), sent)
        assert "removed meanwhile" in answer.content.decode()

    image.refresh_from_db()
    assert image.alt_text == "Red"


def test_files_and_addresses_are_attached_and_removed(admin_client):
    product = ProductFactory()
    terms = SimpleUploadedFile("Terms.pdf", b"%PDF-1.7")

    admin_client.post(page_of(product), asked("attach-file", file=terms, title="Terms of use"))
    admin_client.post(page_of(product), asked("attach-address", address="https://example.org/a"))
    attached = list(attachments_of(product))

    assert [(one.title, one.file_name, one.url) for one in attached] == [
        ("Terms of use", "Terms.pdf", ""),
        ("example.org", "", "https://example.org/a"),
    ]
    text = admin_client.get(page_of(product)).content.decode()
    assert reverse("file", args=[attached[0].pk]) in text
    admin_client.post(page_of(product), asked("detach", item=attached[0].pk))
    assert list(attachments_of(product)) == attached[1:]


@pytest.mark.parametrize(
    ("act", "values", "field"),
    [
        ("attach-address", {"address": "javascript:alert(1)", "title": "Terms"}, "address"),
        ("attach-file", {"title": "Terms"}, "file"),
    ],
)
def test_a_refused_attachment_is_refused_at_its_field(admin_client, act, values, field):
    product = ProductFactory()

    answer = admin_client.post(page_of(product), asked(act, **values))

    assert list(panel_of(answer).context["form"].errors) == [field]
    assert 'value="Terms"' in answer.content.decode()
    assert attachments_of(product).count() == 0


def test_a_reader_sees_images_and_files_and_changes_nothing(reader_client):
    product = ProductFactory()
    image = image_on(product, "A red box")
    attach_address(product, "https://example.org", by=None, at=now())
    attach_file(product, BytesIO(b"text"), name="Terms.txt", by=None, at=now())

    text = reader_client.get(page_of(product)).content.decode()

    assert f'src="{image.thumbnail_address}"' in text
    assert 'alt="A red box"' in text
    assert "Terms.txt" in text
    assert "Make default" not in text
    assert 'type="file"' not in text
    for act in ("add-image", "remove-image", "attach-address", "detach"):
        sent = asked(act, item=image.pk, address="https://example.org/b")
        assert reader_client.post(page_of(product), sent).status_code == 403


@pytest.mark.parametrize("act", ["", "format-disk"])
def test_an_act_that_does_not_exist_is_refused(admin_client, act):
    answer = admin_client.post(page_of(ProductFactory()), asked(act))

    assert b"Nothing that can be done here was asked for." in answer.content


class TestHandingOut:
    def test_an_image_is_kept_by_the_browser_for_good(self, reader_client):
        image = image_on(ProductFactory())

        answer = reader_client.get(image.address)
        again = reader_client.get(image.address, headers={"If-None-Match": answer["ETag"]})

        assert Image.open(BytesIO(b"".join(answer.streaming_content))).size == (400, 300)
        assert answer.headers["Content-Type"] == "image/webp"
        assert answer.headers["Cache-Control"] == "private, max-age=31536000, immutable"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert (again.status_code, again.content) == (304, b"")

    def test_strangers_get_none(self, stranger_client):
        assert stranger_client.get(image_on(ProductFactory()).address).status_code == 403

    @pytest.mark.parametrize(
        "name", ["x", "0" * 64, "..%2f..%2fattachments%2fab", "../../etc/passwd", "%00" * 64]
    )
    def test_other_names_lead_nowhere(self, reader_client, name):
        assert reader_client.get(f"/product-images/{name}.webp").status_code == 404

    def test_no_address_leads_to_the_storage(self, reader_client):
        image = image_on(ProductFactory())

        for prefix in ("/media/", "/static/", "/"):
            assert reader_client.get(prefix + image.file.name).status_code == 404


def test_uploads_that_wait_on_disk_are_taken_as_well(admin_client, settings):
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 0
    product = ProductFactory()
    terms = SimpleUploadedFile("Terms.pdf", b"%PDF-1.7")

    admin_client.post(page_of(product), asked("add-image", image=upload(picture()), alt_text="Red"))
    admin_client.post(page_of(product), asked("attach-file", file=terms))

    assert product.images.get().alt_text == "Red"
    assert attachments_of(product).get().size_bytes == 8
