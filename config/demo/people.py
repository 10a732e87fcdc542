"""The demo's people: one sign-in for each role, and one that may do everything."""

from django.contrib.auth.models import Group, User

from config.shared.roles import ROLES, sync_roles

PASSWORD = "try-ratebook-2026"
SIGN_INS = {
    "csr": "CSR",
    "catalogue": "Catalogue admin",
    "billing": "Billing operator",
    "technician": "Technician",
    "configurator": "Configurator",
    "auditor": "Auditor",
}
SUPERUSER = "admin"


def load_people() -> dict[str, User]:
    """Make the sign-ins that are not there yet; return all by user name."""
    sync_roles()
    people = {}
    for username, role in SIGN_INS.items():
        if role not in ROLES:
            raise ValueError(f"there is no role {role}")
        user, created = User.objects.get_or_create(
            username=username, defaults={"first_name": "Demo", "last_name": role}
        )
        if created:
            user.set_password(PASSWORD)
            user.save(update_fields=["password"])
            user.groups.add(Group.objects.get(name=role))
        people[username] = user
    admin = User.objects.filter(username=SUPERUSER).first()
    people[SUPERUSER] = admin or User.objects.create_superuser(
        SUPERUSER, password=PASSWORD, first_name="Demo", last_name="Admin"
    )
    return people
