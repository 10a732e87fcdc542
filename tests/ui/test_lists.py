"""The list page: filter, order, pages without a count, export."""

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse

from config.shared.tables import neutralised

pytestmark = pytest.mark.django_db


@pytest.fixture
def many_groups():
    return Group.objects.bulk_create(Group(name=f"group {n:04}") for n in range(120))


def names_in(response) -> list[str]:
    return [row.record.name for row in response.context["table"].page.object_list]


def test_list_shows_a_page_with_its_count(clerk_client, many_groups):
    response = clerk_client.get(reverse("group_list"))

    assert names_in(response) == [f"group {n:04}" for n in range(50)]
    assert response.context["count"] == "120"
    assert b"1\xe2\x80\x9350 of 120" in response.content


def test_last_page_has_no_next(clerk_client, many_groups):
    response = clerk_client.get(reverse("group_list"), {"page": 3})

    assert len(names_in(response)) == 20
    assert b'rel="prev"' in response.content
    assert b'rel="next"' not in response.content


@pytest.mark.parametrize("number", ["0", "-1", "99", "1e9", "99999999999999999999", "x", ""])
def test_a_page_that_does_not_exist_is_the_first(clerk_client, many_groups, number):
    response = clerk_client.get(reverse("group_list"), {"page": number})

    assert names_in(response)[0] == "group 0000"


def test_no_page_is_longer_than_200_rows(clerk_client):
    Group.objects.bulk_create(Group(name=f"group {n:04}") for n in range(250))

    response = clerk_client.get(reverse("group_list"), {"per_page": 1000})

    assert len(names_in(response)) == 200


def test_count_stops_at_a_thousand(clerk_client):
    Group.objects.bulk_create(Group(name=f"group {n:04}") for n in range(1001))

    response = clerk_client.get(reverse("group_list"))

    assert response.context["count"] == "1,000+"


def test_query_count_does_not_grow_with_rows(clerk_client, django_assert_max_num_queries):
    Group.objects.create(name="only")
    clerk_client.get(reverse("group_list"))
    with django_assert_max_num_queries(8) as one:
        clerk_client.get(reverse("group_list"))
    Group.objects.bulk_create(Group(name=f"group {n:04}") for n in range(19))

    with django_assert_max_num_queries(len(one)):
        clerk_client.get(reverse("group_list"))


def test_sorted_head_says_so(clerk_client, many_groups):
    response = clerk_client.get(reverse("group_list"), {"sort": "-name"})

    assert names_in(response)[0] == "group 0119"
    assert b'aria-sort="descending"' in response.content


def test_unknown_sort_is_ignored(clerk_client, many_groups):
    response = clerk_client.get(reverse("group_list"), {"sort": "password"})

    assert response.status_code == 200


def test_order_ends_in_the_primary_key(clerk_client, many_groups):
    response = clerk_client.get(reverse("group_list"), {"sort": "name"})

    assert response.context["table"].data.data.query.order_by[-1] == "pk"


def test_filter_leaves_a_chip_that_removes_it(clerk_client, many_groups):
    response = clerk_client.get(reverse("group_list"), {"q": "0007", "sort": "-name"})

    assert names_in(response) == ["group 0007"]
    (chip,) = response.context["chips"]
    assert (chip.label, chip.value, chip.url) == ("Search", "0007", "?sort=-name")


def test_invalid_filter_finds_nothing_and_says_why(clerk_client, many_groups):
    response = clerk_client.get(reverse("group_list"), {"start": "nonsense"})

    assert names_in(response) == []
    assert b"is-invalid" in response.content


def test_htmx_gets_the_rows_and_the_count_only(clerk_client, many_groups):
    htmx = {"HX-Request": "true"}

    response = clerk_client.get(reverse("group_list"), {"q": "0007"}, headers=htmx)

    assert b"<html" not in response.content
    assert b'id="list-count"' in response.content
    assert "HX-Request" in response.headers["Vary"]


def test_empty_list_teaches_the_next_step(clerk_client):
    response = clerk_client.get(reverse("group_list"))

    assert b"Add the first one." in response.content
    assert b"New group" in response.content


def test_new_button_needs_its_permission(clerk_client, clerk):
    clerk.user_permissions.remove(*clerk.user_permissions.filter(codename="add_group"))

    response = clerk_client.get(reverse("group_list"))

    assert b"New group" not in response.content


def test_export_holds_the_filtered_rows(clerk_client, many_groups):
    query = {"q": "000", "sort": "-name", "export": "csv"}

    response = clerk_client.get(reverse("group_list"), query)

    lines = b"".join(response.streaming_content).decode("utf-8-sig").split("\r\n")
    assert response.headers["Content-Disposition"] == 'attachment; filename="groups.csv"'
    assert lines[0] == "ID,Name"
    assert [line.split(",")[1] for line in lines[1:3]] == ["group 0009", "group 0008"]
    assert len(lines) == 1 + 10 + 1


def test_export_neutralises_formulas(clerk_client):
    Group.objects.create(name='=HYPERLINK("http://example.com")')

    response = clerk_client.get(reverse("group_list"), {"export": "csv"})

    body = b"".join(response.streaming_content).decode("utf-8-sig")
    assert "'=HYPERLINK" in body


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_cells_that_start_a_formula_are_neutralised(start):
    assert neutralised(f"{start}1+1") == f"'{start}1+1"


def test_negative_numbers_stay_numbers():
    assert neutralised(-5) == -5


def test_list_refuses_who_lacks_the_permission(client, visitor, group_pages):
    client.force_login(visitor)

    response = client.get(reverse("group_list"))

    assert response.status_code == 403
    assert b"No access" in response.content
