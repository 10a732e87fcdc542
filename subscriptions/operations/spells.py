"""Spells: cutting the timeline of services from a day on."""

from collections.abc import Iterable, Mapping
from datetime import date

from config.shared.db import days
from subscriptions.models import ServiceSpell, SubscribedService
from subscriptions.operations.requests import Change


def recut_spells(changes: Iterable[Change], *, account_id: int) -> None:
    """Make each changed service's timeline say what its change says, from its first day on.

    Later spells are dropped and a running one is cut off, so a back-dated act needs nothing
    else. A stretch equal to the one before is joined to it. Days of the past before a change
    stay as they are. Three statements at most, whatever the number of services.
    """
    wanted = [(change, change.service) for change in changes if change.service is not None]
    standing = _standing_spells(
        service.pk for change, service in wanted if change.old_state is not None
    )
    dropped: list[int] = []
    cut: list[ServiceSpell] = []
    new: list[ServiceSpell] = []
    for change, service in wanted:
        last: ServiceSpell | None = None
        for spell in standing.get(service.pk, ()):
            if spell.period.lower >= change.from_day:
                dropped.append(spell.pk)
            else:
                last = spell
        fresh = _spell_of(change, service, account_id)
        if last is not None and _cut_off(last, change.from_day, fresh):
            cut.append(last)
        if fresh is not None and (last is None or last.period.upper != fresh.period.upper):
            new.append(fresh)
    if dropped:
        ServiceSpell.objects.filter(pk__in=dropped).delete()
    if cut:
        ServiceSpell.objects.bulk_update(cut, ["period"])
    ServiceSpell.objects.bulk_create(new)


def _standing_spells(service_ids: Iterable[int]) -> Mapping[int, list[ServiceSpell]]:
    services = set(service_ids)
    found: dict[int, list[ServiceSpell]] = {}
    if services:
        rows = ServiceSpell.objects.filter(service_id__in=services).order_by("period", "pk")
        for spell in rows:
            found.setdefault(spell.service_id, []).append(spell)
    return found


def _spell_of(change: Change, service: SubscribedService, account_id: int) -> ServiceSpell | None:
    """Return the unsaved spell that begins with the change, None if no day follows."""
    if change.mode is None:
        return None
    if change.until_day is not None and change.until_day <= change.from_day:
        return None
    return ServiceSpell(
        service=service,
        period=days(change.from_day, change.until_day),
        state=change.new_state,
        mode=change.mode,
        product_id=service.product_id,
        quantity=service.quantity,
        price_override=service.price_override,
        account_id=account_id,
    )


def _cut_off(last: ServiceSpell, day: date, fresh: ServiceSpell | None) -> bool:
    """End `last` by `day`, or carry it on over an equal `fresh` spell; say whether it changed."""
    end = last.period.upper
    upper = day if end is None or end > day else end
    if fresh is not None and upper == day and _alike(last, fresh):
        upper = fresh.period.upper
    last.period = days(last.period.lower, upper)
    return bool(upper != end)


def _alike(one: ServiceSpell, other: ServiceSpell) -> bool:
    names = ("state", "mode", "product_id", "quantity", "price_override", "account_id")
    return all(getattr(one, name) == getattr(other, name) for name in names)
