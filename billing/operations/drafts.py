"""What a run made before posting: drafts are made anew when it goes on, or taken back."""

from collections.abc import Sequence
from datetime import date

from django.db import connection
from django.db.models import Min

from billing.models import Bill, CreditNote, Directive, DocumentState, Invoice, RatedBillingItem
from config.shared.db import among
from config.shared.models import LIVE_STATES, Run

_RESET_MARKS = """
    UPDATE billing_ratingmark m
    SET finished = false, rated_up_to = s.rated_up_to,
        rerate_from = CASE WHEN s.rated_up_to IS NULL THEN NULL
                           ELSE least(m.rerate_from, s.touched_from) END
    FROM (
        SELECT t.service_id, t.touched_from, (
            SELECT max(upper(i.period)) FROM billing_ratedbillingitem i
            WHERE i.service_id = t.service_id AND i.kind = 'RECURRING'
                AND i.reversed_at IS NULL AND i.reverses_id IS NULL
        ) AS rated_up_to
        FROM unnest(%s::bigint[], %s::date[]) AS t (service_id, touched_from)
    ) s
    WHERE m.service_id = s.service_id
"""


def delete_drafts(run: Run, account_ids: Sequence[int]) -> None:
    """Delete the run's draft documents and bills of these accounts; their items stay."""
    for model in (Invoice, CreditNote):
        model.objects.filter(
            run=run, account_id__in=among(account_ids), state=DocumentState.DRAFT
        ).delete()
    Bill.objects.filter(
        run=run, account_id__in=among(account_ids), state=DocumentState.DRAFT
    ).delete()


def delete_abandoned_drafts(account_ids: Sequence[int]) -> None:
    """Delete drafts of these accounts that runs which ended early have left behind."""
    left = Run.objects.exclude(state__in=LIVE_STATES)
    for model in (Invoice, CreditNote, Bill):
        drafts = model._default_manager.filter(
            account_id__in=among(account_ids), state=DocumentState.DRAFT
        )
        drafts.filter(run_id__in=left.values("pk")).delete()


def discard_ratings(run: Run, account_ids: Sequence[int]) -> None:
    """Take back what the run did for accounts before posting: drafts, items, reversals, marks.

    Services then stand where their live items say; the next run compares the days whose items
    went or came back.
    """
    delete_drafts(run, account_ids)
    own = RatedBillingItem.objects.filter(
        run=run, account_id__in=among(account_ids), directive=Directive.NOT_BILLED
    )
    touched: list[tuple[int, date]] = list(
        own.filter(service__isnull=False)
        .values_list("service_id")
        .annotate(touched_from=Min("period__startswith"))
        .order_by("service_id")
    )
    reversed_ids = list(own.exclude(reverses=None).values_list("reverses_id", flat=True))
    own.delete()
    RatedBillingItem.objects.filter(pk__in=reversed_ids).update(reversed_at=None)
    if touched:
        with connection.cursor() as cursor:
            cursor.execute(_RESET_MARKS, [list(column) for column in zip(*touched, strict=True)])
