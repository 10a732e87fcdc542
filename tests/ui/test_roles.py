"""The six roles: who may do what, and that no page asks for a permission that nobody has."""

from io import StringIO

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.core.management import call_command

from config.shared.models import RunDefinition
from config.shared.roles import ROLES, allows, sync_roles
from config.shared.runs.kinds import load_kinds

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("role", "permission", "expected"),
    [
        ("Auditor", "billing.view_bill", True),
        ("Auditor", "catalog.change_product", False),
        ("Auditor", "auth.view_user", False),
        ("CSR", "subscriptions.add_account", True),
        ("CSR", "billing.add_payment", True),
        ("CSR", "pricing.view_priceplan", True),
        ("CSR", "pricing.change_priceplan", False),
        ("CSR", "shared.add_run", False),
        ("Technician", "provisioning.change_provisioningrequest", True),
        ("Technician", "billing.view_payment", False),
        ("Catalogue admin", "catalog.add_product", True),
        ("Catalogue admin", "pricing.change_priceplan", True),
        ("Catalogue admin", "subscriptions.add_billingtermscheme", True),
        ("Catalogue admin", "billing.add_bill", False),
        ("Catalogue admin", "shared.add_run", False),
        ("Billing operator", "shared.add_run", True),
        ("Billing operator", "pricing.change_priceplan", False),
        ("Billing operator", "billing.delete_bill", False),
        ("Configurator", "shared.change_businessclock", True),
        ("Configurator", "shared.add_run", False),
        ("Configurator", "auth.change_user", False),
    ],
)
def test_roles_may_do_their_own_work_only(role, permission, expected):
    assert allows(role, permission) is expected


@pytest.mark.parametrize("role", ROLES)
def test_nobody_edits_history(role):
    assert not allows(role, "catalog.change_historicalproduct")
    assert not allows(role, "catalog.delete_historicalproduct")


@pytest.mark.parametrize("role", ROLES)
def test_every_role_sees_products_and_families(role):
    assert allows(role, "catalog.view_product")
    assert allows(role, "catalog.view_productfamily")


@pytest.mark.parametrize("role", ["CSR", "Technician", "Billing operator", "Configurator"])
def test_no_daily_role_may_delete_customers(role):
    assert not allows(role, "subscriptions.delete_account")


def test_sync_gives_a_member_the_roles_permissions():
    sync_roles()
    user = User.objects.create_user("csr")
    user.groups.add(Group.objects.get(name="CSR"))

    assert user.has_perm("subscriptions.add_account")
    assert not user.has_perm("pricing.add_priceplan")


def test_sync_takes_away_what_a_role_should_not_have():
    sync_roles()
    group = Group.objects.get(name="CSR")
    group.permissions.add(Permission.objects.get(codename="delete_group"))

    sync_roles()

    assert not group.permissions.filter(codename="delete_group").exists()


def test_command_says_what_each_role_has():
    output = StringIO()

    call_command("sync_roles", stdout=output)

    assert len(output.getvalue().splitlines()) == 6


def test_set_up_makes_roles_and_a_definition_of_every_kind_of_run_once():
    for _ in range(2):
        call_command("set_up", stdout=StringIO())

    assert set(Group.objects.values_list("name", flat=True)) == set(ROLES)
    assert set(RunDefinition.objects.values_list("kind", flat=True)) == set(load_kinds())
    assert RunDefinition.objects.count() == len(load_kinds())


def test_patterns_that_name_a_model_name_one_that_exists():
    known = {
        f"{permission.content_type.app_label}.{permission.codename}"
        for permission in Permission.objects.select_related("content_type")
    }
    models = {
        pattern.partition(".")[0] + "." + pattern.rpartition("_")[2]
        for patterns in ROLES.values()
        for pattern in patterns
        if "_" in pattern and not pattern.endswith("*")
    }

    assert {m for m in models if f"{m.replace('.', '.view_')}" not in known} == set()
