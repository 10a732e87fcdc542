"""Sending files to the imports of pricing, as the catalogue's tests do."""

from tests.catalog.imports.conftest import apply, media, send, user

__all__ = ["apply", "media", "send", "user"]
