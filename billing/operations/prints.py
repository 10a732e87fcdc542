"""What a bill is printed from: stored when it is posted, so that it prints the same ever after."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from billing.models import BillPrint
from billing.operations.invoicing import AccountBill, Document, Line
from billing.queries.items import Taxed
from config.shared.db import copy_rows
from subscriptions.models import Seller

TEMPLATE_VERSION = "bill-2"


_as_json = json.JSONEncoder(ensure_ascii=False, check_circular=False).encode


def print_contents(
    bills: Iterable[AccountBill], sellers: Mapping[int, Seller], numbers: Mapping[int, str]
) -> list[dict[str, Any]]:
    """Return what each bill is printed from, for `write_prints`: their numbers may come later.

    `numbers` are those of the subscriptions.
    """
    found = {pk: _seller(seller) for pk, seller in sellers.items()}
    return [bill_content(bill, found[bill.account.seller_id], numbers) for bill in bills]


def write_prints(bills: Sequence[AccountBill], contents: Sequence[dict[str, Any]]) -> None:
    """Store what the bills are printed from, with the numbers they have by now."""
    for bill, content in zip(bills, contents, strict=True):
        content["bill"]["number"] = bill.number
        for document, part in zip(bill.documents, content["documents"], strict=True):
            part["number"] = document.number
    copy_rows(
        BillPrint,
        ("bill_id", "content", "template_version"),
        (
            (bill.bill_id, _as_json(content), TEMPLATE_VERSION)
            for bill, content in zip(bills, contents, strict=True)
        ),
    )


def bill_content(
    bill: AccountBill, seller: Mapping[str, str], numbers: Mapping[int, str]
) -> dict[str, Any]:
    """Return a bill as JSON: days as ISO dates with the last day inclusive, amounts as text.

    Keys: `bill`, `seller`, `account`, `documents` (each with `lines` and `taxes`), `totals`. The
    `rate` of a line is the price of its whole cycle of `cycle_days`, for its quantity.
    """
    account = bill.account
    coin = account.coin
    start, end = bill.period
    return {
        "bill": {
            "number": bill.number,
            "issued_on": bill.issued_on.isoformat(),
            "due_on": bill.due_on.isoformat(),
            "from": start.isoformat(),
            "to": _last_day(end),
            "currency": account.currency,
            "minor_digits": account.minor_digits,
        },
        "seller": seller,
        "account": {
            "number": account.number,
            "name": account.name,
            "street": account.street,
            "postal_code": account.postal_code,
            "city": account.city,
            "country": account.country,
            "exemption_number": account.exemption_number,
        },
        "documents": [_document(document, coin, numbers) for document in bill.documents],
        "totals": {
            "net": _money(bill.net, coin),
            "tax": _money(bill.tax, coin),
            "total_debit": _money(bill.total_debit, coin),
            "total_credit": _money(bill.total_credit, coin),
            "total_billed": _money(bill.total_billed, coin),
            "brought_forward": _money(bill.brought_forward, coin),
            "credits_between": _money(bill.credits_between, coin),
            "to_be_paid": _money(bill.to_be_paid, coin),
        },
    }


def _document(document: Document, coin: Decimal, numbers: Mapping[int, str]) -> dict[str, Any]:
    return {
        "kind": "CREDIT_NOTE" if document.is_credit else "INVOICE",
        "number": document.number,
        "subscription": numbers[document.subscription_id],
        "lines": [_line(line, coin) for line in document.lines],
        "taxes": [
            {
                "name": tax.name,
                "percent": _percent(tax.fraction),
                "net": _money(tax.net, coin),
                "tax": _money(tax.tax, coin),
            }
            for tax in document.taxes
        ],
        "net": _money(document.net, coin),
        "tax": _money(document.tax, coin),
        "gross": _money(document.gross, coin),
    }


def _line(line: Line, coin: Decimal) -> dict[str, Any]:
    item, taxed = line.item, line.taxed
    return {
        "kind": item.kind,
        "text": line.text,
        "from": item.start.isoformat(),
        "to": _last_day(item.end),
        "days": (item.end - item.start).days,
        "cycle_days": (item.cycle_end - item.cycle_start).days,
        "quantity": _plain(item.quantity),
        "rate": _rate(line.rate_amount, coin),
        "tax_inclusive": item.tax_inclusive,
        "tax_percent": _percents(taxed),
        "net": _money(taxed.net, coin),
        "tax": _money(taxed.tax, coin),
        "gross": _money(taxed.gross, coin),
    }


def _seller(seller: Seller) -> dict[str, str]:
    return {
        "name": seller.name,
        "address": seller.address,
        "tax_number": seller.tax_number,
        "email": seller.email,
        "phone": seller.phone,
    }


def _money(amount: Decimal, coin: Decimal) -> str:
    return str(amount.quantize(coin))


def _rate(amount: Decimal, coin: Decimal) -> str:
    """Return the price of a whole cycle; finer than the currency where it is."""
    rounded = amount.quantize(coin)
    return str(rounded) if rounded == amount else _plain(amount)


def _percent(fraction: Decimal) -> str:
    return _plain(fraction * 100)


def _percents(taxed: Taxed) -> str:
    """Return the percentages of a line's taxes: "10", or "10 + 5" of several."""
    if len(taxed.parts) < 2:
        return _percent(taxed.fraction)
    return " + ".join(_percent(part.fraction) for part in taxed.parts)


def _plain(number: Decimal) -> str:
    """Return a number without trailing zeros: 1.0000 is "1"."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _last_day(end: date) -> str:
    return (end - timedelta(days=1)).isoformat()
