"""Loading the demo as a whole."""

from datetime import date
from enum import Enum

from config.demo.company_zx import add_what_sells, set_up
from config.demo.discounts import add_discounts
from config.demo.histories import TODAY, draw_histories
from config.demo.operator import Progress, act_out
from config.demo.operator_catalogue import build_offer
from config.demo.people import load_people
from config.shared.models import BusinessClock
from config.shared.operations.clock import set_clock
from config.shared.operations.runs import ensure_definitions
from subscriptions.models import Seller

BUSINESS_DAY: date = TODAY


class DemoState(Enum):
    """How far the demo is loaded; the clock is set last."""

    EMPTY = "empty"
    INTERRUPTED = "interrupted"
    LOADED = "loaded"


def demo_state() -> DemoState:
    """Return whether the demo is loaded, or was begun and not finished."""
    if not Seller.objects.filter(code="ZX").exists():
        return DemoState.EMPTY
    return DemoState.LOADED if BusinessClock.objects.exists() else DemoState.INTERRUPTED


def load_demo(*, accounts: int, seed: int, head_end_url: str, progress: Progress) -> None:
    """Load people, Company ZX with what makes it sellable, and the generated operator.

    Sets the business clock to 1 February 2026, the day after the last one acted out.
    """
    progress("People and roles")
    people = load_people()
    admin = people["admin"]
    ensure_definitions()
    progress("Company ZX")
    company = set_up()
    selling = add_what_sells(company, head_end_url=head_end_url)
    progress("The generated operator's catalogue")
    offer = build_offer(company, selling)
    act_out(draw_histories(accounts, seed=seed), offer, by=admin, progress=progress)
    add_discounts(
        offer.classes["Business"],
        offer.products["installation"],
        asks=people["csr"],
        decides=people["billing"],
        on=BUSINESS_DAY,
    )
    set_clock(BUSINESS_DAY, admin)
