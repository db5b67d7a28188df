"""Billing details: a client's own, a counselor's own, and the practice's."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from billing.parties import services
from billing.parties.particulars import (
    TAX_KINDS,
    ClientParticulars,
    CounselorParticulars,
    Particulars,
    PracticeParticulars,
    split,
)
from billing.parties.policies import CHILD, OTHER, SELF, SEXES, SPOUSE
from billing.views.blueprint import bp
from billing.views.clients import client_or_404
from practice.core import audit
from practice.core.db import db
from practice.core.formats import local
from practice.core.forms import Errors, blank
from practice.core.ports import ports
from practice.models import Person
from practice.queries.people import the_practice
from practice.security import administrators_only, clients_only, counselors_only, current_person, office_only
from video.arrivals.places import REGIONS


@bp.get("/billing/details")
@clients_only
def details() -> ResponseReturnValue:
    """Show a client what papers for insurers say of them."""
    return _client_page(current_person(), _of_client(current_person()))


@bp.post("/billing/details")
@clients_only
def keep_details() -> ResponseReturnValue:
    """Keep what a client says of themselves."""
    return _keep_client(current_person(), url_for("billing.details"))


@bp.get("/people/<int:person_id>/billing-details")
@office_only
def details_of(person_id: int) -> ResponseReturnValue:
    """Show an administrator a client's details."""
    client = client_or_404(person_id)
    audit.record_aside(
        "billing_details.viewed", person_id=current_person().id, subject=("person", client.id), about=client.id
    )
    return _client_page(client, _of_client(client))


@bp.post("/people/<int:person_id>/billing-details")
@office_only
def keep_details_of(person_id: int) -> ResponseReturnValue:
    """Keep what a client told the office."""
    return _keep_client(client_or_404(person_id), url_for("billing.details_of", person_id=person_id))


@bp.get("/profile/billing")
@counselors_only
def counselor_details() -> ResponseReturnValue:
    """Show a counselor what papers for insurers say of them."""
    kept = services.of_counselor(current_person())
    return _counselor_page(blank(**_named(kept.as_kept(), current_person())))


@bp.post("/profile/billing")
@counselors_only
def keep_counselor_details() -> ResponseReturnValue:
    """Keep what a counselor says of themselves."""
    form = CounselorParticulars.parse(request.form)
    if isinstance(form, Errors):
        return _counselor_page(form), 422
    return _kept(current_person(), form, url_for("billing.counselor_details"))


@bp.get("/settings/billing")
@administrators_only
def practice_details() -> ResponseReturnValue:
    """Show what papers for insurers say of the practice."""
    kept = services.of_practice()
    values: dict[str, Any] = {**kept.as_kept(), "estimates": kept.estimates == "yes"}
    return _practice_page(blank(**values))


@bp.post("/settings/billing")
@administrators_only
def keep_practice_details() -> ResponseReturnValue:
    """Keep what the practice says of itself."""
    form = PracticeParticulars.parse(request.form)
    if isinstance(form, Errors):
        return _practice_page(form), 422
    return _kept(None, form, url_for("billing.practice_details"))


def _of_client(client: Person) -> Errors:
    return blank(**_named(services.of_client(client).as_kept(), client))


def _named(kept: dict[str, str], person: Person) -> dict[str, str]:
    """Begin with the name everybody knows them by, where no other was given."""
    first, last = split(person.name)
    return kept if kept["last_name"] else {**kept, "first_name": first, "last_name": last}


def _keep_client(client: Person, back: str) -> ResponseReturnValue:
    today = local(ports().clock.now(), client.zone).date()
    form = ClientParticulars.parse(request.form, today=today)
    if isinstance(form, Errors):
        return _client_page(client, form), 422
    return _kept(client, form, back)


def _kept(whose: Person | None, words: Particulars, back: str) -> ResponseReturnValue:
    changed = services.keep(whose, words, by=current_person(), now=ports().clock.now())
    db.session.commit()
    flash("Saved." if changed else "Nothing was different.", "good" if changed else "info")
    return redirect(back, 303)


def _client_page(client: Person, form: Errors) -> str:
    own = client.id == current_person().id
    return render_template(
        "billing/parties/client.html",
        client=client,
        own=own,
        form=form,
        sexes=list(SEXES.items()),
        states=_states(),
        relations=_relations("you" if own else "the client"),
    )


def _counselor_page(form: Errors) -> str:
    person = current_person()
    kinds = list(TAX_KINDS.items())
    return render_template("billing/parties/counselor.html", form=form, profile=person.profile, kinds=kinds)


def _practice_page(form: Errors) -> str:
    return render_template("billing/parties/practice.html", form=form, states=_states(), practice=the_practice())


def _relations(who: str) -> list[tuple[str, str]]:
    """Name those who may hold a policy by what the client is to them."""
    mine = "My own" if who == "you" else "The client’s own"
    return [(SELF, mine), (SPOUSE, "A husband’s or wife’s"), (CHILD, "A parent’s"), (OTHER, "Somebody else’s")]


def _states() -> list[tuple[str, str]]:
    return list(REGIONS["US"].items())
