"""Who is billed (Account), by whom (Seller), and who takes the service (AccountUser)."""

from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from config.shared.addresses import address_of
from config.shared.db import money_field


class Seller(models.Model):
    """The legal entity that sells and invoices; each has number series of its own."""

    code = models.SlugField(max_length=20, unique=True)
    name = models.CharField(max_length=120)
    address = models.TextField(blank=True)
    tax_number = models.CharField(max_length=40, blank=True)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=40, blank=True)

    history = HistoricalRecords()

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Return the address of the seller's page."""
        return address_of("subscriptions:seller_edit", self.code)


class AccountStatus(models.TextChoices):
    ACTIVE = "ACTIVE", "Active"
    SUSPENDED = "SUSPENDED", "Suspended"
    COLLECTIONS = "COLLECTIONS", "Collections"
    CLOSED = "CLOSED", "Closed"


class Account(models.Model):
    """Who is billed and pays (TMF666 BillingAccount). One currency for life."""

    number = models.CharField(max_length=20, unique=True)
    seller = models.ForeignKey(Seller, models.PROTECT, related_name="accounts", db_index=False)
    name = models.CharField(max_length=120)
    sort_name = models.CharField(
        max_length=120, editable=False, help_text="The name casefolded, accents stripped."
    )
    account_class = models.ForeignKey(
        "catalog.AccountClass", models.PROTECT, null=True, blank=True, related_name="accounts"
    )
    classification = models.ForeignKey(
        "catalog.AccountClassification",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="accounts",
    )
    currency = models.ForeignKey(
        "pricing.Currency", models.PROTECT, related_name="+", db_index=False
    )
    status = models.CharField(max_length=11, choices=AccountStatus, default=AccountStatus.ACTIVE)
    status_reason = models.CharField(max_length=80, blank=True)
    billing_day = models.PositiveSmallIntegerField(
        default=1, help_text="1 to 31; in a shorter month the last day."
    )
    payment_terms_days = models.PositiveSmallIntegerField(
        default=15, help_text="Days from posting to the due date."
    )
    credit_limit = money_field(null=True, blank=True)
    grace_until = models.DateField(null=True, blank=True, help_text="Until then no deactivation.")
    immune = models.BooleanField(default=False, help_text="Never deactivated by a run.")
    taxable = models.BooleanField(default=True)
    exemption_number = models.CharField(max_length=40, blank=True)
    tax_region = models.ForeignKey(
        "pricing.TaxRegion", models.PROTECT, null=True, blank=True, related_name="accounts"
    )
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=40, blank=True)
    street = models.CharField(max_length=120, blank=True)
    postal_code = models.CharField(max_length=20, blank=True)
    city = models.CharField(max_length=80, blank=True)
    country = models.CharField(max_length=2, blank=True)
    opened_on = models.DateField()

    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="account_billing_day",
                condition=Q(billing_day__gte=1, billing_day__lte=31),
                violation_error_message="The billing day is a day of the month, 1 to 31.",
            ),
            models.CheckConstraint(
                name="account_credit_limit", condition=Q(credit_limit=None) | Q(credit_limit__gte=0)
            ),
        ]
        indexes = [models.Index(fields=["sort_name", "id"], name="account_by_name")]

    def __str__(self) -> str:
        return f"{self.number} {self.name}"

    def get_absolute_url(self) -> str:
        """Return the address of the account's page."""
        return address_of("subscriptions:account_detail", self.number)


class UserStatus(models.TextChoices):
    ACTIVE = "ACTIVE", "Active"
    SUSPENDED = "SUSPENDED", "Suspended"
    CLOSED = "CLOSED", "Closed"


class AccountUser(models.Model):
    """A service location or person of an account (BillMax: User); takes the services."""

    number = models.CharField(max_length=20, unique=True)
    account = models.ForeignKey(Account, models.PROTECT, related_name="users")
    name = models.CharField(max_length=120)
    technology = models.ForeignKey(
        "catalog.Technology", models.PROTECT, null=True, blank=True, related_name="users"
    )
    status = models.CharField(max_length=9, choices=UserStatus, default=UserStatus.ACTIVE)
    tax_region = models.ForeignKey(
        "pricing.TaxRegion",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="users",
        help_text="That of the account, where empty.",
    )
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=40, blank=True)
    street = models.CharField(max_length=120, blank=True)
    postal_code = models.CharField(max_length=20, blank=True)
    city = models.CharField(max_length=80, blank=True)
    country = models.CharField(max_length=2, blank=True)

    history = HistoricalRecords()

    def __str__(self) -> str:
        return f"{self.number} {self.name}"

    def get_absolute_url(self) -> str:
        """Return the address of the user's page."""
        return address_of("subscriptions:user_detail", self.number)
