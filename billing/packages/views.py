"""Pages about packages: what is on offer, what was sold, buying and ending."""

from __future__ import annotations

from uuid import uuid4

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from billing.forms import KEY_LENGTH
from billing.packages import queries, services
from billing.packages.forms import NewPackage
from billing.packages.models import Package
from billing.views.blueprint import bp
from billing.views.clients import client_or_404
from booking import queries as booking
from booking.policy import INDIVIDUAL
from practice.core import audit, forms
from practice.core.db import db
from practice.core.forms import Errors
from practice.core.ports import ports
from practice.models import Person
from practice.security import administrators_only, clients_only, current_person, office_only, signed_in


@bp.get("/packages")
@administrators_only
def packages() -> ResponseReturnValue:
    """List the packages on offer, with a form for another one."""
    return _office(forms.blank())


@bp.post("/packages")
@administrators_only
def offer_package() -> ResponseReturnValue:
    """Put a package on offer."""
    form = NewPackage.parse(request.form, prices={each.id: each.price for each in booking.priced_services(INDIVIDUAL)})
    if isinstance(form, Errors):
        return _office(form), 422
    made = Package(
        service_id=form.service_id,
        sessions=form.sessions,
        unit_cents=form.unit.cents,
        currency=form.unit.currency,
        valid_days=form.valid_days,
        made_at=ports().clock.now(),
        made_by_id=current_person().id,
    )
    db.session.add(made)
    db.session.flush()
    audit.record("package.offered", person_id=current_person().id, subject=("package", made.id))
    db.session.commit()
    flash("The package is on offer.", "good")
    return redirect(url_for("billing.packages"), 303)


@bp.post("/packages/<int:package_id>/withdrawal")
@administrators_only
def withdraw_package(package_id: int) -> ResponseReturnValue:
    """Offer a package no longer; those that were sold stay."""
    found = queries.on_offer(package_id) or abort(404)
    found.active = False
    audit.record("package.withdrawn", person_id=current_person().id, subject=("package", found.id))
    db.session.commit()
    flash("It is offered no longer. What was sold stays as it is.", "good")
    return redirect(url_for("billing.packages"), 303)


@bp.get("/billing/packages")
@clients_only
def own_packages() -> ResponseReturnValue:
    """Show a client what they bought ahead, and what they can buy."""
    client = current_person()
    return render_template(
        "billing/packages/mine.html",
        sold=queries.sold_to(client),
        offers=queries.offered_to(client),
        key=uuid4().hex,
        zone=client.zone,
    )


@bp.post("/billing/packages/<int:package_id>")
@clients_only
def buy_package(package_id: int) -> ResponseReturnValue:
    """Bill a client for a package and lead to paying it."""
    client = current_person()
    package = queries.on_offer(package_id)
    if package is None or package.id not in {each.id for each in queries.offered_to(client)}:
        abort(404)
    return _sold(package, client)


@bp.get("/people/<int:person_id>/packages")
@office_only
def client_packages(person_id: int) -> ResponseReturnValue:
    """Show an administrator what a client bought ahead, with what can be sold to them."""
    client = client_or_404(person_id)
    return render_template(
        "billing/packages/office.html",
        client=client,
        sold=queries.sold_to(client),
        offers=[each for each in queries.every() if each.active],
        key=uuid4().hex,
        zone=current_person().zone,
    )


@bp.post("/people/<int:person_id>/packages/<int:package_id>")
@administrators_only
def sell_package(person_id: int, package_id: int) -> ResponseReturnValue:
    """Bill a client for a package on their word."""
    return _sold(queries.on_offer(package_id) or abort(404), client_or_404(person_id))


@bp.post("/packages/sold/<int:number>/end")
@signed_in
def end_package(number: int) -> ResponseReturnValue:
    """End a package: the rest becomes credit for any session."""
    viewer = current_person()
    sold = queries.sold_for(viewer, number) or abort(404)
    client_id = sold.client_id
    try:
        rest = services.end(sold, by=viewer, now=ports().clock.now())
    except services.CannotEndError as error:
        db.session.rollback()
        flash(str(error), "bad")
    else:
        db.session.commit()
        flash(f"It is ended. {rest} is credit for any session now." if rest else "It is ended.", "good")
    if viewer.id == client_id:
        return redirect(url_for("billing.own_packages"), 303)
    return redirect(url_for("billing.client_packages", person_id=client_id), 303)


def _sold(package: Package, client: Person) -> ResponseReturnValue:
    key = request.form.get("key", "")
    if len(key) != KEY_LENGTH:
        abort(400)
    sold = services.sell(package, client, by=current_person(), form_key=key, now=ports().clock.now())
    number = sold.invoice_id
    db.session.commit()
    return redirect(url_for("billing.invoice", invoice_id=number), 303)


def _office(form: Errors) -> str:
    options = [
        (each.id, f"{each.name} with {each.counselor.name}, {each.price} each")
        for each in booking.priced_services(INDIVIDUAL)
    ]
    return render_template("billing/packages/offers.html", packages=queries.every(), form=form, services=options)
