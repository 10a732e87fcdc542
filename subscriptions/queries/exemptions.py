"""The exemptions of accounts."""

from django.db.models import QuerySet

from subscriptions.models import Account, AccountExemption


def exemptions_of(account: Account) -> QuerySet[AccountExemption]:
    """Return an account's exemptions, the latest first."""
    return (
        AccountExemption.objects.filter(account=account)
        .select_related("tax_code")
        .order_by("-period", "pk")
    )
