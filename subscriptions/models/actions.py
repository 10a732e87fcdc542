"""Subscription actions: every change of a subscription is a recorded act."""

from django.conf import settings
from django.db import models
from django.db.models import Q


class ActionKind(models.TextChoices):
    """What is done (CRM.COM: behaviour codes)."""

    BECOME_SUBSCRIBER = "BECOME_SUBSCRIBER", "Become subscriber"
    ADD_SERVICE = "ADD_SERVICE", "Add service"
    ADD_EXPENSE = "ADD_EXPENSE", "Add expense"
    AMEND_BUNDLE = "AMEND_BUNDLE", "Amend bundle services"
    ACTIVATE = "ACTIVATE", "Activate"
    DEACTIVATE = "DEACTIVATE", "Deactivate"
    CANCEL = "CANCEL", "Cancel"
    SET_END_DATE = "SET_END_DATE", "Set end date"


class ActionState(models.TextChoices):
    SCHEDULED = "SCHEDULED", "Scheduled"
    EXECUTED = "EXECUTED", "Executed"
    REJECTED = "REJECTED", "Rejected"
    CANCELLED = "CANCELLED", "Cancelled"


class SubscriptionAction(models.Model):
    """One act on a subscription: who, when, why, on which services, and what came of it.

    `details` holds the act's own values as JSON (what was asked); effects are rows elsewhere.
    """

    number = models.CharField(max_length=20, unique=True)
    subscription = models.ForeignKey(
        "subscriptions.Subscription", models.PROTECT, related_name="actions"
    )
    kind = models.CharField(max_length=20, choices=ActionKind)
    classification = models.CharField(max_length=40, blank=True, help_text="The reason given.")
    state = models.CharField(max_length=9, choices=ActionState)
    performed_on = models.DateField(help_text="The business day from which it holds.")
    scheduled_for = models.DateField(null=True, blank=True)
    executed_at = models.DateTimeField(null=True, blank=True)
    performed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    source = models.CharField(
        max_length=40, blank=True, help_text="The run or program that did it, where no person."
    )
    services = models.ManyToManyField(
        "subscriptions.SubscribedService", blank=True, related_name="actions"
    )
    details = models.JSONField(default=dict, blank=True)
    comment = models.CharField(max_length=200, blank=True)
    outcome = models.TextField(blank=True, help_text="Why it was rejected, where it was.")
    provision = models.BooleanField(default=True, help_text="Off: nothing is sent to providers.")

    class Meta:
        indexes = [
            models.Index(
                fields=["scheduled_for"], name="action_scheduled", condition=Q(state="SCHEDULED")
            )
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.kind}"
