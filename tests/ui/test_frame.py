"""The frame: sign-in, menus, theme, business clock, error pages, headers."""

from datetime import date

import pytest
import time_machine
from django.contrib.auth.models import Group, Permission, User
from django.test import Client
from django.urls import reverse

from config.shared.models import BusinessClock
from config.shared.navigation import current_address
from config.shared.operations.clock import (
    ClockNotMovable,
    ClockTooFar,
    now,
    real_today,
    set_clock,
    today,
)
from config.shared.roles import sync_roles

pytestmark = pytest.mark.django_db


def test_sign_in_leads_home(client, visitor):
    response = client.post(
        reverse("login"), {"username": "visitor", "password": "correct horse battery"}
    )

    assert response.headers["Location"] == reverse("home")


def test_sign_in_refuses_foreign_addresses(client, visitor):
    response = client.post(
        reverse("login") + "?next=https://example.com/",
        {"username": "visitor", "password": "correct horse battery"},
    )

    assert response.headers["Location"] == reverse("home")


def test_htmx_without_a_session_gets_the_whole_sign_in_page(client):
    response = client.get(reverse("login"), headers={"HX-Request": "true"})

    assert response.headers["HX-Redirect"] == reverse("login")


def test_sign_out_takes_a_post(client, visitor):
    client.force_login(visitor)

    assert client.get(reverse("logout")).status_code == 405
    assert client.post(reverse("logout")).headers["Location"] == reverse("login")


def test_password_change_keeps_the_session(client, visitor):
    client.force_login(visitor)

    client.post(
        reverse("password_change"),
        {
            "old_password": "correct horse battery",
            "new_password1": "another long phrase",
            "new_password2": "another long phrase",
        },
    )

    visitor.refresh_from_db()
    assert visitor.check_password("another long phrase")
    assert client.get(reverse("home")).status_code == 200


def test_rail_hides_what_the_user_may_not_open(client, visitor):
    client.force_login(visitor)

    groups = client.get(reverse("home")).context["frame"].navigation

    assert [group.label for group in groups] == ["Home"]


@pytest.mark.parametrize(
    "role",
    ["Auditor", "CSR", "Technician", "Catalogue admin", "Billing operator", "Configurator"],
)
def test_every_entry_of_a_roles_rail_opens(client, role):
    sync_roles()
    user = User.objects.create_user("member")
    user.groups.add(Group.objects.get(name=role))
    client.force_login(user)
    frame = client.get(reverse("home")).context["frame"]
    entries = [entry for group in frame.navigation for entry in group.entries]

    statuses = {entry.url: client.get(entry.url).status_code for entry in entries + frame.new_menu}

    assert set(statuses.values()) == {200}, statuses


def test_current_entry_is_the_nearest_address():
    addresses = ["/", "/runs/", "/runs/definitions/"]

    assert current_address(addresses, "/runs/definitions/3/") == "/runs/definitions/"
    assert current_address(addresses, "/runs/R-1/") == "/runs/"
    assert current_address(addresses, "/elsewhere/") is None


@pytest.mark.parametrize(("cookie", "expected"), [("dark", b'data-bs-theme="dark"'), ("x", b"")])
def test_theme_of_the_cookie_is_in_the_page(client, visitor, cookie, expected):
    client.force_login(visitor)
    client.cookies["theme"] = cookie

    content = client.get(reverse("home")).content

    assert expected in content
    assert b'data-bs-theme="x"' not in content


def test_policy_allows_nothing_inline(client):
    response = client.get(reverse("login"))

    policy = response.headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "style-src 'self'" in policy
    assert "unsafe" not in policy
    assert b"style=" not in response.content
    assert b"<script>" not in response.content


@time_machine.travel("2026-01-31T23:30:00Z", tick=False)
def test_business_day_is_the_operators_day(settings):
    settings.OPERATOR_TIME_ZONE = "Europe/Nicosia"

    assert today() == date(2026, 2, 1)


@time_machine.travel("2026-01-15T12:00:00Z", tick=False)
def test_moved_clock_moves_days_and_instants(visitor):
    set_clock(date(2026, 2, 1), visitor)

    assert today() == date(2026, 2, 1)
    assert now().isoformat() == "2026-02-01T12:00:00+00:00"
    assert BusinessClock.objects.get().moved_by == "visitor"


@time_machine.travel("2026-01-15T12:00:00Z", tick=False)
def test_clock_is_not_moved_too_far(visitor):
    with pytest.raises(ClockTooFar):
        set_clock(date(2046, 2, 1), visitor)


def test_clock_of_a_production_installation_stands(settings, visitor):
    BusinessClock.objects.create(offset_days=10)
    settings.BUSINESS_CLOCK_MOVABLE = False

    with pytest.raises(ClockNotMovable):
        set_clock(date(2026, 2, 1), visitor)
    assert today() == real_today()


@pytest.fixture
def clock_keeper(visitor):
    visitor.user_permissions.add(Permission.objects.get(codename="change_businessclock"))
    return visitor


@time_machine.travel("2026-01-15T12:00:00Z", tick=False)
def test_clock_page_moves_the_clock_and_every_page_says_so(client, clock_keeper):
    client.force_login(clock_keeper)

    response = client.post(reverse("business_clock"), {"on": "2026-02-01"}, follow=True)

    assert "The business day is now 1 Feb 2026." in response.content.decode()
    assert "clock moved 17" in response.content.decode()


def test_clock_page_shows_a_refusal_at_the_field(client, clock_keeper):
    client.force_login(clock_keeper)

    response = client.post(reverse("business_clock"), {"on": "2090-01-01"})

    assert "Choose a day within ten years of today." in response.content.decode()


def test_clock_page_is_absent_where_the_clock_stands(client, clock_keeper, settings):
    settings.BUSINESS_CLOCK_MOVABLE = False
    client.force_login(clock_keeper)

    assert client.get(reverse("business_clock")).status_code == 404


def test_page_not_found_keeps_the_frame(client, visitor):
    client.force_login(visitor)

    response = client.get("/nowhere/")

    assert response.status_code == 404
    assert b'aria-label="Main"' in response.content


def test_error_page_gives_a_reference_that_is_in_the_log(visitor, monkeypatch, caplog):
    def fail(self, **kwargs):
        raise RuntimeError("broken")

    monkeypatch.setattr("config.shared.views.home.HomeView.get_context_data", fail)
    client = Client(raise_request_exception=False)
    client.force_login(visitor)

    response = client.get(reverse("home"))

    reference = next(r.args[0] for r in caplog.records if r.name == "config.shared.views.errors")
    assert response.status_code == 500
    assert reference in response.content.decode()
    assert b"broken" not in response.content
