"""People and settings for the tests of pages."""

import os
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.contrib.auth.models import Permission, User

# Playwright's event loop runs in the tests' thread, and Django would take the tests for async code.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


@pytest.fixture
def group_pages(settings):
    """Put the pages on Django's Group beside Ratebook's own."""
    settings.ROOT_URLCONF = "tests.ui.pages"
    engine = {**django_settings.TEMPLATES[0]}
    engine["DIRS"] = [*engine["DIRS"], Path(__file__).parent / "templates"]
    settings.TEMPLATES = [engine]


@pytest.fixture
def clerk(db):
    """A user who may do everything with groups but delete them."""
    user = User.objects.create_user("clerk", password="correct horse battery")
    user.user_permissions.set(
        Permission.objects.filter(codename__in=["view_group", "add_group", "change_group"])
    )
    return user


@pytest.fixture
def visitor(db):
    """A user without any permission."""
    return User.objects.create_user("visitor", password="correct horse battery")


@pytest.fixture
def clerk_client(client, clerk, group_pages):
    """The clerk's browser."""
    client.force_login(clerk)
    return client


@pytest.fixture
def page(browser):
    """Replace pytest-playwright's page, whose `base_url` fails with pytest 9.2."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    yield context.new_page()
    context.close()
