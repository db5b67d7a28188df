"""Sessions to code: the list, and one session with what is proposed for it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from billing.additions import services as additions
from billing.additions.services import AdditionPaidError
from billing.coding import queries, services
from billing.coding.confirmed import MOST_DIAGNOSES, NOTHING, Codes
from billing.coding.rules import CRISIS_MORE, MODIFIERS, PLACES, Proposal, propose
from billing.views.blueprint import bp
from billing.views.pages import Pages
from booking.forms_services import CPT_CODES
from booking.models.appointments import Appointment
from notes.diagnoses.catalogue import published
from notes.plans.document import Diagnosis
from practice.core.db import db
from practice.core.forms import Errors, blank, refused
from practice.core.money import Money
from practice.core.ports import ports
from practice.security import counselors_only, current_person


@bp.get("/coding")
@counselors_only
def coding() -> ResponseReturnValue:
    """List the sessions whose codes are to be confirmed, or were."""
    show = queries.DONE if request.args.get("show") == queries.DONE else queries.OPEN
    page = request.args.get("page", 1, type=int)
    found = queries.listed(current_person(), show=show, page=page, now=ports().clock.now())
    return render_template(
        "billing/coding/list.html",
        found=found,
        rows=[_row(one, row) for one, row in found.rows],
        show=show,
        pages=_pages(found, show),
        zone=current_person().zone,
    )


@bp.get("/coding/<int:appointment_id>")
@counselors_only
def session_codes(appointment_id: int) -> ResponseReturnValue:
    """Show what a session comes to, to be confirmed."""
    appointment = _session(appointment_id)
    diagnoses = services.diagnoses_of(appointment)
    return _page(appointment, diagnoses, _filled(appointment, diagnoses))


@bp.post("/coding/<int:appointment_id>")
@counselors_only
def confirm_codes(appointment_id: int) -> ResponseReturnValue:
    """Keep what the counselor confirms, and go on to the next session."""
    appointment, counselor, now = _session(appointment_id), current_person(), ports().clock.now()
    form = Codes.parse(request.form)
    if isinstance(form, Errors):
        return _page(appointment, services.diagnoses_of(appointment), form), 422
    billed = "bill_additions" in request.form
    try:
        services.confirm(appointment, form, by=counselor, now=now, bill_additions=billed)
    except AdditionPaidError as error:
        db.session.rollback()
        form = refused(request.form, further=str(error))
        return _page(appointment, services.diagnoses_of(appointment), form), 409
    db.session.commit()
    following = queries.next_open(counselor, now=now)
    flash("Confirmed." if following else "Confirmed. Every session has its codes now.")
    if following and request.form.get("then") == "next":
        return redirect(url_for("billing.session_codes", appointment_id=following.id), 303)
    return redirect(url_for("billing.coding"), 303)


def _session(appointment_id: int) -> Appointment:
    return queries.session_for(current_person(), appointment_id) or abort(404)


def _row(appointment: Appointment, row: Any) -> tuple[Appointment, Codes | None, Proposal]:
    return appointment, Codes.kept(row.said) if row else None, propose(services.met(appointment))


def _filled(appointment: Appointment, diagnoses: tuple[Diagnosis, ...]) -> Errors:
    if row := services.codes_of(appointment):
        return _shown(Codes.kept(row.said))
    found = propose(services.met(appointment))
    codes = tuple(each.code for each in diagnoses[:MOST_DIAGNOSES])
    return _shown(Codes(found.lines, found.modifier, found.place, codes, found.minutes))


def _shown(codes: Codes) -> Errors:
    more = {line.code: line.units for line in codes.lines[1:]}
    return blank(
        code=codes.lines[0].code if codes.lines else NOTHING,
        minutes=codes.minutes,
        modifier=codes.modifier,
        place=codes.place,
        diagnoses=list(codes.diagnoses),
        further=more.get(CRISIS_MORE, ""),
        add_90785="90785" in more,
        bill_additions=not more or any(line.unit_cents for line in codes.lines),
    )


def _page(appointment: Appointment, diagnoses: tuple[Diagnosis, ...], form: Errors) -> str:
    return render_template(
        "billing/coding/session.html",
        appointment=appointment,
        form=form,
        proposal=propose(services.met(appointment)),
        confirmed=services.codes_of(appointment),
        cpt=[
            (NOTHING, "Not billed to an insurer"),
            *((code, f"{code} · {words}") for code, words in CPT_CODES.items()),
        ],
        modifiers=_offered(MODIFIERS),
        places=_offered(PLACES),
        diagnoses=_choices(diagnoses, form),
        from_plan=bool(diagnoses),
        fees=_fees(appointment),
        zone=current_person().zone,
    )


def _fees(appointment: Appointment) -> dict[str, Money]:
    asked = additions.fees_of(appointment.counselor)
    return {code: additions.unit_of(appointment, fee) for code, fee in asked.items()}


def _offered(codes: Mapping[str, str]) -> list[tuple[str, str]]:
    return [(code, f"{code} · {words}" if code else words) for code, words in codes.items()]


def _choices(diagnoses: tuple[Diagnosis, ...], form: Errors) -> list[tuple[str, str]]:
    """Offer the plan's diagnoses, and those that were confirmed before and stand there no longer."""
    kept = form.values.get("diagnoses", [])
    codes = dict.fromkeys([*(each.code for each in diagnoses), *(kept if isinstance(kept, list) else [kept])])
    found = [published().find(code) for code in codes]
    return [(each.code, f"{each.code} · {each.name}") for each in found if each]


def _pages(found: queries.Listed, show: str) -> Pages:
    here, number = "billing.coding", found.number
    return Pages(
        number,
        found.pages,
        url_for(here, show=show, page=number - 1) if number > 1 else None,
        url_for(here, show=show, page=number + 1) if number < found.pages else None,
    )
