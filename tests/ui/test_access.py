"""Default refusal: no page without a sign-in, none without a named permission that exists."""

import pytest
from django.conf import settings
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.contrib.auth.models import Permission
from django.urls import URLPattern, get_resolver, reverse

from config.shared.roles import ROLES, allows
from config.shared.views.access import SignedInMixin

# Sign-in, sign-out and the icon are for everybody; the plain Django admin guards itself.
OPEN = {"login", "logout", "icon"}
UNGUARDED = {"admin"}


def patterns(resolver=None, prefix="", namespace=""):
    """Yield (name, address pattern, callback) of every page."""
    for entry in (resolver or get_resolver()).url_patterns:
        address = prefix + str(entry.pattern)
        if isinstance(entry, URLPattern):
            yield f"{namespace}{entry.name}", address, entry.callback
        elif entry.namespace not in UNGUARDED:
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from patterns(entry, address, inner)


def pages():
    return [pytest.param(a, c, id=n) for n, a, c in patterns() if n not in OPEN]


def filled(address: str) -> str:
    """Return an address with something in place of each converter."""
    parts = []
    for part in address.split("/"):
        before, converter, rest = part.partition("<")
        kind = rest.partition(":")[0]
        value = {"int": "1", "uuid": "0" * 32}.get(kind, "x")
        parts.append(before + value + rest.rpartition(">")[2] if converter else part)
    return "/" + "/".join(parts)


@pytest.mark.django_db
@pytest.mark.parametrize(("address", "callback"), pages())
def test_anonymous_is_led_to_sign_in(client, address, callback):
    response = client.get(filled(address))

    assert response.status_code == 302
    assert response.headers["Location"].startswith(reverse("login"))


@pytest.mark.parametrize(("address", "callback"), pages())
def test_every_page_names_its_permission(address, callback):
    view = getattr(callback, "view_class", None)

    assert view is not None, f"{address} is not a class-based view"
    assert issubclass(view, PermissionRequiredMixin | SignedInMixin)
    assert issubclass(view, SignedInMixin) or view.permission_required


def named_permissions() -> set[str]:
    """Return the permissions that pages, the rail and the menus ask for."""
    named = {entry[2] for _, _, entries in settings.NAVIGATION for entry in entries}
    named |= {entry[2] for entry in settings.NEW_MENU}
    for _, _, callback in patterns():
        required = getattr(getattr(callback, "view_class", None), "permission_required", None) or ()
        named |= {required} if isinstance(required, str) else set(required)
    return named - {""}


@pytest.mark.django_db
def test_permissions_that_are_asked_for_exist_and_somebody_has_them():
    known = {
        f"{permission.content_type.app_label}.{permission.codename}"
        for permission in Permission.objects.select_related("content_type")
    }
    asked = named_permissions()

    assert asked - known == set()
    assert {name for name in asked if not any(allows(role, name) for role in ROLES)} == set()


def test_menus_lead_to_pages_that_open_for_whoever_sees_the_entry():
    views = {name: getattr(callback, "view_class", None) for name, _, callback in patterns()}
    entries = [entry for _, _, entries in settings.NAVIGATION for entry in entries]

    for label, name, permission in [*entries, *settings.NEW_MENU]:
        if permission:
            asked = views[name].permission_required
            asked = (asked,) if isinstance(asked, str) else asked
            assert permission in asked, label
            for role in ROLES:
                if allows(role, permission):
                    assert all(allows(role, each) for each in asked), (label, role)
