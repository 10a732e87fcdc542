"""The exemptions of an account as a panel of its page."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest

from config.shared.operations.clock import today
from config.shared.panels import Panel
from config.shared.views.access import user_of
from pricing.queries.tax_places import tax_codes_to_choose
from subscriptions.forms.tax import AccountExemptionForm
from subscriptions.models import Account
from subscriptions.operations.accounts import AccountError
from subscriptions.operations.exemptions import end_exemption, exempt_account
from subscriptions.queries.exemptions import exemptions_of


class AccountExemptions(Panel):
    """The days on which an account is not taxed, with its certificates."""

    title = "Tax exemptions"
    slug = "tax-exemptions"
    tab = "billing"
    order = 15
    wide = False
    template_name = "pricing/partials/tax_exemptions.html"
    permission = "subscriptions.view_account"
    form_class = AccountExemptionForm
    form_permission = "subscriptions.add_accountexemption"
    submit_label = "Add exemption"
    refusals = (AccountError,)

    def context(self, obj: Account, request: HttpRequest) -> Mapping[str, Any]:
        """Return the exemptions."""
        exemptions = list(exemptions_of(obj))
        return {"exemptions": exemptions, "count": len(exemptions), "today": today()}

    def form_kwargs(self, obj: Account, request: HttpRequest) -> dict[str, Any]:
        """Propose today."""
        return {
            "initial": {"starts_on": today()},
            "exemptions": exemptions_of(obj),
            "tax_codes": tax_codes_to_choose(),
        }

    def submit(self, obj: Account, request: HttpRequest, form: Any) -> str:
        """Add an exemption, or end the one whose button was pressed."""
        ended = form.ended()
        if ended is not None:
            end_exemption(ended, on=today(), by=user_of(request))
            return "The exemption was ended."
        data = form.cleaned_data
        exempt_account(
            obj,
            tax_code=data["tax_code"],
            certificate_number=data["certificate_number"],
            starts_on=data["starts_on"],
            ends_on=data["ends_on"],
            by=user_of(request),
        )
        return "The exemption was added."
