"""Default taxes on the page of a product type."""

import pytest

from pricing.models import ProductTypeTax
from tests.catalog.factories import ProductFactory, ProductTypeFactory
from tests.people import person
from tests.pricing.factories import vat_rate

pytestmark = pytest.mark.django_db


def tax_rows(*rows, **more):
    data = {
        "panel": "default-taxes",
        "default-taxes-rows-TOTAL_FORMS": len(rows),
        "default-taxes-rows-INITIAL_FORMS": 0,
        **more,
    }
    for number, (rate, applied) in enumerate(rows):
        data[f"default-taxes-rows-{number}-tax_rate"] = rate.pk
        if applied:
            data[f"default-taxes-rows-{number}-applied"] = "on"
    return data


@pytest.mark.parametrize("role", ["Catalogue admin", "Configurator"])
def test_default_taxes_are_set_and_given_to_products_without_any(client, role):
    client.force_login(person(role))
    product = ProductFactory()
    ten, five = vat_rate("0.10"), vat_rate("0.05")

    answer = client.post(
        product.type.get_absolute_url(),
        tax_rows((ten, False), (five, True), give="yes"),
        follow=True,
    )

    assert f"1 product of {product.type} got the default taxes." in answer.content.decode()
    assert [row.tax_rate for row in product.taxes.filter(applied=True)] == [five]


def test_a_second_applied_rate_is_refused_in_its_row(client):
    client.force_login(person("Catalogue admin"))
    of_type = ProductTypeFactory()

    answer = client.post(
        of_type.get_absolute_url(),
        tax_rows((vat_rate("0.10"), True), (vat_rate("0.05"), True)),
    )

    assert "Row 2: Apply one rate of VAT only" in answer.content.decode()
    assert not ProductTypeTax.objects.exists()


def test_a_csr_reads_them(client):
    client.force_login(person("CSR"))
    of_type = ProductTypeFactory()
    rate = vat_rate("0.10")
    ProductTypeTax.objects.create(type=of_type, tax_code=rate.tax_code, tax_rate=rate, applied=True)

    page = client.get(of_type.get_absolute_url())
    refused = client.post(of_type.get_absolute_url(), tax_rows((rate, True)))

    assert "VAT 10 %" in page.content.decode()
    assert refused.status_code == 403
