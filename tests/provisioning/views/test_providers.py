"""Pages of providers, and the section of the product page."""

import pytest
from django.contrib.auth.models import User
from django.urls import reverse

from provisioning.models import Distributor, ProductDistribution, Provider
from tests.catalog.factories import ProductFactory, ProductTypeFactory
from tests.provisioning.factories import carry, make_provider
from tests.provisioning.views.test_requests import rejected, text_of

pytestmark = pytest.mark.django_db

TYPED = {
    "name": "Head-end",
    "code": "head-end",
    "protocol": "HTTP_JSON",
    "url": "http://127.0.0.1:8010",
    "timeout_seconds": "5",
    "method": "PER_SERVICE",
}


def page_of(provider: Provider, name: str = "detail") -> str:
    return reverse(f"provisioning:provider_{name}", args=[provider.code])


def test_a_provider_is_made_given_a_distributor_and_put_into_use(configurator):
    made = configurator.post(reverse("provisioning:provider_new"), TYPED, follow=True)
    provider = Provider.objects.get()
    too_early = configurator.post(page_of(provider, "switch"))
    configurator.post(
        page_of(provider),
        {"panel": "distributors", "distributors-code": "cable", "distributors-name": "Cable"},
    )
    switched = configurator.post(page_of(provider, "switch"), follow=True)

    assert "Head-end was added." in text_of(made)
    assert "has no distributor yet" in text_of(too_early)
    assert "Head-end is effective now." in text_of(switched)
    provider.refresh_from_db()
    assert provider.effective


def test_a_provider_is_put_out_of_use(configurator):
    provider = make_provider()

    page = text_of(configurator.post(page_of(provider, "switch"), follow=True))

    assert "is not effective now." in page
    assert "it is asked nothing" in page


def test_a_provider_is_changed(configurator):
    provider = make_provider()
    address = page_of(provider, "change")

    assert configurator.get(address).status_code == 200
    configurator.post(address, {**TYPED, "code": provider.code, "timeout_seconds": "9"})

    provider.refresh_from_db()
    assert (provider.name, provider.timeout_seconds) == ("Head-end", 9)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        pytest.param({"url": "ftp://127.0.0.1"}, "url", id="no HTTP address"),
        pytest.param({"timeout_seconds": "0"}, "timeout_seconds", id="no time to answer"),
        pytest.param({"code": "provider-1"}, "code", id="code taken"),
    ],
)
def test_what_is_wrong_stands_at_its_field(configurator, changes, field):
    make_provider()

    response = configurator.post(reverse("provisioning:provider_new"), {**TYPED, **changes})

    assert field in response.context["form"].errors
    assert Provider.objects.count() == 1


def test_a_distributor_is_added_once(configurator):
    provider = make_provider()

    page = text_of(
        configurator.post(
            page_of(provider),
            {"panel": "distributors", "distributors-code": "cable", "distributors-name": "Again"},
        )
    )

    assert "has a distributor cable already" in page
    assert provider.distributors.count() == 1


def test_a_distributor_goes_if_nothing_needs_it(configurator):
    provider = make_provider()
    Distributor.objects.create(provider=provider, code="satellite", name="Satellite")
    carry(ProductFactory(), provider, "4711")
    spare = Distributor.objects.create(provider=provider, code="spare", name="Spare")

    def remove(code: str) -> str:
        address = reverse("provisioning:distributor_remove", args=[provider.code, code])
        return text_of(configurator.post(address, follow=True))

    assert "Products are applied to Cable" in remove("cable")
    assert "Spare was removed." in remove("spare")
    assert not Distributor.objects.filter(pk=spare.pk).exists()


def test_the_last_distributor_of_an_effective_provider_stays(configurator):
    provider = make_provider()
    address = reverse("provisioning:distributor_remove", args=[provider.code, "cable"])

    assert "needs a distributor" in text_of(configurator.post(address))
    assert provider.distributors.exists()


def test_readers_see_providers_and_change_nothing(csr, stranger):
    provider = make_provider()

    assert csr.get(reverse("provisioning:provider_list")).status_code == 200
    assert csr.get(page_of(provider)).status_code == 200
    assert csr.get(reverse("provisioning:provider_new")).status_code == 403
    assert csr.get(page_of(provider, "change")).status_code == 403
    assert csr.post(page_of(provider, "switch")).status_code == 403
    assert csr.post(page_of(provider), {"panel": "distributors"}).status_code == 403
    assert stranger.get(reverse("provisioning:provider_list")).status_code == 403
    assert stranger.get(page_of(provider)).status_code == 403


def test_the_list_counts_without_a_query_a_row(
    csr, django_assert_num_queries, django_assert_max_num_queries
):
    rejected()
    address = reverse("provisioning:provider_list")
    with django_assert_max_num_queries(12) as few:
        (row,) = csr.get(address).context["table"].page.object_list
    for _ in range(19):
        make_provider()

    with django_assert_num_queries(len(few.captured_queries)):
        csr.get(address)

    provider = row.record
    counts = (provider.distributor_count, provider.product_count, provider.failed_count)
    assert counts == (1, 1, 1)


def save_providers(client, product, provider, external_id, *distributors: Distributor):
    return client.post(
        f"{product.get_absolute_url()}?tab=delivery",
        {
            "panel": "providers",
            f"providers-id_{provider.pk}": external_id,
            f"providers-distributors_{provider.pk}": [each.pk for each in distributors],
        },
        follow=True,
    )


def test_a_product_is_put_on_a_provider_changed_and_taken_off(configurator):
    provider, product = make_provider(), ProductFactory()
    cable = provider.distributors.get()
    satellite = Distributor.objects.create(provider=provider, code="satellite", name="Satellite")

    save_providers(configurator, product, provider, "4711", cable)
    first = ProductDistribution.objects.get()
    assert (first.external_id, list(first.distributors.all())) == ("4711", [cable])

    save_providers(configurator, product, provider, "4712", satellite)
    second = ProductDistribution.objects.get()
    assert (second.external_id, list(second.distributors.all())) == ("4712", [satellite])

    save_providers(configurator, product, provider, "")
    assert not ProductDistribution.objects.exists()


def test_a_product_needs_a_distributor_and_an_id_at_a_provider(configurator):
    provider, product = make_provider(), ProductFactory()

    without_box = text_of(save_providers(configurator, product, provider, "4711"))
    without_id = text_of(
        save_providers(configurator, product, provider, "", provider.distributors.get())
    )

    assert "Apply at least one distributor." in without_box
    assert "Give the id that" in without_id
    assert not ProductDistribution.objects.exists()


def test_an_id_names_one_product_of_a_provider(configurator):
    provider, product = make_provider(), ProductFactory()
    carry(ProductFactory(), provider, "4711")

    page = text_of(
        save_providers(configurator, product, provider, "4711", provider.distributors.get())
    )

    assert "uses the id 4711 for another product" in page
    assert ProductDistribution.objects.count() == 1


def test_who_may_not_keep_providers_reads_where_a_product_is(csr):
    provider, product = make_provider(), ProductFactory()
    carry(product, provider, "4711")

    page = text_of(csr.get(product.get_absolute_url(), {"tab": "delivery"}))

    assert "4711" in page
    assert "Save providers" not in page
    assert save_providers(csr, product, provider, "1").status_code == 403


@pytest.mark.parametrize(
    ("trait", "is_shown"),
    [({}, True), ({"expense": True}, False), ({"usage": True}, False), ({"traceable": True}, True)],
)
def test_the_section_is_there_for_termed_services_and_goods(configurator, trait, is_shown):
    product = ProductFactory(type=ProductTypeFactory(**trait))

    page = text_of(configurator.get(product.get_absolute_url(), {"tab": "delivery"}))

    assert ('id="providers"' in page) is is_shown


def test_the_admin_shows_requests_and_lets_nobody_change_them(client):
    request = rejected()
    client.force_login(User.objects.create_superuser("root"))
    change = reverse("admin:provisioning_provisioningrequest_change", args=[request.pk])
    provider = reverse("admin:provisioning_provider_change", args=[request.provider_id])

    assert client.get(change).status_code == 200
    assert client.post(change, {"state": "COMPLETED"}).status_code == 403
    assert client.get(provider).status_code == 200
