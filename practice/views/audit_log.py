"""The audit log: who viewed and changed what."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from practice.core import audit
from practice.core.formats import local
from practice.core.ports import ports
from practice.deeds import detail, words
from practice.queries import audit_log as queries
from practice.queries.people import the_practice
from practice.security import administrators_only, current_person
from practice.sheets import csv_response
from practice.views.blueprint import bp
from practice.views.pages import number_asked, words_asked

COLUMNS = ("When", "Person", "Person number", "Action", "About", "About number", "Detail", "Address")


@bp.get("/audit-log")
@administrators_only
def audit_log() -> ResponseReturnValue:
    """Show the log, filtered, the newest entry first."""
    wanted, problem = _wanted()
    page = queries.page(wanted, before=number_asked("before"), after=number_asked("after"))
    return render_template(
        "practice/audit_log.html",
        page=page,
        names=queries.names(page.entries),
        actions=[(action, words(action)) for action in queries.actions()],
        words=words,
        detail=detail,
        zone=wanted.zone,
        kept=_kept(),
        problem=problem,
        newer_href=url_for("practice.audit_log", after=page.newer, **_kept()) if page.newer else None,
        older_href=url_for("practice.audit_log", before=page.older, **_kept()) if page.older else None,
    )


@bp.get("/audit-log.csv")
@administrators_only
def audit_log_csv() -> ResponseReturnValue:
    """Download the filtered log; that is noted too."""
    wanted, _ = _wanted()
    entries = list(queries.export(wanted))
    names = queries.names(entries)
    rows = [
        (
            local(entry.at, wanted.zone).isoformat(timespec="seconds"),
            names.get(entry.person_id or 0, ""),
            entry.person_id or "",
            entry.action,
            entry.subject_kind or "",
            entry.subject_id or "",
            detail(entry.detail),
            entry.address or "",
        )
        for entry in entries
    ]
    audit.record_aside("audit.exported", person_id=current_person().id, detail={"entries": len(rows)})
    return csv_response(f"audit-log-{local(ports().clock.now(), wanted.zone):%Y-%m-%d}.csv", COLUMNS, rows)


def _kept() -> dict[str, Any]:
    return {name: value for name in ("who", "action", "since", "until") if (value := words_asked(name))}


def _wanted() -> tuple[queries.Filter, str]:
    kept = _kept()
    since, until = _day(kept.get("since")), _day(kept.get("until"))
    problem = ""
    if (kept.get("since") and since is None) or (kept.get("until") and until is None):
        problem = "Enter days like 2026-11-24. A day that could not be read was left out."
    elif since and until and since > until:
        problem = "The first day is after the last one, so nothing can be between them."
    return (
        queries.Filter(
            who=kept.get("who", "")[:100],
            action=kept.get("action", "")[:60],
            since=since,
            until=until,
            zone=the_practice().zone,
        ),
        problem,
    )


def _day(text: str | None) -> date | None:
    try:
        found = date.fromisoformat(text or "")
    except ValueError:
        return None
    return found if 1970 <= found.year <= 9000 else None
