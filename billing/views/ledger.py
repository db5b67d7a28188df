"""The administrator's ledger: every figure opens to the entries behind it."""

from __future__ import annotations

from typing import Any

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from billing.forms import narrow
from billing.ledger import journal
from billing.ledger.posting import Account, Kind
from billing.ledger.words import ACCOUNTS, KINDS, OWN_SIDE
from billing.models import LedgerTransaction
from billing.states import ADJUSTMENTS, REASONS
from billing.views.blueprint import bp
from billing.views.pages import Pages, amount_in_cells, local_minute
from practice.core import audit
from practice.core.forms import Errors
from practice.queries.people import the_practice
from practice.security import current_person, office_only
from practice.sheets import csv_response

KEPT_IN_LINKS = ("text", "kind", "account", "since", "until")
COLUMNS = (
    "Posting",
    "When",
    "What",
    "Account",
    "Debit",
    "Credit",
    "Currency",
    "Client",
    "Counselor",
    "Invoice",
    "Payment",
    "Reference",
)


@bp.get("/ledger")
@office_only
def ledger() -> ResponseReturnValue:
    """List what is in the books, with what every account comes to."""
    zone = the_practice().zone
    wanted, form = narrow(request.args, states={}, zone=zone)
    found, kinds, accounts = journal.page(wanted), journal.kinds_booked(), journal.accounts_used()
    return render_template(
        "billing/ledger.html",
        found=found,
        form=form,
        account=Account(wanted.account) if wanted.account else None,
        accounts=ACCOUNTS,
        own_side=OWN_SIDE,
        kinds=KINDS,
        kinds_to_choose=[(kind, words) for kind, words in KINDS.items() if kind in kinds],
        accounts_to_choose=[(account, words) for account, words in ACCOUNTS.items() if account in accounts],
        pages=_pages(found),
        opened=_opened,
        download=_link("billing.ledger_csv"),
        narrowed=bool(_kept(form)),
        in_part=bool(_kept(form).keys() - {"account"}),
        zone=zone,
    )


@bp.get("/ledger.csv")
@office_only
def ledger_csv() -> ResponseReturnValue:
    """Download the entries the list shows, one line each; reading them is noted."""
    zone = the_practice().zone
    wanted, _ = narrow(request.args, states={}, zone=zone)
    lines = [line for posting in journal.whole(wanted) for line in _lines(posting, zone)]
    audit.record_aside("ledger.exported", person_id=current_person().id, detail={"rows": len(lines)})
    return csv_response("ledger.csv", COLUMNS, lines)


@bp.get("/ledger/<int:posting_id>")
@office_only
def posting(posting_id: int) -> ResponseReturnValue:
    """Show one posting: its two sides, whom it is about, and what it stands on."""
    found = journal.posting_of(posting_id) or abort(404)
    return render_template(
        "billing/posting.html",
        posting=found,
        refund=journal.refund_behind(found),
        adjustment=journal.adjustment_behind(found),
        accounts=ACCOUNTS,
        kinds=KINDS,
        reasons={**REASONS, **ADJUSTMENTS},
        zone=the_practice().zone,
    )


@bp.app_template_filter("account_words")
def account_words(account: str) -> str:
    """Name an account."""
    return ACCOUNTS[Account(account)]


def _lines(posting: LedgerTransaction, zone: str) -> list[list[object]]:
    return [
        [
            posting.id,
            local_minute(posting.posted_at, zone),
            KINDS[Kind(posting.kind)],
            ACCOUNTS[Account(entry.account)],
            amount_in_cells(entry.amount) if entry.amount_cents > 0 else "",
            amount_in_cells(-entry.amount) if entry.amount_cents < 0 else "",
            entry.currency,
            entry.client.name if entry.client else "",
            entry.counselor.name if entry.counselor else "",
            entry.invoice.label if entry.invoice else "",
            posting.payment_id or "",
            posting.reference,
        ]
        for entry in posting.entries
    ]


def _opened(account: Account) -> str:
    """Lead to the entries behind what an account comes to."""
    return url_for("billing.ledger", **{**_kept(), "account": account})


def _kept(form: Errors | None = None) -> dict[str, Any]:
    wrong = form.messages if form else {}
    return {name: request.args[name] for name in KEPT_IN_LINKS if request.args.get(name) and name not in wrong}


def _link(endpoint: str, **values: Any) -> str:
    return url_for(endpoint, **_kept(), **values)


def _pages(found: journal.Journal) -> Pages:
    number = found.number
    return Pages(
        number=number,
        pages=found.pages,
        previous_href=_link("billing.ledger", page=number - 1) if number > 1 else None,
        next_href=_link("billing.ledger", page=number + 1) if number < found.pages else None,
    )
