"""Attached files and addresses: what is taken, how it is named, how it is handed out."""

from datetime import UTC, datetime
from io import BytesIO

import pytest
from django.contrib.auth.models import Permission, User
from django.urls import reverse

from config.shared.models import Attachment
from config.shared.operations.file_checks import (
    AddressNotAllowed,
    FileError,
    FileNotAllowed,
    checked_name,
)
from config.shared.operations.files import attach_address, attach_file, remove_attachment
from config.shared.queries.files import attachments_of
from tests.catalog.factories import ProductFactory
from tests.catalog.pictures import picture

NOW = datetime(2026, 1, 15, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    """Store in a folder of the test."""
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def files_in(folder):
    return [path for path in folder.rglob("*") if path.is_file()]


def attach(subject, content=b"%PDF-1.7 terms", name="Terms.pdf", **options):
    return attach_file(subject, BytesIO(content), name=name, by=None, at=NOW, **options)


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("Terms of use.pdf", "Terms of use.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\me\\plan.xlsx", "plan.xlsx"),
        ("a\r\nContent-Type: text/html\r\n.pdf", "aContent-Type: texthtml.pdf".rpartition("/")[2]),
        ("in\u202efdp.exe", "infdp.exe"),
        ("report.exe. ", "report.exe"),
        ("..", "file"),
        ("Όροι χρήσης.pdf", "Όροι χρήσης.pdf"),
        ("x" * 300 + ".pdf", "x" * 116 + ".pdf"),
    ],
)
def test_the_name_is_one_line_without_a_path(sent, shown):
    assert checked_name(sent.replace("text/html", "texthtml")) == shown


@pytest.mark.django_db
class TestAttaching:
    def test_a_file_keeps_its_name_and_is_stored_under_its_content(self, media):
        product, user = ProductFactory(), User.objects.create_user("catherine")

        attachment = attach_file(
            product, BytesIO(b"%PDF-1.7"), name="../Terms.pdf", title="", by=user, at=NOW
        )

        assert (attachment.title, attachment.file_name) == ("Terms.pdf", "Terms.pdf")
        assert (attachment.size_bytes, attachment.added_by) == (8, user)
        assert attachment.file.name.split("/")[0] == "attachments"
        assert len(attachment.file.name) == len("attachments/ab/") + 64
        assert list(attachments_of(product)) == [attachment]
        assert attachments_of(ProductFactory()).count() == 0

    @pytest.mark.parametrize(
        ("name", "content"),
        [
            ("setup.exe", b"anything"),
            ("setup.EXE", b"anything"),
            ("setup.exe ", b"anything"),
            ("terms.html", b"anything"),
            ("terms.svg", b"anything"),
            ("run.ps1", b"anything"),
            ("terms.pdf", b"MZ\x90\x00"),
            ("terms.pdf", b"\x7fELF\x02"),
            ("terms.txt", b"#!/bin/sh\nrm -rf /"),
            ("terms.pdf", b"<!DOCTYPE html><p>"),
            ("terms.pdf", b"\xef\xbb\xbf \n<HTML>"),
            ("terms.pdf", b"<!-- a --> <!-- b --><script>alert(1)</script>"),
            ("terms.png", b'<?xml version="1.0"?><svg onload="alert(1)">'),
            ("terms.txt", "\ufeff<html>".encode("utf-16-le")),
            ("terms.txt", "<html>".encode("utf-16-le")),
            ("terms.txt", b"<?php system($_GET[0]);"),
        ],
    )
    def test_what_a_computer_or_browser_would_run_is_refused(self, media, name, content):
        product = ProductFactory()

        with pytest.raises(FileNotAllowed, match="Programs, scripts and web pages") as refusal:
            attach(product, content, name)

        assert refusal.value.field == "file"
        assert (files_in(media), attachments_of(product).count()) == ([], 0)

    @pytest.mark.parametrize(
        ("name", "content"),
        [
            ("notes.txt", b"1 < 2 and <b>bold</b> is fine"),
            ("prices.csv", b"code;price\nA;1"),
            ("data.xml", b'<?xml version="1.0"?><prices/>'),
            ("photo.jpg", picture("JPEG")),
            ("archive.zip", b"PK\x03\x04"),
            ("no ending", b"text"),
        ],
    )
    def test_other_files_are_taken(self, name, content):
        assert attach(ProductFactory(), content, name).file_name == name

    def test_empty_and_too_large_files_are_refused(self, settings, media):
        settings.ATTACHMENT_MAX_BYTES = 1024 * 1024

        with pytest.raises(FileNotAllowed, match="is empty"):
            attach(ProductFactory(), b"")
        with pytest.raises(FileNotAllowed, match="larger than 1 MB"):
            attach(ProductFactory(), bytes(1024 * 1024 + 1))
        assert files_in(media) == []

    def test_an_address_has_its_host_for_a_title(self):
        attachment = attach_address(
            ProductFactory(), " https://example.org/terms?v=2 ", by=None, at=NOW
        )

        assert (attachment.url, attachment.title) == (
            "https://example.org/terms?v=2",
            "example.org",
        )

    @pytest.mark.parametrize(
        "address",
        [
            "javascript:alert(1)",
            "data:text/html,<script>alert(1)</script>",
            "ftp://example.org/a",
            "file:///etc/passwd",
            "//example.org",
            "example.org",
            "https://",
            "https://bank.example@evil.example/",
            "https://example.org/\nSet-Cookie: a=b",
            "https://example.org/" + "x" * 500,
            "",
        ],
    )
    def test_what_is_no_address_of_a_page_is_refused(self, address):
        with pytest.raises(AddressNotAllowed) as refusal:
            attach_address(ProductFactory(), address, by=None, at=NOW)

        assert refusal.value.field == "address"

    def test_a_file_goes_with_the_last_attachment_that_has_it(
        self, media, django_capture_on_commit_callbacks
    ):
        first, second = attach(ProductFactory()), attach(ProductFactory())
        assert len(files_in(media)) == 1

        with django_capture_on_commit_callbacks(execute=True):
            remove_attachment(first, by=None)
        assert len(files_in(media)) == 1
        with django_capture_on_commit_callbacks(execute=True):
            remove_attachment(second, by=None)

        assert files_in(media) == []
        with pytest.raises(FileError, match="removed meanwhile"):
            remove_attachment(Attachment(pk=second.pk or 9_999), by=None)


@pytest.mark.django_db
class TestDownloading:
    def reader(self, *permissions):
        user = User.objects.create_user("rita")
        user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
        return user

    def test_a_file_is_a_download_that_nothing_runs(self, client):
        attachment = attach(ProductFactory(), b"%PDF-1.7 terms", 'Όροι "A"; x.pdf')
        client.force_login(self.reader("view_product"))

        answer = client.get(reverse("file", args=[attachment.pk]))

        assert b"".join(answer.streaming_content) == b"%PDF-1.7 terms"
        assert answer.headers["Content-Disposition"] == (
            "attachment; filename*=utf-8''%CE%8C%CF%81%CE%BF%CE%B9%20%22A%22%3B%20x.pdf"
        )
        assert answer.headers["Content-Type"] == "application/octet-stream"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"

    @pytest.mark.parametrize("permissions", [(), ("view_producttype", "change_product")])
    def test_it_takes_the_right_to_view_the_record(self, client, permissions):
        attachment = attach(ProductFactory())
        client.force_login(self.reader(*permissions))

        assert client.get(reverse("file", args=[attachment.pk])).status_code == 403

    def test_there_is_no_file_of_an_address_and_none_that_is_gone(self, client, media):
        address = attach_address(ProductFactory(), "https://example.org", by=None, at=NOW)
        attachment = attach(ProductFactory())
        files_in(media)[0].unlink()
        client.force_login(self.reader("view_product"))

        for pk in (address.pk, attachment.pk, 9_999):
            assert client.get(reverse("file", args=[pk])).status_code == 404
