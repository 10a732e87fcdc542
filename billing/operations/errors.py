"""What all refusals of billing have in common."""


class BillingError(Exception):
    """Billing refuses; the message says why, in words a user may read."""
