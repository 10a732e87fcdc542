"""The outbox of requests to providers."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from config.shared.addresses import address_of


class RequestKind(models.TextChoices):
    ACTIVATE_SERVICE = "ACTIVATE_SERVICE", "Activate service"
    DEACTIVATE_SERVICE = "DEACTIVATE_SERVICE", "Deactivate service"
    ACTIVATE_SUBSCRIBER = "ACTIVATE_SUBSCRIBER", "Activate subscriber"
    DEACTIVATE_SUBSCRIBER = "DEACTIVATE_SUBSCRIBER", "Deactivate subscriber"


class RequestState(models.TextChoices):
    """PENDING until the provider answers; DEAD after the last retry, until retried or skipped."""

    PENDING = "PENDING", "Pending"
    COMPLETED = "COMPLETED", "Completed"
    REJECTED = "REJECTED", "Rejected"
    DEAD = "DEAD", "Given up"
    SKIPPED = "SKIPPED", "Skipped"


# In these states a request blocks those behind it in its lane.
BLOCKING_STATES = (RequestState.PENDING, RequestState.REJECTED, RequestState.DEAD)


class ProvisioningRequest(models.Model):
    """One request to a provider, written in the transaction of the action that causes it.

    A lane is a subscription at a provider; its requests are delivered in order of their ids.
    """

    number = models.CharField(max_length=20, unique=True)
    provider = models.ForeignKey(
        "provisioning.Provider", models.PROTECT, related_name="requests", db_index=False
    )
    subscription = models.ForeignKey(
        "subscriptions.Subscription", models.PROTECT, related_name="provisioning_requests"
    )
    action = models.ForeignKey(
        "subscriptions.SubscriptionAction", models.PROTECT, related_name="provisioning_requests"
    )
    kind = models.CharField(max_length=21, choices=RequestKind)
    payload = models.JSONField(help_text="What is sent.")
    idempotency_key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    state = models.CharField(max_length=9, choices=RequestState, default=RequestState.PENDING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField()
    created_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    response = models.JSONField(null=True, blank=True, help_text="The provider's last answer.")
    last_error = models.TextField(blank=True)
    skip_reason = models.CharField(max_length=200, blank=True)
    handled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        indexes = [
            models.Index(
                fields=["next_attempt_at"], name="request_due", condition=Q(state="PENDING")
            ),
            models.Index(
                fields=["subscription", "provider", "id"],
                name="request_lane",
                condition=Q(state__in=["PENDING", "REJECTED", "DEAD"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.kind}"

    def get_absolute_url(self) -> str:
        """Return the address of the request's page."""
        return address_of("provisioning:request_detail", self.number)
