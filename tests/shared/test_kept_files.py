"""Uploads of refused forms: kept for a day, given back by their token."""

from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.forms import CharField, Form
from django.utils import timezone

from config.shared.field_markup import field_markup
from config.shared.kept_files import KeptFileField
from config.shared.operations.kept_uploads import drop_old_uploads, find_upload, keep_upload


class Sent(Form):
    """A file and something else that may be wrong."""

    file = KeptFileField()
    title = CharField()


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def upload():
    return SimpleUploadedFile("terms & more.pdf", b"%PDF-1.7", "application/pdf")


def test_file_of_a_refused_form_is_kept_and_need_not_be_chosen_again(upload):
    refused = Sent({"title": ""}, {"file": upload})

    shown = field_markup(refused["file"])
    token = shown.partition('value="')[2].partition('"')[0]
    sent = Sent({"title": "Terms", "file-kept": token}, {})

    assert "terms &amp; more.pdf is kept" in shown
    assert sent.is_valid()
    kept = sent.cleaned_data["file"]
    assert (kept.name, kept.size, kept.content_type) == (upload.name, 8, "application/pdf")
    with kept.open():
        assert kept.read() == b"%PDF-1.7"


def test_file_that_is_chosen_anew_counts(upload):
    other = SimpleUploadedFile("other.pdf", b"other")

    sent = Sent({"title": "Terms", "file-kept": keep_upload(upload)}, {"file": other})

    assert sent.is_valid()
    assert sent.cleaned_data["file"].name == "other.pdf"


def test_faulty_file_is_not_kept():
    refused = Sent({"title": "Terms"}, {"file": SimpleUploadedFile("empty.pdf", b"")})

    assert "is kept" not in field_markup(refused["file"])


def test_token_that_is_not_ours_or_of_a_dropped_file_gives_nothing(upload):
    token = keep_upload(upload)

    assert find_upload(f"x{token}") is None
    assert not Sent({"title": "Terms", "file-kept": "../../etc/passwd"}, {}).is_valid()
    assert drop_old_uploads() == 0
    find_upload(token).close()
    assert drop_old_uploads(on=timezone.now().date() + timedelta(days=2)) == 1
    assert find_upload(token) is None
    assert default_storage.listdir("kept")[0] == []
