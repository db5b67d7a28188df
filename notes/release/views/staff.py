"""A counselor's pages: authorisations on their charts, packets prepared under them, and sending them."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from notes import keys
from notes import queries as charts
from notes.models import Chart
from notes.papers.gathering import TooLongError
from notes.release import hands, packets, queries, services, standing
from notes.release.forms import Allowing, Choice, Sent
from notes.release.limits import limits_of
from notes.release.models import Release
from notes.release.views.listing import listed
from notes.release.views.pages import facts_of, file, form_words, now, release_in_hand, seen, shared_chart, today
from notes.release.words import PARTS, Signed
from notes.requests.queries import going_with
from notes.views.blueprint import bp, pager
from practice.core import forms
from practice.core.db import db
from practice.core.formats import local
from practice.core.forms import Errors
from practice.core.printing import PrintingError
from practice.models import Person
from practice.security import counselors_only, current_person


@bp.get("/releases")
@counselors_only
def releases() -> ResponseReturnValue:
    """List the authorisations on a counselor's charts; a search opens them."""
    person, narrowed = current_person(), {name: request.args.get(name, type=int) for name in ("client", "chart")}
    client = _client(narrowed["client"]) if narrowed["client"] else None
    chart = shared_chart(narrowed["chart"]) if narrowed["chart"] else None
    if chart:
        ours = Chart.id == chart.id
    else:
        ours = hands.kept_by(person, client) if client else hands.in_hand(person, now=now(), kinds=hands.IN_PLACE)
    found = listed(queries.releases_of(ours), _own_words, request.args, _said)
    return render_template(
        "notes/release/releases.html",
        found=found,
        states={release.id: services.state_of(release, now()) for release, _ in found.rows},
        client=client,
        chart=chart,
        narrowed=narrowed,
        pages=pager(found, "notes.releases", q=found.wanted or None, **narrowed),
    )


@bp.get("/clients/<int:client_id>/releases/new")
@counselors_only
def enter_release(client_id: int) -> ResponseReturnValue:
    """Ask what a paper says that a client signed."""
    form = forms.blank(ends="day", ends_on=standing.year_on(today()).isoformat(), signed_on=today().isoformat())
    return _form(_client(client_id), form)


@bp.post("/clients/<int:client_id>/releases/new")
@counselors_only
def entered_release(client_id: int) -> ResponseReturnValue:
    """Keep what a paper says that a client signed."""
    client, person, instant = _client(client_id), current_person(), now()
    form = Allowing.parse(request.form, client=client, today=today(), on_paper=True)
    if isinstance(form, Errors):
        return _form(client, form), 422
    chart = keys.chart_of(counselor=person, client=client, now=instant)
    release = services.authorise(chart, form.signed, by=person, on_paper=True, now=instant)
    db.session.commit()
    flash(f"Kept. {client.first_name} sees it in their account and can take it back there.", "good")
    return redirect(url_for("notes.release", release_id=release.id), 303)


@bp.get("/releases/<int:release_id>")
@counselors_only
def release(release_id: int) -> ResponseReturnValue:
    """Show an authorisation with what can be done under it."""
    release = release_in_hand(release_id)
    signed = services.words_of(release)
    seen("release.viewed", release)
    return _page(release, signed)


@bp.get("/releases/<int:release_id>/packet.pdf")
@counselors_only
def packet_pdf(release_id: int) -> ResponseReturnValue:
    """Prepare a packet: a cover sheet, and of the record what was chosen of what was authorised."""
    release = release_in_hand(release_id)
    signed = services.words_of(release)
    limits = limits_of(release.chart)
    choice = Choice.parse(request.args, signed, limited=bool(limits))
    if isinstance(choice, Errors):
        return _page(release, signed, choosing=choice), 422
    try:
        document = packets.prepared(release, choice, limits, by=current_person(), now=now())
    except (TooLongError, packets.NothingThereError) as error:
        return _page(release, signed, choosing=forms.refused(request.args, first=str(error))), 422
    except (services.NotStandingError, PrintingError) as error:
        flash(str(error), "bad")
        return redirect(url_for("notes.release", release_id=release.id), 303)
    return file(document, f"release-{release.id}.pdf")


@bp.post("/releases/<int:release_id>/disclosures")
@counselors_only
def sent(release_id: int) -> ResponseReturnValue:
    """Keep how and when a packet went out."""
    release, person, instant = release_in_hand(release_id), current_person(), now()
    signed = services.words_of(release)
    form = Sent.parse(request.form, zone=person.zone, now=instant)
    if isinstance(form, Errors):
        return _page(release, signed, sending=form), 422
    prepared = packets.whats_of(release, queries.packets_of(release, unsent_only=True))
    try:
        told = form.told(signed, prepared)
        services.give(release, told, told_at=form.told_at, by=person, now=instant)
    except (services.NotStandingError, services.NothingPreparedError) as error:
        db.session.rollback()
        return _page(release_in_hand(release_id), signed, sending=forms.refused(request.form, way=str(error))), 409
    db.session.commit()
    flash(f"Kept in the account of what was given out; {release.chart.client.first_name} sees it there.", "good")
    return redirect(url_for("notes.release", release_id=release_id), 303)


@bp.post("/releases/<int:release_id>/revocation")
@counselors_only
def revoke_release(release_id: int) -> ResponseReturnValue:
    """Keep that a client took it back, by word or in writing."""
    release = release_in_hand(release_id)
    services.revoke(release, by=current_person(), now=now())
    db.session.commit()
    flash("Taken back. Nothing more is given out under it.", "good")
    return redirect(url_for("notes.release", release_id=release_id), 303)


@bp.post("/releases/<int:release_id>/end")
@counselors_only
def end_release(release_id: int) -> ResponseReturnValue:
    """Keep that what it was to last until has happened."""
    release = release_in_hand(release_id)
    services.end(release, by=current_person(), now=now())
    db.session.commit()
    flash("Ended. Nothing more is given out under it.", "good")
    return redirect(url_for("notes.release", release_id=release_id), 303)


@bp.post("/releases/<int:release_id>/aside")
@counselors_only
def put_release_aside(release_id: int) -> ResponseReturnValue:
    """Take an authorisation under which there is nothing to send now off the counselor's day."""
    services.put_aside(release_in_hand(release_id), now=now())
    db.session.commit()
    flash("It is off your day. You can still send something under it at any time.", "good")
    return redirect(url_for("notes.release", release_id=release_id), 303)


def _said(release: Release, signed: Signed | None) -> str:
    words = (signed.recipient.name, signed.recipient.address, signed.purpose) if signed else ()
    return " ".join((release.chart.client.name, *words))


def _own_words(release: Release, opens: services.Opens) -> Signed | None:
    """Open the words on one's own charts; another's are opened on a page of their own, where it is asked why."""
    return services.words_of(release, opens) if release.chart.counselor_id == current_person().id else None


def _client(client_id: int) -> Person:
    return charts.client_of(current_person(), client_id) or abort(404)


def _page(release: Release, signed: Signed, choosing: Errors | None = None, sending: Errors | None = None) -> str:
    clock = local(now(), current_person().zone)
    days = {name: day.isoformat() for name, day in (("first", signed.first), ("last", signed.last)) if day}
    chosen = forms.blank(parts=list(signed.parts), **days)
    happened = forms.blank(told_on=clock.date().isoformat(), told_clock=clock.strftime("%H:%M"))
    return render_template(
        "notes/release/show.html",
        **facts_of(release, signed),
        state=services.state_of(release, now()),
        given=services.opened(release.disclosures, services.told_of),
        packets=queries.packets_of(release, unsent_only=True),
        options=[(part, PARTS[part]) for part in signed.parts],
        limits=limits_of(release.chart),
        going_with=len(going_with(release.chart)),
        choosing=choosing or chosen,
        sending=sending or happened,
    )


def _form(client: Person, form: Errors) -> str:
    so_far = len(queries.releases_of(hands.kept_by(current_person(), client)))
    return render_template("notes/release/enter.html", form=form, client=client, so_far=so_far, **form_words())
