"""The form of an account's exemptions from taxes."""

from django import forms

from pricing.forms.tax_places import ExemptionForm


class AccountExemptionForm(ExemptionForm):
    """An exemption of an account with its certificate."""

    certificate_number = forms.CharField(max_length=40, required=False)
    asked = ("certificate_number", "starts_on")
    field_order = ["tax_code", "certificate_number", "starts_on", "ends_on"]
