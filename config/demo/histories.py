"""What happens to the generated operator's customers: drawn from a seed, then acted out.

Drawing is pure: the same seed and number of accounts give the same histories, whatever else is in
the database. Acting goes through the operations that the pages use, in the order of the days.
"""

import random
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from config.demo.names import CITIES, COMPANY_NAMES, FIRST_NAMES, LAST_NAMES, STREETS
from config.demo.sports import CHANNELS, channel_code

FIRST_DAY = date(2025, 11, 1)
FIRST_RUN = date(2026, 1, 1)
TODAY = date(2026, 2, 1)
BILLING_DAYS = (1, 1, 1, 1, 5, 10, 15, 20, 28, 31)
INTERNET = ("fibre-100", "fibre-300", "fibre-300", "fibre-1000")
EXTRAS = ("sports-now", "cinema", "kids", "line", "free-to-air")


@dataclass(frozen=True, slots=True)
class CustomerHistory:
    """One customer from sign-up to today; days that did not come are None.

    `paid_share` is the part of the first bill that is paid on `pays_on`: 1 all of it. `channels`
    are those picked in Pick your sports, none without that bundle.
    """

    name: str
    account_class: str
    technology: str
    street: str
    city: str
    postal_code: str
    phone: str
    billing_day: int
    signs_up_on: date
    frequency: str
    products: tuple[str, ...]
    bundle: bool
    installation: bool
    channels: tuple[str, ...]
    suspends_on: date | None
    resumes_on: date | None
    cancels_on: date | None
    pays_on: date | None
    paid_share: Decimal


def draw_histories(accounts: int, *, seed: int) -> list[CustomerHistory]:
    """Draw that many histories; the same seed gives the same ones."""
    dice, fans = random.Random(seed), random.Random(f"{seed} sports")
    return [_draw(dice, place, channels=_channels(fans)) for place in range(accounts)]


def _channels(dice: random.Random) -> tuple[str, ...]:
    """Draw a customer's choice: one in eight picks 2 to 4 channels, all of one family."""
    family = dice.choice(list(CHANNELS.values()))
    picked = dice.sample(family, dice.randint(2, min(4, len(family))))
    return tuple(map(channel_code, picked)) if dice.random() < 0.125 else ()


def _draw(dice: random.Random, place: int, *, channels: tuple[str, ...]) -> CustomerHistory:
    business = dice.random() < 0.12
    technology = dice.choices(("Fibre", "Cable", "Wireless"), (6, 3, 1))[0]
    city, postal_code = dice.choice(CITIES)
    signs_up_on = FIRST_DAY + timedelta(days=dice.randrange((TODAY - FIRST_DAY).days - 3))
    suspends_on = _maybe(dice, 0.06, max(signs_up_on, FIRST_RUN) + timedelta(days=2))
    resumes_on = None
    if suspends_on is not None and dice.random() < 0.6:
        resumes_on = min(suspends_on + timedelta(days=dice.randint(1, 12)), TODAY)
    cancels_on = None
    if suspends_on is None:
        cancels_on = _maybe(dice, 0.04, max(signs_up_on, FIRST_RUN) + timedelta(days=5))
    bundle = technology == "Fibre" and dice.random() < 0.25
    payer = dice.random()
    return CustomerHistory(
        name=_name(dice, place, business=business),
        account_class="Business" if business else "Residential",
        technology=technology,
        street=f"{dice.randint(1, 180)} {dice.choice(STREETS)}",
        city=city,
        postal_code=postal_code,
        phone=f"+357 99 {dice.randrange(1_000_000):06d}",
        billing_day=dice.choice(BILLING_DAYS),
        signs_up_on=signs_up_on,
        frequency=dice.choices(("MONTHLY", "QUARTERLY"), (19, 1))[0],
        products=_products(dice, business=business, technology=technology, bundle=bundle),
        bundle=bundle,
        installation=dice.random() < 0.5,
        channels=channels,
        suspends_on=suspends_on,
        resumes_on=resumes_on,
        cancels_on=cancels_on,
        pays_on=FIRST_RUN + timedelta(days=dice.randint(2, 14)) if payer < 0.88 else None,
        paid_share=Decimal(1) if payer < 0.84 else Decimal("0.5"),
    )


def _name(dice: random.Random, place: int, *, business: bool) -> str:
    if business:
        return f"{dice.choice(COMPANY_NAMES)} {place + 1}"
    return f"{dice.choice(FIRST_NAMES)} {dice.choice(LAST_NAMES)}"


def _products(
    dice: random.Random, *, business: bool, technology: str, bundle: bool
) -> tuple[str, ...]:
    chosen: list[str] = []
    if not bundle:
        chosen.append(dice.choice(INTERNET) if technology == "Fibre" else "tv-start")
        chosen += dice.sample(EXTRAS, dice.randint(0, 2))
    elif dice.random() < 0.5:
        chosen.append("sports-now")
    if business and dice.random() < 0.5:
        chosen.append("static-ip")
    return tuple(chosen)


def _maybe(dice: random.Random, chance: float, earliest: date) -> date | None:
    drawn, days = dice.random(), dice.randrange(1, 26)
    day = earliest + timedelta(days=days)
    return day if drawn < chance and day < TODAY else None
