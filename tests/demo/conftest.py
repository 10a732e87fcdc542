"""A quiet load of the demo."""

from collections.abc import Callable

import pytest

from config.demo.loading import load_demo
from tests.pricing.factories import CurrencyFactory


@pytest.fixture
def load(db) -> Callable[..., None]:
    """Load the demo, with so many generated accounts of a seed, and say nothing."""
    CurrencyFactory()

    def quietly(*, accounts: int, seed: int = 1) -> None:
        load_demo(
            accounts=accounts,
            seed=seed,
            head_end_url="http://127.0.0.1:9",
            progress=lambda _: None,
        )

    return quietly
