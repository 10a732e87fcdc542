"""Signed-in people of a role, as the role's group would let them."""

from django.contrib.auth.models import Permission, User

from config.shared.roles import allows


def person(role: str) -> User:
    """Return a user who may do exactly what the role may; "" may do nothing."""
    user = User.objects.create_user(role.lower().replace(" ", "-") or "stranger")
    if role:
        user.user_permissions.set(
            permission
            for permission in Permission.objects.select_related("content_type")
            if allows(role, f"{permission.content_type.app_label}.{permission.codename}")
        )
    return user
