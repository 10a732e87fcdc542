"""People and a small offer for the tests of the pages of subscriptions."""

from datetime import date
from types import SimpleNamespace

import pytest
import time_machine
from django.contrib.auth.models import Permission, User

from catalog.models import AccountClass, Technology
from tests.catalog.factories import AccountClassFactory, ProductFactory, TechnologyFactory
from tests.subscriptions.factories import AccountFactory, offer, subscribe

DAY = date(2026, 1, 15)


@pytest.fixture(autouse=True)
def _business_day(request):
    """Let every page open on 15 January 2026, at noon; a browser keeps the real day."""
    if request.node.get_closest_marker("browser"):
        yield
        return
    with time_machine.travel("2026-01-15 10:00:00+00:00", tick=False):
        yield


def person(name: str, *codenames: str) -> User:
    """Return a user with these permissions."""
    user = User.objects.create_user(name)
    user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    return user


CSR = [
    f"{verb}_{model}"
    for verb in ("view", "add", "change")
    for model in (
        "account",
        "accountuser",
        "subscription",
        "subscribedservice",
        "subscriptionaction",
        "addedexpense",
        "note",
    )
]
SETUP = [
    f"{verb}_{model}"
    for verb in ("view", "add", "change")
    for model in (
        "billingtermscheme",
        "schemeproduct",
        "subscriptiontype",
        "seller",
        "product",
    )
]


@pytest.fixture
def csr(db):
    """Who answers calls."""
    return person("carla", *CSR)


@pytest.fixture
def csr_client(client, csr):
    """The browser of somebody who answers calls."""
    client.force_login(csr)
    return client


@pytest.fixture
def setup_client(client, db):
    """The browser of somebody who sets up what may be agreed."""
    client.force_login(person("conny", *SETUP))
    return client


@pytest.fixture
def stranger_client(client, db):
    """The browser of somebody without permissions."""
    client.force_login(User.objects.create_user("steve"))
    return client


@pytest.fixture
def shop(db) -> SimpleNamespace:
    """An account of class Residential with a fibre user who has a 30.00 service, and what else
    can be sold to it: Movies at 12.00 on the same subscription type.
    """
    residential: AccountClass = AccountClassFactory(name="Residential")
    fibre: Technology = TechnologyFactory(name="Fibre")
    account = AccountFactory(account_class=residential, technology=fibre)
    service = subscribe(ProductFactory(name="Sports"), on=date(2026, 1, 1), account=account)
    movies = ProductFactory(name="Movies")
    offer(movies, subscription_type=service.subscription.type, price="12.00")
    return SimpleNamespace(
        residential=residential,
        fibre=fibre,
        account=account,
        user=account.users.get(),
        service=service,
        subscription=service.subscription,
        type=service.subscription.type,
        movies=movies,
    )
