"""Accounts that are not taxed for some days, with their certificates."""

from datetime import date, timedelta

from django.contrib.auth.models import User
from django.db import transaction

from config.shared.db import days, refused_by
from config.shared.operations.signing import sign
from pricing.models import TaxCode
from subscriptions.models import Account, AccountExemption
from subscriptions.operations.accounts import AccountError


class WrongExemption(AccountError):
    """Days of an exemption that make no sense, or that another covers; or no certificate."""


@transaction.atomic
def exempt_account(
    account: Account,
    *,
    tax_code: TaxCode | None = None,
    certificate_number: str,
    starts_on: date,
    ends_on: date | None = None,
    by: User | None,
) -> AccountExemption:
    """Free an account from a tax code, or from every tax, from a day on; `ends_on` is the last.

    Documents posted before keep their tax. Raises WrongExemption.
    """
    if not certificate_number.strip():
        raise WrongExemption("Give the number of the certificate.", field="certificate_number")
    if ends_on is not None and ends_on < starts_on:
        raise WrongExemption("An exemption ends after it starts.", field="ends_on")
    exemption = AccountExemption(
        account=account,
        tax_code=tax_code,
        certificate_number=certificate_number.strip(),
        period=days(starts_on, None if ends_on is None else ends_on + timedelta(days=1)),
    )
    sign(exemption, by)
    overlap = WrongExemption(
        f"{account.number} is exempt on some of these days already.", field="starts_on"
    )
    with refused_by("account_exemption_overlap", overlap):
        exemption.save()
    return exemption


@transaction.atomic
def end_exemption(exemption: AccountExemption, *, on: date, by: User | None) -> None:
    """Let an exemption end before `on`, the business day; one not begun yet is deleted."""
    exemption = AccountExemption.objects.select_for_update(of=("self",)).get(pk=exemption.pk)
    sign(exemption, by)
    if exemption.period.lower >= on:
        exemption.delete()
    elif exemption.period.upper is None or exemption.period.upper > on:
        exemption.period = days(exemption.period.lower, on)
        exemption.save(update_fields=["period"])
