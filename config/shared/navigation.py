"""The frame's menus: what settings list, cut down to what the user may open."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.models import AbstractUser, AnonymousUser
from django.urls import reverse
from django.utils.text import slugify

User = AbstractUser | AnonymousUser


@dataclass(frozen=True, slots=True)
class Entry:
    """A link of a menu. `go_key` is the letter that opens it after `g`, or ""."""

    label: str
    url: str
    go_key: str = ""
    is_current: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """A group of the left rail. A group of one entry with its own name is a plain link."""

    label: str
    slug: str
    icon: str
    entries: tuple[Entry, ...]

    @property
    def is_single(self) -> bool:
        """Whether the group is shown as one link."""
        return len(self.entries) == 1 and self.entries[0].label == self.label

    @property
    def is_current(self) -> bool:
        """Whether the page shown belongs to the group."""
        return any(entry.is_current for entry in self.entries)


def navigation_for(user: User, path: str) -> list[Group]:
    """Return the groups of NAVIGATION with the entries that `user` may open, empty ones left out.

    The entry whose address is the longest beginning of `path` is the current one.
    """
    keys = {url_name: key for key, url_name in settings.GO_KEYS.items()}
    shown = [(label, icon, _allowed(user, entries)) for label, icon, entries in settings.NAVIGATION]
    addresses = [reverse(name) for _, _, entries in shown for _, name, _ in entries]
    current = current_address(addresses, path)
    groups = []
    for label, icon, entries in shown:
        links = tuple(
            Entry(text, url, keys.get(name, ""), url == current)
            for text, name, _ in entries
            for url in [reverse(name)]
        )
        if links:
            groups.append(Group(label, slugify(label), icon, links))
    return groups


def new_menu_for(user: User) -> list[Entry]:
    """Return the entries of NEW_MENU that `user` may open."""
    return [Entry(label, reverse(name)) for label, name, _ in _allowed(user, settings.NEW_MENU)]


def current_address(addresses: Iterable[str], path: str) -> str | None:
    """Return the longest of `addresses` that `path` lies under; only the root is under the root."""
    under = [url for url in addresses if path == url or (url != "/" and path.startswith(url))]
    return max(under, key=len, default=None)


def _allowed(user: User, entries: Iterable[tuple[str, str, str]]) -> list[tuple[str, str, str]]:
    return [entry for entry in entries if not entry[2] or user.has_perm(entry[2])]
