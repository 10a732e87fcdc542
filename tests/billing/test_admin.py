"""The admin shows what billing wrote, and changes nothing."""

from datetime import date

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from billing.models import Invoice
from tests.billing.factories import bill_run, pay
from tests.catalog.factories import ProductFactory
from tests.pricing.factories import vat
from tests.subscriptions.factories import subscribe

pytestmark = pytest.mark.django_db

REGISTERED = [model for model in admin.site._registry if model._meta.app_label == "billing"]


@pytest.fixture
def browser() -> Client:
    """A superuser's browser, with an account that was billed and paid."""
    product = ProductFactory()
    vat(product)
    service = subscribe(product, on=date(2026, 1, 1))
    bill_run(date(2026, 1, 1))
    pay(service.subscription.account, "5.00", on=date(2026, 1, 2))
    browser = Client()
    browser.force_login(User.objects.create_superuser("admin"))
    return browser


@pytest.mark.parametrize("model", REGISTERED, ids=lambda model: model.__name__)
def test_lists_can_be_read_and_searched(browser: Client, model: type) -> None:
    url = reverse(f"admin:billing_{model._meta.model_name}_changelist")

    assert browser.get(url).status_code == 200
    assert browser.get(url, {"q": "A-000001"}).status_code == 200
    assert browser.get(reverse(f"admin:billing_{model._meta.model_name}_add")).status_code == 403


def test_an_invoice_is_shown_with_its_lines_and_not_changed(browser: Client) -> None:
    invoice = Invoice.objects.get()
    url = reverse("admin:billing_invoice_change", args=[invoice.pk])

    shown = browser.get(url)
    changed = browser.post(url, {"number": "X"})

    assert shown.status_code == 200
    assert "33.0000" in shown.content.decode()
    assert changed.status_code == 403
