"""Every link that a row of a list offers leads to a page."""

import re
from collections.abc import Iterator
from datetime import date

import pytest
from django.contrib.auth.models import User
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from config.shared.operations.clock import set_clock
from config.shared.views.lists import RatebookListView
from tests.billing.factories import bill_run, pay
from tests.catalog.factories import ProductFactory, ProductTypeFactory
from tests.pricing.factories import vat
from tests.provisioning.factories import carry, make_provider
from tests.subscriptions.factories import subscribe

pytestmark = pytest.mark.django_db

JANUARY = date(2026, 1, 15)
FEBRUARY = date(2026, 2, 1)


def list_names(resolver: URLResolver, namespace: str = "") -> Iterator[str]:
    """Yield the names of the list pages whose address needs no argument."""
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{pattern.namespace}:" if pattern.namespace else ""
            yield from list_names(pattern, namespace + inner)
        elif is_list(pattern):
            yield namespace + pattern.name


def is_list(pattern: URLPattern) -> bool:
    view = getattr(pattern.callback, "view_class", object)
    return issubclass(view, RatebookListView) and not pattern.pattern.converters


def row_links(page: str) -> set[str]:
    """Return the addresses of the site to which the rows of a page's tables lead."""
    bodies = re.findall(r"<tbody.*?</tbody>", page, re.DOTALL)
    return set(re.findall(r'href="(/[^"#]*)', " ".join(bodies)))


@pytest.fixture
def business(db: None) -> None:
    """Sell, provision, bill and pay a service: a row in the lists of each app."""
    set_clock(FEBRUARY, None)
    product = ProductFactory(type=ProductTypeFactory(provisioned=True))
    vat(product, "0.10")
    carry(product, make_provider(), "sports")
    account = subscribe(product, on=JANUARY, price="31.00").subscription.account
    bill_run(FEBRUARY)
    pay(account, "5.00", on=FEBRUARY)


def test_links_of_all_lists_lead_to_pages(client, business):
    client.force_login(User.objects.create_superuser("administrator"))
    links = {
        name: row_links(client.get(reverse(name)).content.decode())
        for name in list_names(get_resolver())
    }

    answers = {link: client.get(link).status_code for link in set().union(*links.values())}

    assert {link: status for link, status in answers.items() if status != 200} == {}
    assert {
        "billing:bill_list",
        "billing:payment_list",
        "billing:rated_item_list",
        "provisioning:request_list",
        "subscriptions:account_list",
    } <= {name for name, found in links.items() if found}
