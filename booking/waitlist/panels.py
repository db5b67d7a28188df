"""What the waitlist puts on other pages: the time that is on offer, and the line for a session of a group."""

from __future__ import annotations

from flask import render_template

from booking import policies
from booking.groups import queries as groups
from booking.models.groups import GroupSession
from booking.reminding import planning
from booking.waitlist import answering, group_lines, queries, rules
from practice.core.panels import fills
from practice.core.ports import ports
from practice.models import Person
from practice.security import current_person


@fills("client_home", order=5)
def on_offer(**_more: object) -> str | None:
    """Show what is on offer, until it ends."""
    client, now = current_person(), ports().clock.now()
    offers = [each for each in queries.offers_open(client=client) if answering.is_standing(each, now)]
    if not offers:
        return None
    return render_template(
        "booking/waitlist/panel_offers.html",
        offers=offers,
        terms=policies.in_force().words,
        zone=client.zone,
        now=now,
    )


@fills("group_full", order=10)
def wait_for_a_place(
    session: GroupSession, viewer: Person | None, *, compact: bool = False, may_wait: bool = True, **_more: object
) -> str | None:
    """Offer a place in the line once there is no free one, and say where a client stands; nothing while there is."""
    now = ports().clock.now()
    client = viewer if viewer is not None and viewer.is_client else None
    offers = [] if client is None else queries.offers_open(client=client)
    offer = next((each for each in offers if each.group_session_id == session.id), None)
    if offer is None and client is not None and groups.seat_held_by(client, session) is not None:
        return None
    if offer is None and group_lines.has_room(session, now) and not group_lines.is_kept(session, client, now):
        return None
    wish = group_lines.wish_for(session, client) if client is not None else None
    return render_template(
        "booking/waitlist/panel_group_short.html" if compact else "booking/waitlist/panel_group_full.html",
        session=session,
        client=client,
        offer=offer,
        terms=policies.in_force().words if offer else "",
        wish=wish,
        place=rules.place_in_words(queries.ahead_of(wish)) if wish else "",
        may_wait=may_wait,
        by_text=client is not None and planning.wants_texts(client),
        zone=client.zone if client else session.counselor.zone,
        now=now,
    )


@fills("group_line", order=10)
def line_of_the_group(session: GroupSession, **_more: object) -> str | None:
    """Show a counselor who waits for a place, in an order that can be changed."""
    now, whole = ports().clock.now(), queries.line_of(session.counselor_id)
    rows = [(number, each.wish) for number, each in enumerate(whole) if each.wish.group_session_id == session.id]
    if not rows:
        return None
    return render_template(
        "booking/waitlist/panel_group_line.html",
        session=session,
        rows=rows,
        offered={each.wish_id: each for each in queries.offers_open(counselor=session.counselor)},
        has_room=group_lines.has_room(session, now),
        active=queries.rules_of(session.counselor_id).active,
        zone=session.counselor.zone,
        now=now,
    )
