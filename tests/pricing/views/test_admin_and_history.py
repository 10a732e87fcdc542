"""Every model of catalogue and pricing is in Django's admin and has a history, or it says why."""

from collections.abc import Iterator

from django.apps import apps
from django.conf import settings
from django.contrib.admin import site
from django.db.models import Model
from django.utils.module_loading import import_string

from pricing.models import RateDeckImport, RateDeckRow, RejectedDeckRow

WITHOUT = {
    RateDeckRow: "hundreds of thousands that come and go with their version and never change",
    RateDeckImport: "is itself the record of a file that was read",
    RejectedDeckRow: "is a part of that record",
}


def models() -> Iterator[type[Model]]:
    for app in ("catalog", "pricing"):
        for model in apps.get_app_config(app).get_models():
            if not hasattr(model, "instance_type"):
                yield model


def test_every_model_is_in_the_admin_or_says_why() -> None:
    shown = set(site._registry) | {
        inline.model for admin in site._registry.values() for inline in admin.inlines
    }

    assert {model for model in models() if model not in shown} == WITHOUT.keys()


def test_every_model_has_a_history_or_says_why() -> None:
    assert {model for model in models() if not hasattr(model, "history")} == WITHOUT.keys()


def test_what_has_no_page_of_its_own_is_in_the_history_of_what_it_belongs_to() -> None:
    parts = {part.model for path in settings.HISTORY_PARTS for part in import_string(path)}
    alone = {"Currency"}

    lost = {
        model.__name__
        for model in models()
        if model not in parts and model not in WITHOUT and not hasattr(model, "get_absolute_url")
    }
    assert lost == alone
