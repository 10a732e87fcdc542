"""A flexible bundle on sale: news always, 1 to 3 of Sports, of one family."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from catalog.models import Product
from catalog.operations.bundles import ComponentRow, set_components
from pricing.operations.plans import add_rate
from subscriptions.models import BillingTermScheme, SubscribedService, SubscriptionType
from tests.catalog.factories import FamilyFactory, ProductFactory
from tests.pricing.factories import basis_for
from tests.subscriptions.factories import SchemeFactory, SubscriptionTypeFactory, offer, subscribe


@dataclass(frozen=True)
class SportsPack:
    """The pack, what always comes, what may be chosen, and where it is sold."""

    pack: Product
    news: Product
    channels: tuple[Product, ...]
    type: SubscriptionType
    scheme: BillingTermScheme

    def choose(self, *places: int) -> tuple[tuple[Product, int], ...]:
        """Return the choice of the channels in these places."""
        return tuple((self.channels[place], 1) for place in places)

    def sell(self, *places: int, **options: Any) -> SubscribedService:
        """Sell it with the channels in these places, and return the service of the pack."""
        addition = {"choices": self.choose(*places), **options.pop("addition", {})}
        return subscribe(self.pack, scheme=self.scheme, addition=addition, **options)


CHANNELS = ("Golf", "Polo", "Rugby", "Tennis")


def sports_pack(
    price: str = "31.00",
    *,
    channels: Sequence[str] = CHANNELS,
    most: int = 3,
    **channel_prices: str,
) -> SportsPack:
    """Return it at a price; `channel_prices` are component rates by channel name."""
    family = FamilyFactory(name="Sports")
    news = ProductFactory(name="News")
    services = tuple(ProductFactory(name=name, family=family) for name in channels)
    pack = ProductFactory(name="Sports pack", flexible_bundle=True)
    set_components(
        pack, [ComponentRow(news, 1), ComponentRow(family=family, minimum=1, maximum=most)]
    )
    scheme = SchemeFactory()
    kind = offer(pack, subscription_type=SubscriptionTypeFactory(schemes=[scheme]), price=price)
    for channel in services:
        if channel.name in channel_prices:
            add_rate(
                scheme.default_plan,
                product=channel,
                bundle=pack,
                basis=basis_for(channel),
                base_amount=Decimal(channel_prices[channel.name]),
            )
    return SportsPack(pack, news, services, kind, scheme)
