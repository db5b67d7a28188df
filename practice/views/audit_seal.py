"""The seal of the audit log: how far it reaches, who is sent it, the files, and the check."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from practice.core import audit, forms
from practice.core.db import db
from practice.core.formats import local
from practice.core.ports import ports
from practice.forms.people import Custodians
from practice.queries import audit_trail as queries
from practice.queries.people import the_practice
from practice.security import administrators_only, current_person
from practice.services import settings
from practice.trail import growing, heads, verifier
from practice.views.blueprint import bp

MOST_CHECKED_AT_ONCE = 200_000
"""Entries that are read within one request; a longer log is checked nightly and by `flask audit verify`."""


@bp.get("/audit-log/seal")
@administrators_only
def audit_seal() -> ResponseReturnValue:
    """Show the seal."""
    return _page(forms.blank(custodians=the_practice().audit_custodians.replace(" ", "\n")))


@bp.post("/audit-log/seal/custodians")
@administrators_only
def change_custodians() -> ResponseReturnValue:
    """Change who is sent the heads."""
    form = Custodians.parse(request.form)
    if isinstance(form, forms.Errors):
        return _page(form), 422
    changed = settings.change_custodians(the_practice(), form, by=current_person())
    db.session.commit()
    flash("Saved." if changed else "Nothing was different.", "good" if changed else "info")
    return redirect(url_for("practice.audit_seal"), 303)


@bp.post("/audit-log/seal/check")
@administrators_only
def check_audit_log() -> ResponseReturnValue:
    """Read the whole log against its heads, now."""
    if queries.size() > MOST_CHECKED_AT_ONCE:
        flash(
            "The log is too long to be read while you wait. It is checked each night, and by “flask audit verify”.",
            "info",
        )
        return redirect(url_for("practice.audit_seal"), 303)
    found = growing.check()
    db.session.commit()
    if found:
        return render_template("practice/audit_broken.html", found=found), 409
    flash("The log is whole: every entry is as it was when it was sealed.", "good")
    return redirect(url_for("practice.audit_seal"), 303)


@bp.get("/audit-log/tree-heads.txt")
@administrators_only
def tree_heads() -> ResponseReturnValue:
    """Download every head that was signed."""
    return _text("tree-heads.txt", "\n".join(queries.notes()))


@bp.get("/audit-log/audit-log.txt")
@administrators_only
def sealed_log() -> ResponseReturnValue:
    """Download the log as the verifier reads it; that is noted too."""
    audit.record_aside("audit.exported", person_id=current_person().id, detail={"entries": queries.size()})
    return _text("audit-log.txt", "".join(growing.exported()))


@bp.get("/audit-log/verifier.py")
@administrators_only
def verifier_program() -> ResponseReturnValue:
    """Download the program that checks a log without this practice."""
    return _text("verifier.py", Path(verifier.__file__).read_text("utf-8"))


def _page(form: forms.Errors) -> str:
    now = ports().clock.now()
    newest = queries.heads(most=14)
    return render_template(
        "practice/audit_seal.html",
        form=form,
        size=queries.size(),
        heads=newest,
        checked=queries.last_check(),
        verifier_key=heads.verifier_keys()[0],
        overdue=_overdue(newest[0].signed_at if newest else None, now),
        zone=the_practice().zone,
        today=local(now, the_practice().zone).date(),
    )


def _overdue(signed_at: datetime | None, now: datetime) -> bool:
    return signed_at is not None and (now - signed_at).total_seconds() > 26 * 3600


def _text(filename: str, content: str) -> Response:
    answer = Response(content, mimetype="text/plain")
    answer.headers["Content-Disposition"] = f'attachment; filename="{filename}"'
    return answer
