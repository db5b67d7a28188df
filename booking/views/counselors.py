"""One counselor's public page: who they are, what they offer and when they are free."""

from __future__ import annotations

from datetime import datetime

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from booking import directory, eligibility, policies, prices, published, queries
from booking.directory import Listing
from booking.forms_booking import ChosenTime, day
from booking.models.locations import Location
from booking.models.services import Service
from booking.policy import FAMILY, GROUP
from booking.views.blueprint import bp
from booking.views.times import Sought, times_of
from booking.views.zones import asked_zone, shown_zone
from booking.zones import choices
from practice.core.db import db
from practice.core.forms import Errors
from practice.core.ports import ports
from practice.models import CounselorProfile, Licence, Person
from practice.security import clients_only, current_person, open_to_all, person_or_none


@bp.get("/counselors/<int:counselor_id>")
@open_to_all
def counselor(counselor_id: int) -> ResponseReturnValue:
    """Show a counselor with their free times; to the counselor, as a preview."""
    now = ports().clock.now()
    listing = directory.listing_of(counselor_id, now)
    if listing is None:
        return _not_public(counselor_id)
    return counselor_page(listing, now)


@bp.get("/counselors/<int:counselor_id>/appointments/new")
@clients_only
def new(counselor_id: int) -> ResponseReturnValue:
    """Show the chosen time for a last look; strangers come here after signing in."""
    now = ports().clock.now()
    listing = directory.listing_of(counselor_id, now) or abort(404)
    chosen = ChosenTime.parse(request.args)
    service = None if isinstance(chosen, Errors) else service_in(listing, chosen.service_id)
    if service is None or isinstance(chosen, Errors):
        return counselor_page(listing, now, problem="Choose a time."), 422
    if service.kind == GROUP:
        return counselor_page(listing, now, problem="Choose one of the sessions."), 422
    if service.kind == FAMILY:
        starts_at = chosen.starts_at.strftime("%Y-%m-%dT%H:%MZ")
        return redirect(
            url_for(
                "booking.new_family",
                counselor_id=counselor_id,
                service_id=service.id,
                starts_at=starts_at,
                mode=chosen.mode,
            ),
            303,
        )
    return render_template(
        "booking/new.html",
        listing=listing,
        counselor=listing.counselor,
        service=service,
        starts_at=chosen.starts_at,
        mode=mode_in(service, chosen.mode),
        place=meeting_place(service, mode_in(service, chosen.mode), chosen.starts_at, now),
        zone=current_person().zone,
        terms=policies.in_force(),
        price=prices.agreed(current_person(), service, now),
        covered=prices.is_covered(current_person(), service, now),
        photographed=directory.photographed([counselor_id]),
    )


def counselor_page(listing: Listing, now: datetime, problem: str = "") -> str:
    """Render the page with the times of the service and the days asked for."""
    viewer, zone = person_or_none(), shown_zone()
    booker = viewer if viewer is not None and viewer.is_client else None
    service = _chosen_service(listing, booker)
    mode = mode_in(service, request.values.get("mode"))
    sought = Sought.booking(service, client=booker, mode=mode)
    return render_template(
        "booking/counselor.html",
        listing=listing,
        counselor=listing.counselor,
        profile=listing.profile,
        licences=_valid(listing.profile, now),
        service=service,
        mode=mode,
        times=times_of(sought, zone=zone, first=day(request.args.get("since")), now=now),
        zone=zone,
        zones=choices(now, besides=[zone]),
        asked_zone=asked_zone(),
        may_book=viewer is None or (viewer.is_client and viewer.id != listing.counselor.id),
        problem=problem,
        terms=policies.in_force(),
        photographed=directory.photographed([listing.counselor.id]),
        rules=published.rules_of(listing.counselor.id),
    )


def service_in(listing: Listing, service_id: int) -> Service | None:
    """Return one of the services on offer."""
    return next((service for service in listing.services if service.id == service_id), None)


def mode_in(service: Service, asked: str | None) -> str:
    """Return the way of meeting that was asked for where the service has it, and its usual one otherwise."""
    return asked if asked in service.modes else service.modes[0]


def meeting_place(service: Service, mode: str, starts_at: datetime, now: datetime) -> Location | None:
    """Return where a session that starts then is held in person."""
    location_id = eligibility.place_for(service, mode, starts_at, now)
    return db.session.get(Location, location_id) if location_id else None


def _chosen_service(listing: Listing, client: Person | None) -> Service:
    """Choose what was asked for, else what the client had last, else the shortest."""
    asked = request.values.get("service_id", "")
    found = service_in(listing, int(asked)) if asked.isascii() and asked.isdigit() and len(asked) < 10 else None
    if found is None and client is not None:
        last = queries.together(listing.counselor, client, most=1)
        found = service_in(listing, last[0].service_id) if last else None
    return found or listing.services[0]


def _valid(profile: CounselorProfile, now: datetime) -> list[Licence]:
    return [each for each in profile.licences if each.expires_on is None or each.expires_on >= now.date()]


def _not_public(counselor_id: int) -> ResponseReturnValue:
    """Tell a counselor what is still missing; to anybody else the page does not exist."""
    viewer: Person | None = person_or_none()
    if viewer is None or viewer.id != counselor_id or not viewer.is_counselor:
        abort(404)
    return render_template("booking/not_public.html", missing=missing_steps(viewer))


def missing_steps(person: Person) -> list[str]:
    """Name what a counselor still has to do before anybody can book them: profile, services, hours."""
    profile = person.profile
    missing = []
    if profile is None or not profile.published:
        missing.append("profile")
    if not queries.services_of(person.id):
        missing.append("services")
    if not published.week_of(person.id) and not published.changed_days(person.id, ports().clock.now().date()):
        missing.append("hours")
    return missing
