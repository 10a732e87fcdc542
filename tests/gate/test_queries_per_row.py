"""A page that asks the database once for each of its rows fails its test."""

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path
from zeal import NPlusOneError

from catalog.models import Product
from tests.catalog.factories import ProductFactory


def types_one_by_one(request: HttpRequest) -> HttpResponse:
    return HttpResponse(", ".join(each.type.name for each in Product.objects.all()))


def types_at_once(request: HttpRequest) -> HttpResponse:
    return HttpResponse(
        ", ".join(each.type.name for each in Product.objects.select_related("type"))
    )


urlpatterns = [path("one-by-one/", types_one_by_one), path("at-once/", types_at_once)]


@pytest.mark.django_db
@override_settings(ROOT_URLCONF=__name__)
def test_a_query_per_row_fails(admin_client: Client) -> None:
    ProductFactory.create_batch(3)

    assert admin_client.get("/at-once/").status_code == 200
    with pytest.raises(NPlusOneError):
        admin_client.get("/one-by-one/")
