"""Forms of provisioning."""

from django import forms
from django.core.validators import URLValidator

from config.shared.forms import RatebookForm, RatebookModelForm
from provisioning.models import Provider


class ProviderForm(RatebookModelForm):
    """A provider: how it is reached, and how it wants to be asked."""

    form_sections = (
        ("Provider", ("name", "code")),
        ("Connection", ("protocol", "url", "timeout_seconds", "method")),
    )

    url = forms.URLField(
        label="Address",
        assume_scheme="https",
        validators=[URLValidator(schemes=["http", "https"])],
        help_text="Requests are sent to this address, followed by /requests.",
    )
    timeout_seconds = forms.IntegerField(
        label="Time-out in seconds",
        min_value=1,
        max_value=60,
        initial=5,
        help_text="An answer that takes longer counts as none, and the request is sent again.",
    )

    class Meta:
        model = Provider
        fields = ("name", "code", "protocol", "url", "timeout_seconds", "method")


class DistributorForm(RatebookForm):
    """A new distributor of a provider."""

    code = forms.SlugField(max_length=40, help_text="What requests call it.")
    name = forms.CharField(max_length=80)


class SkipForm(RatebookForm):
    """Why a request is skipped."""

    reason = forms.CharField(max_length=200)


class ProductProvidersForm(RatebookForm):
    """A product at the providers: the provider's id for it, and the distributors applied.

    A provider left without id and distributors does not carry the product. `providers` come with
    their distributors; `distributions` are what is stored, by provider.
    """

    def __init__(self, *args, providers, distributions, **kwargs):
        super().__init__(*args, **kwargs)
        self.providers = list(providers)
        self.distributions = distributions
        for provider in self.providers:
            stored = distributions.get(provider.pk)
            self.fields[f"id_{provider.pk}"] = forms.CharField(
                label=f"{provider}'s id",
                max_length=80,
                required=False,
                initial=stored.external_id if stored else "",
            )
            self.fields[f"distributors_{provider.pk}"] = forms.TypedMultipleChoiceField(
                label=f"Applied distributors of {provider}",
                choices=[(each.pk, str(each)) for each in provider.distributors.all()],
                coerce=int,
                required=False,
                widget=forms.CheckboxSelectMultiple,
                initial=[each.pk for each in stored.distributors.all()] if stored else [],
            )

    def rows(self):
        """Return a row for each provider: provider, what is stored, and the two fields."""
        return [
            {
                "provider": provider,
                "distribution": self.distributions.get(provider.pk),
                "external_id": self[f"id_{provider.pk}"],
                "distributors": self[f"distributors_{provider.pk}"],
            }
            for provider in self.providers
        ]

    def clean(self):
        """Ask for the id where distributors are applied."""
        cleaned = super().clean()
        for provider in self.providers:
            applied = cleaned.get(f"distributors_{provider.pk}")
            if applied and not cleaned.get(f"id_{provider.pk}"):
                self.add_error(f"id_{provider.pk}", f"Give the id that {provider} uses.")
        return cleaned

    def changed_rows(self):
        """Return (provider, id, distributors) of the providers for which something changed."""
        names = set(self.changed_data)
        return [
            (
                provider,
                self.cleaned_data[f"id_{provider.pk}"],
                self._applied(provider),
            )
            for provider in self.providers
            if {f"id_{provider.pk}", f"distributors_{provider.pk}"} & names
        ]

    def _applied(self, provider):
        chosen = set(self.cleaned_data[f"distributors_{provider.pk}"])
        return [each for each in provider.distributors.all() if each.pk in chosen]
