"""A counselor's group sessions: plan one, see who comes, add people, note who came."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from booking import policy, queries
from booking.groups import invitations, moving, rhythm
from booking.groups import queries as groups
from booking.groups import services as deeds
from booking.groups.forms import AddClient, AskAlong, Places, PlanGroup
from booking.groups.terms import GroupTerms
from booking.models.groups import GroupSession
from booking.refusals import BookingRefusedError
from booking.series.changing import Scope
from booking.services import mark_attended
from booking.views.blueprint import bp
from booking.waitlist import turns
from practice.core.db import db
from practice.core.forms import Errors, blank, refused
from practice.core.ports import ports
from practice.models import Person
from practice.security import counselors_only, current_person

ONCE = "once"


@bp.get("/groups")
@counselors_only
def groups_index() -> ResponseReturnValue:
    """List the sessions that several people share."""
    counselor = current_person()
    ahead, behind = groups.of_counselor(counselor, ports().clock.now())
    return render_template(
        "booking/groups.html",
        ahead=ahead,
        behind=behind,
        services=groups.group_services(counselor),
        zone=counselor.zone,
    )


@bp.get("/groups/new")
@counselors_only
def new_group() -> ResponseReturnValue:
    """Ask what the session is and when."""
    offered = groups.group_services(current_person())
    first = offered[0] if offered else None
    form = blank(
        service_id=first.id if first else "",
        title=first.name if first else "",
        capacity=first.capacity if first else "",
        listed="1",
        day=request.args.get("day", "")[:10],
        rhythm=ONCE,
        every="1",
        ends="sessions",
        sessions="8",
    )
    if "rhythm" in request.args:  # back from the dates
        form = blank(**(dict(form.values) | request.args.to_dict() | {"listed": request.args.get("listed", "")}))
    return plan_page(form)


@bp.post("/groups")
@counselors_only
def plan_group() -> ResponseReturnValue:
    """Plan the session, or go on to the dates when it is to be repeated."""
    counselor = current_person()
    if request.form.get("rhythm", ONCE) != ONCE:
        asked = {name: value for name, value in request.form.items() if name != "csrf_token"}
        return redirect(url_for("booking.group_dates", **asked), 303)  # type: ignore[arg-type]  # the form's own values
    offered = {each.id: each for each in groups.group_services(counselor)}
    form = PlanGroup.parse(request.form, services=offered, zone=counselor.zone)
    if isinstance(form, Errors):
        return plan_page(form), 422
    service = offered[form.service_id]
    terms = GroupTerms(form.title, form.starts_at, form.capacity, form.listed, service.modes[0], service.location_id)
    try:
        session = deeds.schedule(service, terms, now=ports().clock.now())
    except BookingRefusedError as refusal:
        db.session.rollback()
        return plan_page(refused(request.form, at=_clash(refusal))), 409
    db.session.commit()
    flash(f"“{session.title}” is planned.", "good")
    return redirect(url_for("booking.group", session_id=session.id), 303)


@bp.get("/groups/<int:session_id>")
@counselors_only
def group(session_id: int) -> ResponseReturnValue:
    """Show who comes, who pays and who came."""
    return _roster_page(_own(session_id))


@bp.post("/groups/<int:session_id>/people")
@counselors_only
def add_to_group(session_id: int) -> ResponseReturnValue:
    """Put a client on the list."""
    session, counselor = _own(session_id), current_person()
    clients = {each.id: each for each in queries.clients_of(counselor)}
    form = AddClient.parse(request.form, clients=clients)
    if isinstance(form, Errors):
        return _roster_page(session, form), 422
    client = clients[form.client_id]
    payer = clients[form.payer_id] if form.payer_id else None
    try:
        deeds.add(session, client, payer=payer, now=ports().clock.now())
    except BookingRefusedError as refusal:
        db.session.rollback()
        return _roster_page(_own(session_id), refused(request.form, client_id=str(refusal))), 409
    db.session.commit()
    flash(f"{client.first_name} is on the list and gets an e-mail.", "good")
    return redirect(url_for("booking.group", session_id=session_id), 303)


@bp.post("/groups/<int:session_id>/invitations")
@counselors_only
def ask_along(session_id: int) -> ResponseReturnValue:
    """Invite somebody by e-mail."""
    session, now = _own(session_id), ports().clock.now()
    form = AskAlong.parse(request.form)
    if isinstance(form, Errors):
        return _roster_page(session, form), 422
    price = session.price if session.kind == policy.GROUP else session.price - session.price
    invitation = invitations.invite(session, form.companion, price=price, payer=None, by=current_person(), now=now)
    invitations.send(invitation, now)
    db.session.commit()
    flash(f"{form.companion.name} gets an e-mail with a link.", "good")
    return redirect(url_for("booking.group", session_id=session_id), 303)


@bp.post("/groups/<int:session_id>/invitations/<int:invitation_id>/withdrawal")
@counselors_only
def withdraw_invitation(session_id: int, invitation_id: int) -> ResponseReturnValue:
    """Take an unanswered invitation back."""
    session = _own(session_id)
    invitation = next((each for each in groups.unanswered(session) if each.id == invitation_id), None) or abort(404)
    invitations.withdraw(invitation, now=ports().clock.now())
    db.session.commit()
    flash("The link in the invitation no longer works.", "good")
    return redirect(url_for("booking.group", session_id=session_id), 303)


@bp.post("/groups/<int:session_id>/places")
@counselors_only
def change_places(session_id: int) -> ResponseReturnValue:
    """Open more or fewer places, and the list to everybody or not."""
    session, now = _own(session_id), ports().clock.now()
    form = Places.parse(request.form)
    if isinstance(form, Errors):
        return _roster_page(session, form), 422
    try:
        deeds.change_places(session, capacity=form.capacity, listed=form.listed, now=now)
        turns.stir(session.counselor_id, now)
    except BookingRefusedError:
        db.session.rollback()
        words = "More people come than that. Take somebody off the list first."
        return _roster_page(_own(session_id), refused(request.form, capacity=words)), 409
    db.session.commit()
    flash("Saved.", "good")
    return redirect(url_for("booking.group", session_id=session_id), 303)


@bp.post("/groups/<int:session_id>/attendance")
@counselors_only
def group_attendance(session_id: int) -> ResponseReturnValue:
    """Note who came: one person, or everybody of whom nothing is noted yet."""
    session, now = _own(session_id), ports().clock.now()
    attended = request.form.get("attended", "")
    seat_id = request.form.get("seat_id", type=int)
    seats = groups.unmarked(session) if seat_id is None else [groups.seat_in(session, seat_id) or abort(404)]
    if attended not in {"yes", "no"}:
        abort(400)
    try:
        for seat in seats:
            mark_attended(seat, attended=attended == "yes", by=current_person(), now=now)
    except BookingRefusedError as refusal:
        db.session.rollback()
        flash(str(refusal), "bad")
    else:
        db.session.commit()
        flash("Noted.", "good")
    return redirect(url_for("booking.group", session_id=session_id), 303)


def _own(session_id: int) -> GroupSession:
    return groups.session_for(current_person(), session_id) or abort(404)


def _clash(refusal: BookingRefusedError) -> str:
    words = str(refusal)
    return words if "passed" in words else "You have something else at that time. Choose another one."


def plan_page(form: Errors) -> str:
    """Render the page that asks what is planned and when."""
    counselor = current_person()
    return render_template(
        "booking/group_new.html",
        form=form,
        services=groups.group_services(counselor),
        zone=counselor.zone,
        today=ports().clock.now(),
    )


def _roster_page(session: GroupSession, form: Errors | None = None) -> str:
    counselor, now = current_person(), ports().clock.now()
    seats = groups.roster(session)
    here = {seat.client_id for seat in seats if seat.status in policy.LIVE}
    clients: list[Person] = list(queries.clients_of(counselor))
    return render_template(
        "booking/group.html",
        session=session,
        form=form or blank(capacity=session.capacity, listed="1" if session.listed else "", payer_id="self"),
        seats=seats,
        gathering=groups.gathering(session, now),
        invited=groups.unanswered(session),
        addable=[each for each in clients if each.id not in here],
        clients=clients,
        door=next((seat.id for seat in seats if seat.status in policy.LIVE and seat.status != policy.HELD), None),
        unmarked=len(groups.unmarked(session)),
        undoable=moving.undoable(session, counselor, now),
        after=len(rhythm.in_scope(session, Scope.FOLLOWING, now)) - 1,
        zone=counselor.zone,
        now=now,
    )
