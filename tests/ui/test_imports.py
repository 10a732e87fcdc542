"""The pages of imports: from the file to the applied rows, and who may open which."""

from datetime import UTC, datetime
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from catalog.models import ProductBrand
from config.shared.imports import forms
from config.shared.imports.files import read_rows
from config.shared.models import ImportBatch, ImportState
from config.shared.operations import imports
from tests.people import person

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 2, 1, 9, 0, tzinfo=UTC)
BRANDS = "name,code\nHumax,humax\nBad code,bad code\nZX,zx\n"


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def catalogue(client):
    client.force_login(person("Catalogue admin"))
    return client


@pytest.fixture
def post(catalogue, django_capture_on_commit_callbacks):
    """Send a form and do what follows its commit."""

    def send(address, **data):
        with django_capture_on_commit_callbacks(execute=True):
            return catalogue.post(address, data)

    return send


@pytest.fixture
def upload(post):
    """Send a file of brands; the answer is the import."""

    def send(text=BRANDS, kind="brands", name="brands.csv"):
        file = SimpleUploadedFile(name, text if isinstance(text, bytes) else text.encode())
        response = post(reverse("imports:new"), kind=kind, file=file)
        assert response.status_code == 302, response.context["form"].errors
        return ImportBatch.objects.get(number=response.headers["Location"].split("/")[2])

    return send


def download(client, name, *args) -> bytes:
    return content_of(client.get(reverse(name, args=args)))


def content_of(response) -> bytes:
    assert response.headers["Content-Disposition"].startswith("attachment")
    return b"".join(response.streaming_content)


def rows_in(content: bytes) -> list[dict[str, str]]:
    return [line.values for line in read_rows(BytesIO(content)).lines]


def test_file_is_checked_looked_at_and_applied(catalogue, upload, post):
    batch = upload()
    page = catalogue.get(batch.get_absolute_url()).content.decode()

    assert "Use letters, digits, hyphens and underscores only." in page
    assert "Nothing is stored yet." in page
    assert not ProductBrand.objects.exists()

    apply = reverse("imports:apply", args=[batch.number])
    lead = catalogue.get(apply).content.decode()
    assert "2 are added and 0 changed; 0 are the same already, 1 is rejected" in lead
    assert "is not possible: 1 row is rejected" in lead
    response = post(apply, mode="GOOD")

    assert response.headers["Location"] == batch.get_absolute_url()
    assert set(ProductBrand.objects.values_list("code", flat=True)) == {"humax", "zx"}


def test_rows_are_filtered_by_outcome(catalogue, upload):
    page = catalogue.get(f"{upload().get_absolute_url()}?outcome=REJECTED")

    assert [row.record.line for row in page.context["table"].paginated_rows] == [3]


@pytest.mark.parametrize("file_format", ["csv", "xlsx"])
def test_rejected_rows_are_corrected_and_imported_again(file_format, catalogue, upload, post):
    batch = upload()
    rows = rows_in(download(catalogue, "imports:rejected", batch.number, file_format))

    assert rows == [
        {
            "name": "Bad code",
            "code": "bad code",
            "line": "3",
            "reasons": "code: Use letters, digits, hyphens and underscores only.",
        }
    ]
    again = upload("name,code,line,reasons\nBad code,bad-code,3,was wrong\n")
    assert (again.new_count, again.rejected_count) == (1, 0)


def test_sample_and_stored_records_are_downloaded(catalogue, upload, post):
    ProductBrand.objects.create(name="Humax", code="humax")

    assert len(rows_in(download(catalogue, "imports:sample", "brands", "xlsx"))) == 2
    assert rows_in(download(catalogue, "imports:export", "brands", "csv")) == [
        {"name": "Humax", "code": "humax", "description": ""}
    ]
    exported = catalogue.get(reverse("catalog:brand_list"), {"export": "xlsx"})
    assert [row["code"] for row in rows_in(content_of(exported))] == ["humax"]
    help_page = catalogue.get(reverse("imports:kind", args=["products"])).content.decode()
    assert "Available; No new users; Discontinued" in help_page


def test_file_is_sent_back_as_it_came(catalogue, upload):
    assert download(catalogue, "imports:file", upload().number) == BRANDS.encode()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "The file is empty."),
        (b"nome\nHumax\n", "have no column “nome”"),
        (b"\x89PNG\r\n\x1a\n\x00", "This is neither CSV nor XLSX."),
    ],
)
def test_what_cannot_be_read_is_refused_at_the_file(content, reason, post):
    file = SimpleUploadedFile("brands.csv", content)

    response = post(reverse("imports:new"), kind="brands", file=file)

    assert reason in response.context["form"].errors["file"][0]
    assert not ImportBatch.objects.exists()


def test_file_that_is_too_large_is_refused(post, monkeypatch):
    monkeypatch.setattr(forms, "MOST_BYTES", 2**20)
    file = SimpleUploadedFile("brands.csv", b"x" * (2**20 + 1))

    response = post(reverse("imports:new"), kind="brands", file=file)

    assert response.context["form"].errors["file"] == ["The file has 1 MB; 1 MB are allowed."]


def test_page_of_a_waiting_import_asks_again_and_can_do_it_now(
    catalogue, upload, post, monkeypatch
):
    monkeypatch.setattr(imports, "AT_ONCE_BYTES", 1)
    monkeypatch.setattr(imports, "send_task", lambda name, **asked: True)
    batch = upload()
    progress = reverse("imports:progress", args=[batch.number])

    assert batch.state == ImportState.UPLOADED
    page = catalogue.get(batch.get_absolute_url()).content.decode()
    assert f'hx-get="{progress}"' in page
    assert "a worker takes it up within a minute" in page
    post(reverse("imports:now", args=[batch.number]))

    batch.refresh_from_db()
    assert batch.state == ImportState.CHECKED
    answer = catalogue.get(progress, headers={"HX-Request": "true"})
    assert answer.headers["HX-Refresh"] == "true"


def test_import_is_discarded(catalogue, upload, post):
    batch = upload()

    post(reverse("imports:discard", args=[batch.number]))

    batch.refresh_from_db()
    assert batch.state == ImportState.DISCARDED
    assert "Apply …" not in catalogue.get(batch.get_absolute_url()).content.decode()


@pytest.mark.parametrize(
    ("role", "may_see", "may_send"),
    [
        ("Auditor", True, False),
        ("Catalogue admin", True, True),
        ("Configurator", True, True),
        ("CSR", False, False),
        ("Billing operator", False, False),
        ("Technician", False, False),
    ],
)
def test_roles(role, may_see, may_send, client):
    batch = ImportBatch.objects.create(
        number="I-000001", kind="brands", state=ImportState.CHECKED, new_count=1, created_at=NOW
    )
    client.force_login(person(role))

    answers = {
        name: client.get(reverse(f"imports:{name}", args=args)).status_code
        for name, args in {
            "batch_list": [],
            "batch_detail": [batch.number],
            "new": [],
            "apply": [batch.number],
            "discard": [batch.number],
        }.items()
    }

    see, send = 200 if may_see else 403, 200 if may_send else 403
    assert answers == {
        "batch_list": see,
        "batch_detail": see,
        "new": send,
        "apply": send,
        "discard": send,
    }
