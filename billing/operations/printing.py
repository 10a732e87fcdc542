"""Making the PDF of a bill: once, from what was stored at posting, and the same ever after."""

from datetime import UTC, datetime, time

from django.utils import timezone

from billing.models import Bill, BillPrint
from billing.operations.errors import BillingError
from billing.providers.typst import render


class NotPosted(BillingError):
    """A draft bill has nothing to print from yet."""


def bill_pdf(bill: Bill) -> bytes:
    """Return the bill's PDF; it is made when first asked for, and stored.

    It says that it was made on the day of issue, so a second maker gets the same bytes; the first
    one stored is kept. Raises NotPosted.
    """
    prints = BillPrint.objects.filter(bill=bill)
    found = prints.first()
    if found is None:
        raise NotPosted(f"{bill} is not posted yet; it can be printed once it is.")
    if found.pdf is None:
        dated = datetime.combine(bill.issued_on, time(), UTC)
        pdf = render(found.template_version, found.content, dated=dated)
        prints.filter(pdf=None).update(pdf=pdf, pdf_made_at=timezone.now())
        found.refresh_from_db(fields=["pdf"])
    return bytes(found.pdf or b"")
