"""A client's pages: what they allowed to be given to whom, allowing more, and taking it back."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from notes import keys
from notes.own.services import issued
from notes.release import hands, queries, services, standing
from notes.release.forms import Allowing
from notes.release.models import Release
from notes.release.views.pages import facts_of, file, form_words, now, seen, today
from notes.safety.queries import counselors_of
from notes.views.blueprint import bp
from practice.core import forms
from practice.core.db import db
from practice.core.forms import Errors
from practice.core.printing import PrintingError
from practice.security import clients_only, current_person

COPY = "Authorisation"


@bp.get("/account/releases")
@clients_only
def own_releases() -> ResponseReturnValue:
    """Show a client what they allowed."""
    client = current_person()
    releases = services.opened(queries.releases_of(hands.own(client)), services.words_of)
    states = {release.id: services.state_of(release, now()) for release, _ in releases}
    return render_template(
        "notes/release/own.html",
        releases=releases,
        states=states,
        given=len(queries.disclosures_of(hands.own(client))),
        may_allow=bool(counselors_of(client)),
    )


@bp.get("/account/releases/new")
@clients_only
def allow_release() -> ResponseReturnValue:
    """Ask a client to whom, what, what for, until when."""
    return _form(forms.blank(ends="day", ends_on=standing.year_on(today()).isoformat()))


@bp.post("/account/releases/new")
@clients_only
def allowed_release() -> ResponseReturnValue:
    """Keep what a client allowed."""
    client, instant = current_person(), now()
    wanted = request.form.get("counselor", type=int)
    counselor = next((each for each in counselors_of(client) if each.id == wanted), None)
    form = Allowing.parse(request.form, client=client, today=today())
    if counselor is None:
        said = form.messages if isinstance(form, Errors) else {}
        return _form(forms.refused(request.form, **{**said, "counselor": "Choose whose record it is."})), 422
    if isinstance(form, Errors):
        return _form(form), 422
    chart = keys.chart_of(counselor=counselor, client=client, now=instant)
    release = services.authorise(chart, form.signed, by=client, on_paper=False, now=instant)
    db.session.commit()
    flash(f"Signed. {counselor.first_name} sees it now and can send what you chose.", "good")
    return redirect(url_for("notes.own_release", release_id=release.id), 303)


@bp.get("/account/releases/<int:release_id>")
@clients_only
def own_release(release_id: int) -> ResponseReturnValue:
    """Show a client one authorisation, and what was given under it."""
    release = _mine(release_id)
    signed = services.words_of(release)
    seen("release.viewed", release)
    return render_template(
        "notes/release/own_show.html",
        **facts_of(release, signed),
        state=services.state_of(release, now()),
        given=services.opened(release.disclosures, services.told_of),
    )


@bp.get("/account/releases/<int:release_id>.pdf")
@clients_only
def own_release_pdf(release_id: int) -> ResponseReturnValue:
    """Give a client their copy of what they signed (45 CFR 164.508(c)(4))."""
    release = _mine(release_id)
    words = facts_of(release, services.words_of(release))
    try:
        document = issued("print/release.html", current_person(), title=COPY, now=now(), **words)
    except PrintingError as error:
        flash(str(error), "bad")
        return redirect(url_for("notes.own_release", release_id=release.id), 303)
    seen("release.printed", release)
    return file(document, f"authorisation-{release.id}.pdf")


@bp.post("/account/releases/<int:release_id>/revocation")
@clients_only
def revoke_own_release(release_id: int) -> ResponseReturnValue:
    """Let a client take back what they allowed."""
    release = _mine(release_id)
    services.revoke(release, by=current_person(), now=now())
    db.session.commit()
    flash("Taken back. Nothing more is given out under it.", "good")
    return redirect(url_for("notes.own_release", release_id=release.id), 303)


def _mine(release_id: int) -> Release:
    return queries.release_for(hands.own(current_person()), release_id) or abort(404)


def _form(form: Errors) -> str:
    counselors = [(each.id, each.name) for each in counselors_of(current_person())]
    if not counselors:
        abort(404)
    if len(counselors) == 1:
        form = Errors({"counselor": counselors[0][0], **form.values}, form.messages)
    so_far = len(queries.releases_of(hands.own(current_person())))
    return render_template("notes/release/allow.html", form=form, counselors=counselors, so_far=so_far, **form_words())
