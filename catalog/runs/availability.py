"""The nightly runs that stop offering what is no longer valid."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import ClassVar

from catalog.models import Product, SalesBundle
from catalog.operations.availability import close_outdated
from catalog.queries.availability import outdated_products, outdated_sales_bundles
from config.shared.models import Run
from config.shared.runs.counts import Counts
from config.shared.runs.kinds import RunKind, Step


class ProductAvailability(RunKind):
    """Products whose last period of validity has ended are offered to no new users.

    Works up to its as-of day: what ends with 30 April is no longer offered from 1 May on. May run
    any number of times; who has the product keeps it.
    """

    slug = "product-availability"
    name = "Product availability"
    steps = (Step("close", "Stop offering what is no longer valid"),)
    default_definition = ("product-availability", "Product availability")
    items = "products"
    binding_step = "close"
    model: ClassVar[type[Product] | type[SalesBundle]] = Product

    def keys(self, run: Run) -> Iterable[int]:
        """Return the products that are available though their validity is over."""
        return outdated_products(run.as_of).order_by("pk").values_list("pk", flat=True)

    def lock(self, keys: Sequence[int]) -> None:
        """Lock the rows that may change."""
        rows = self.model._default_manager.select_for_update(of=("self",)).filter(pk__in=keys)
        list(rows.order_by("pk").values_list("pk", flat=True))

    def work(self, run: Run, keys: Sequence[int], *, stop_after: str, now: datetime) -> Counts:
        """Offer them to no new users."""
        source = f"Validity ended: {self.slug} run {run.number}"
        closed = close_outdated(self.model, keys, on=run.as_of, source=source)
        return {"no new users": closed}

    def labels(self, keys: Sequence[int]) -> Mapping[int, str]:
        """Return codes."""
        rows = self.model._default_manager.filter(pk__in=keys).values_list("pk", "code")
        return {pk: str(code) for pk, code in rows}


class SalesBundleAvailability(ProductAvailability):
    """Sales bundles whose validity has ended are offered to no new users."""

    slug = "sales-bundle-availability"
    name = "Sales bundle availability"
    default_definition = ("sales-bundle-availability", "Sales bundle availability")
    items = "sales bundles"
    model = SalesBundle

    def keys(self, run: Run) -> Iterable[int]:
        """Return the sales bundles that are available though their validity is over."""
        return outdated_sales_bundles(run.as_of).order_by("pk").values_list("pk", flat=True)
