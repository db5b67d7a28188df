"""A counselor's own profile: words, picture, licences, and whether the public sees it."""

from __future__ import annotations

from datetime import date

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from practice.core import forms
from practice.core.db import db
from practice.core.formats import local
from practice.core.ports import ports
from practice.forms.profile import LicenceForm, Profile
from practice.models import CounselorProfile
from practice.portraits import PictureRefusedError
from practice.security import counselors_only, current_person
from practice.services import profiles
from practice.specialties import LANGUAGES, SPECIALTIES
from practice.views.blueprint import bp

NO_FORM = forms.blank()


@bp.get("/profile")
@counselors_only
def profile() -> ResponseReturnValue:
    """Show the profile for changing."""
    return _page(None)


@bp.post("/profile")
@counselors_only
def save_profile() -> ResponseReturnValue:
    """Save the words."""
    form = Profile.parse(request.form)
    if isinstance(form, forms.Errors):
        return _page(form), 422
    try:
        profiles.save(current_person(), form, now=ports().clock.now())
    except profiles.IncompleteError as error:
        return _refused(_still_needs(error), forms.Errors(forms.shown(request.form), {"": _still_needs(error)}))
    return _saved("Saved.")


@bp.post("/profile/photo")
@counselors_only
def save_photo() -> ResponseReturnValue:
    """Keep a new picture."""
    upload = request.files.get("photo")
    data = upload.read() if upload else b""
    try:
        profiles.keep_photo(current_person(), data, now=ports().clock.now())
    except PictureRefusedError as error:
        db.session.rollback()
        return _page(None, photo=forms.Errors({}, {"photo": str(error)})), 422
    return _saved("Your picture is saved.")


@bp.post("/profile/photo/removal")
@counselors_only
def remove_photo() -> ResponseReturnValue:
    """Go back to initials."""
    profiles.remove_photo(current_person(), now=ports().clock.now())
    return _saved("Your picture is removed.")


@bp.post("/profile/licences")
@counselors_only
def add_licence() -> ResponseReturnValue:
    """Add a licence."""
    now = ports().clock.now()
    form = LicenceForm.parse(request.form, today=_today())
    if isinstance(form, forms.Errors):
        return _page(None, licence=form), 422
    try:
        profiles.add_licence(current_person(), form, now=now)
    except profiles.LicenceKnownError:
        db.session.rollback()
        return _page(None, licence=forms.refused(request.form, number="This licence is in your list.")), 409
    return _saved("Your licence is added.")


@bp.post("/profile/licences/<int:licence_id>/removal")
@counselors_only
def remove_licence(licence_id: int) -> ResponseReturnValue:
    """Remove one of one's own licences."""
    try:
        found = profiles.remove_licence(current_person(), licence_id, now=ports().clock.now())
    except profiles.IncompleteError as error:
        return _refused(_still_needs(error), None)
    return _saved("The licence is removed.") if found else abort(404)


@bp.post("/profile/publication")
@counselors_only
def publish_profile() -> ResponseReturnValue:
    """Show the profile in the directory."""
    try:
        profiles.publish(current_person(), now=ports().clock.now(), today=_today())
    except profiles.IncompleteError as error:
        return _refused(f"Your profile still needs {_listed(error.parts)}.", None)
    return _saved("Your profile is public now.")


@bp.post("/profile/publication/end")
@counselors_only
def unpublish_profile() -> ResponseReturnValue:
    """Take the profile out of the directory."""
    profiles.unpublish(current_person(), now=ports().clock.now())
    return _saved("Your profile is no longer shown. Sessions that are booked stay booked.")


def _saved(words: str) -> ResponseReturnValue:
    db.session.commit()
    flash(words, "good")
    return redirect(url_for("practice.profile"), 303)


def _refused(words: str, form: forms.Errors | None) -> ResponseReturnValue:
    db.session.rollback()
    if form is None:
        flash(words, "bad")
    return _page(form), 409 if form is None else 422


def _still_needs(error: profiles.IncompleteError) -> str:
    return f"Your public profile needs {_listed(error.parts)}. Fill it in, or take the profile offline first."


def _listed(parts: list[str]) -> str:
    return " and ".join((", ".join(parts[:-1]), parts[-1])) if len(parts) > 1 else parts[0]


def _today() -> date:
    return local(ports().clock.now(), current_person().zone).date()


def _page(form: forms.Errors | None, *, photo: forms.Errors = NO_FORM, licence: forms.Errors = NO_FORM) -> str:
    person = current_person()
    kept = person.profile or CounselorProfile(
        headline="", credentials="", pronouns="", about="", npi="", published=False
    )
    return render_template(
        "practice/profile.html",
        person=person,
        profile=kept,
        form=form or _filled(kept),
        photo_form=photo,
        licence_form=licence,
        missing=profiles.missing(kept, today=_today()),
        specialties=[(words, words) for words in SPECIALTIES],
        languages=[(words, words) for words in LANGUAGES],
        today=_today(),
    )


def _filled(kept: CounselorProfile) -> forms.Errors:
    specialties = [row.specialty for row in kept.specialties]
    languages = [row.language for row in kept.languages]
    return forms.blank(
        headline=kept.headline,
        credentials=kept.credentials,
        pronouns=kept.pronouns,
        about=kept.about,
        npi=kept.npi,
        specialties=specialties,
        other_specialties=", ".join(words for words in specialties if words not in SPECIALTIES),
        languages=languages,
        other_languages=", ".join(words for words in languages if words not in LANGUAGES),
    )
