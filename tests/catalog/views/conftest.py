"""People of the catalogue's pages."""

import pytest
from django.contrib.auth.models import Permission, User


def person(name: str, *actions: str) -> User:
    """Return a user who may do `actions` (view, add, change, delete) with the whole catalogue."""
    user = User.objects.create_user(name)
    user.user_permissions.set(
        Permission.objects.filter(
            content_type__app_label="catalog",
            codename__regex=f"^({'|'.join(actions)})_",
        )
    )
    return user


@pytest.fixture
def admin_client(client, db):
    """The browser of a catalogue admin."""
    client.force_login(person("catherine", "view", "add", "change", "delete"))
    return client


@pytest.fixture
def reader_client(client, db):
    """The browser of somebody who may only look."""
    client.force_login(person("rita", "view"))
    return client


@pytest.fixture
def stranger_client(client, db):
    """The browser of somebody without rights on the catalogue."""
    client.force_login(User.objects.create_user("steve"))
    return client
