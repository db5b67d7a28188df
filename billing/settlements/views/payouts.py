"""What the card company sends to the bank, and what each payout is made of."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from billing.ledger.words import ACCOUNTS
from billing.settlements import queries, services, words
from billing.views.blueprint import bp
from billing.views.pages import Pages, amount_in_cells, local_minute
from practice.core import audit
from practice.core.ports import ports
from practice.queries.people import the_practice
from practice.security import current_person, office_only
from practice.sheets import csv_response

COLUMNS = ("Line", "When", "What", "Amount", "Fee", "Net", "Currency", "Client", "Payment", "Reference")


@bp.get("/payouts")
@office_only
def payouts() -> ResponseReturnValue:
    """List the payouts, with what lies where on the way to the bank."""
    found = queries.payouts(min(max(request.args.get("page", 1, type=int), 1), 10_000))
    return render_template(
        "billing/payouts/list.html",
        found=found,
        standing=queries.standing(),
        accounts=ACCOUNTS,
        states=words.PAYOUTS,
        pages=_pages(found),
        zone=the_practice().zone,
    )


@bp.post("/payouts/reading")
@office_only
def read_statement() -> ResponseReturnValue:
    """Read the statement now."""
    now = ports().clock.now()
    new = services.read(ports().payments, now=now)
    services.ask_about_payouts(ports().payments, now=now)
    flash(f"{new} new lines." if new != 1 else "One new line.", "info")
    return redirect(url_for("billing.payouts"), 303)


@bp.get("/payouts/<payout_id>")
@office_only
def payout(payout_id: str) -> ResponseReturnValue:
    """Show what a payout is made of."""
    found = queries.payout(payout_id) or abort(404)
    lines = queries.lines_of(payout_id)
    return render_template(
        "billing/payouts/payout.html",
        payout=found,
        lines=lines,
        parts=queries.parts_of(lines),
        kinds=words.LINES,
        state=words.PAYOUTS[found.stage],
        problem=words.payout_problem(found.problem),
        zone=the_practice().zone,
    )


@bp.get("/payouts/<payout_id>.csv")
@office_only
def payout_csv(payout_id: str) -> ResponseReturnValue:
    """Download the lines of a payout; reading them is noted."""
    found = queries.payout(payout_id) or abort(404)
    zone = the_practice().zone
    lines = queries.lines_of(found.id)
    rows: list[list[object]] = [
        [
            line.id,
            local_minute(line.created_at, zone),
            words.LINES[line.kind],
            *(amount_in_cells(amount) for amount in (line.amount, line.fee, line.net)),
            line.currency,
            line.payment.client.name if line.payment else "",
            line.payment_id or "",
            line.source,
        ]
        for line in lines
    ]
    audit.record_aside("payout.exported", person_id=current_person().id, detail={"rows": len(rows)})
    return csv_response(f"payout-{found.id}.csv", COLUMNS, rows)


def _pages(found: queries.Page) -> Pages:
    number = found.number
    return Pages(
        number,
        found.pages,
        url_for("billing.payouts", page=number - 1) if number > 1 else None,
        url_for("billing.payouts", page=number + 1) if number < found.pages else None,
    )
