"""Subscriptions in Django's admin: set-up can be corrected, what operations write is read only."""

from django.contrib import admin
from simple_history.admin import SimpleHistoryAdmin

from subscriptions.models import (
    Account,
    AccountExemption,
    AccountUser,
    AddedExpense,
    BillingTerms,
    BillingTermScheme,
    DiscountTerms,
    GivenDiscount,
    PastAccountClasses,
    PlanConditionTerm,
    SchemeProduct,
    Seller,
    ServiceSpell,
    SubscribedService,
    Subscription,
    SubscriptionAction,
    SubscriptionType,
)


class ReadOnly:
    """Nothing is added, changed or deleted here."""

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Seller)
class SellerAdmin(SimpleHistoryAdmin):
    """Legal entities that sell and invoice."""

    list_display = ("code", "name", "tax_number")
    search_fields = ("code", "name")
    ordering = ("name", "id")


class SchemeProductInline(admin.TabularInline):
    """Products of a scheme."""

    model = SchemeProduct
    extra = 0
    autocomplete_fields = ("product",)


@admin.register(AccountExemption)
class AccountExemptionAdmin(SimpleHistoryAdmin):
    """Exemptions of accounts from taxes."""

    list_display = ("account", "tax_code", "period", "certificate_number")
    list_select_related = ("account", "tax_code")
    raw_id_fields = ("account",)
    search_fields = ("account__number", "certificate_number")
    ordering = ("account", "id")


@admin.register(BillingTermScheme)
class BillingTermSchemeAdmin(SimpleHistoryAdmin):
    """Billing term schemes."""

    list_display = ("code", "name", "kind", "method", "state")
    list_filter = ("kind", "method", "state")
    search_fields = ("code", "name")
    inlines = (SchemeProductInline,)
    ordering = ("code", "id")


@admin.register(SubscriptionType)
class SubscriptionTypeAdmin(SimpleHistoryAdmin):
    """Subscription types; a product added here is not added to schemes."""

    list_display = ("code", "name", "active")
    search_fields = ("code", "name")
    autocomplete_fields = ("schemes", "products")
    ordering = ("code", "id")


class UserInline(ReadOnly, admin.TabularInline):
    """Users of an account."""

    model = AccountUser
    fields = ("number", "name", "technology", "status")
    extra = 0
    show_change_link = True


@admin.register(Account)
class AccountAdmin(ReadOnly, SimpleHistoryAdmin):
    """Accounts with their users."""

    list_display = ("number", "name", "account_class", "currency", "status")
    list_filter = ("status", "account_class", "currency")
    list_select_related = ("account_class", "currency")
    search_fields = ("number", "sort_name", "email", "phone")
    inlines = (UserInline,)
    ordering = ("sort_name", "id")


@admin.register(AccountUser)
class AccountUserAdmin(ReadOnly, SimpleHistoryAdmin):
    """Users, for their history."""

    list_display = ("number", "name", "account", "technology", "status")
    list_select_related = ("account", "technology")
    search_fields = ("number", "name")
    ordering = ("-id",)


class TermsInline(ReadOnly, admin.TabularInline):
    """Billing terms of a subscription."""

    model = BillingTerms
    extra = 0


class ServiceInline(ReadOnly, admin.TabularInline):
    """Services of a subscription."""

    model = SubscribedService
    fields = ("number", "product", "parent", "state", "reason", "quantity", "ends_on")
    extra = 0
    show_change_link = True


class ExpenseInline(ReadOnly, admin.TabularInline):
    """One-time charges of a subscription."""

    model = AddedExpense
    extra = 0


@admin.register(Subscription)
class SubscriptionAdmin(ReadOnly, admin.ModelAdmin):
    """Subscriptions with their terms, services and expenses."""

    list_display = ("number", "account", "user", "type", "state", "first_activated_on")
    list_filter = ("state", "type")
    list_select_related = ("account", "user", "type")
    search_fields = ("number", "account__number")
    inlines = (TermsInline, ServiceInline, ExpenseInline)
    ordering = ("-id",)


class SpellInline(ReadOnly, admin.TabularInline):
    """The timeline of a service."""

    model = ServiceSpell
    extra = 0


@admin.register(SubscribedService)
class SubscribedServiceAdmin(ReadOnly, admin.ModelAdmin):
    """Services with their spells."""

    list_display = ("number", "subscription", "product", "state", "reason")
    list_filter = ("state", "reason")
    list_select_related = ("subscription", "product")
    search_fields = ("number", "subscription__number")
    inlines = (SpellInline,)
    ordering = ("-id",)


@admin.register(SubscriptionAction)
class SubscriptionActionAdmin(ReadOnly, admin.ModelAdmin):
    """What was done to subscriptions."""

    list_display = ("number", "kind", "subscription", "performed_on", "state", "performed_by")
    list_filter = ("kind", "state")
    list_select_related = ("subscription", "performed_by")
    search_fields = ("number", "subscription__number")
    ordering = ("-id",)


@admin.register(PastAccountClasses)
class PastAccountClassesAdmin(ReadOnly, admin.ModelAdmin):
    """What accounts were before their class or classification changed."""

    list_display = ("account", "period", "account_class", "classification")
    list_select_related = ("account", "account_class", "classification")
    search_fields = ("account__number", "account__name")
    ordering = ("account", "period", "id")


@admin.register(PlanConditionTerm)
class PlanConditionTermAdmin(ReadOnly, SimpleHistoryAdmin):
    """Values of price plans' conditions on billing terms."""

    list_display = ("condition", "subscription_type", "scheme", "frequency")
    list_select_related = ("condition__plan", "subscription_type", "scheme")
    search_fields = ("condition__plan__code",)
    ordering = ("condition", "id")


@admin.register(DiscountTerms)
class DiscountTermsAdmin(SimpleHistoryAdmin):
    """Which billing terms discounts are for; frozen with them."""

    list_display = ("discount", "frequencies", "binding_months")
    list_select_related = ("discount",)
    search_fields = ("discount__code", "discount__name")
    ordering = ("discount",)
    actions = None

    def has_change_permission(self, request, obj=None):
        """Refuse those of a discount that has been given."""
        is_frozen = obj is not None and obj.discount.used_at is not None
        return not is_frozen and super().has_change_permission(request, obj)

    def has_delete_permission(self, request, obj=None):
        """Refuse those of a discount that has been given."""
        is_frozen = obj is not None and obj.discount.used_at is not None
        return not is_frozen and super().has_delete_permission(request, obj)


@admin.register(GivenDiscount)
class GivenDiscountAdmin(ReadOnly, admin.ModelAdmin):
    """Discounts given by hand: made by operations, their own history."""

    list_display = ("number", "discount", "subscription", "period", "state")
    list_select_related = ("discount", "subscription")
    list_filter = ("state",)
    search_fields = ("number", "subscription__number", "discount__code")
    ordering = ("-id",)
