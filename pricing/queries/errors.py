"""What pricing refuses; the edge catches the base."""


class PricingError(Exception):
    """Pricing refuses what was asked; the message says why, `field` which argument is at fault."""

    field: str = ""
