"""Provisioning in Django's admin: for superusers. Requests are their own history, and only read."""

from django.contrib import admin
from django.db import models
from simple_history.admin import SimpleHistoryAdmin

from provisioning.models import Distributor, ProductDistribution, Provider, ProvisioningRequest


class DistributorInline(admin.TabularInline):
    """Distributors of a provider."""

    model = Distributor
    extra = 0


@admin.register(Provider)
class ProviderAdmin(SimpleHistoryAdmin):
    """Providers with their distributors."""

    list_display = ("name", "code", "protocol", "url", "effective")
    list_filter = ("effective", "protocol")
    search_fields = ("name", "code")
    ordering = ("name", "id")
    inlines = (DistributorInline,)
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}


@admin.register(ProductDistribution)
class ProductDistributionAdmin(SimpleHistoryAdmin):
    """Products at providers."""

    list_display = ("product", "provider", "external_id")
    list_filter = ("provider",)
    list_select_related = ("product", "provider")
    search_fields = ("external_id", "product__code", "product__name")
    autocomplete_fields = ("product", "provider")
    filter_horizontal = ("distributors",)
    ordering = ("product__name", "id")


@admin.register(ProvisioningRequest)
class ProvisioningRequestAdmin(admin.ModelAdmin):
    """The outbox."""

    list_display = ("number", "kind", "provider", "subscription", "state", "attempts")
    list_filter = ("state", "provider", "kind")
    list_select_related = ("provider", "subscription")
    search_fields = ("number", "subscription__number")
    ordering = ("-id",)

    def has_add_permission(self, request):
        """Actions make requests."""
        return False

    def has_change_permission(self, request, obj=None):
        """Requests are tried again or skipped on their own page."""
        return False

    def has_delete_permission(self, request, obj=None):
        """Requests stay."""
        return False
