"""The icon that browsers ask for where a page names none."""

import pytest


@pytest.mark.django_db
def test_the_icon_is_found_without_a_sign_in(client):
    answer = client.get("/favicon.ico")

    assert answer.status_code == 302
    assert answer.url.startswith("/static/img/mark")
