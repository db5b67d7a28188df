"""Pages on which a counselor builds layouts and keeps snippets."""

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from notes.layouts import LAYOUTS
from notes.shelf import queries, services
from notes.shelf.forms import Built, Shortcut, as_values, empty, rearranged, rows_of
from notes.shelf.models import OwnLayout, Snippet
from notes.shelf.services import ShortcutTakenError
from notes.views.blueprint import bp
from practice.core import forms
from practice.core.db import db
from practice.core.forms import Errors
from practice.core.ports import ports
from practice.security import counselors_only, current_person


@bp.get("/notes/layouts")
@counselors_only
def layouts() -> ResponseReturnValue:
    """List the layouts of the house and one's own."""
    own = queries.layouts_of(current_person())
    return render_template("notes/shelf/layouts.html", own=own, given=LAYOUTS.values())


@bp.get("/notes/layouts/new")
@counselors_only
def new_layout() -> ResponseReturnValue:
    """Begin a layout, empty or from one that is there."""
    source = LAYOUTS.get(request.args.get("from", ""))
    rows = [{"key": "", "label": s.label, "hint": s.hint} for s in source.sections] if source else [empty(), empty()]
    return _builder(None, forms.blank(**as_values("", "", rows)))


@bp.post("/notes/layouts/new")
@counselors_only
def build_layout() -> ResponseReturnValue:
    """Rearrange its parts, or keep it."""
    return _built(None)


@bp.get("/notes/layouts/<int:layout_id>")
@counselors_only
def layout(layout_id: int) -> ResponseReturnValue:
    """Show a layout for changing."""
    row = _layout(layout_id)
    kept = queries.opened_layout(row)
    rows = [{"key": s.key, "label": s.label, "hint": s.hint} for s in kept.sections]
    return _builder(row, forms.blank(**as_values(kept.name, kept.about, rows)))


@bp.post("/notes/layouts/<int:layout_id>")
@counselors_only
def rebuild_layout(layout_id: int) -> ResponseReturnValue:
    """Rearrange its parts, or keep it as a new version."""
    return _built(_layout(layout_id))


@bp.post("/notes/layouts/<int:layout_id>/away")
@counselors_only
def put_layout_away(layout_id: int) -> ResponseReturnValue:
    """Offer it no longer."""
    services.put_away(_layout(layout_id), now=ports().clock.now())
    db.session.commit()
    flash("It is no longer offered. Notes written in it stay as they are.", "good")
    return redirect(url_for("notes.layouts"), 303)


@bp.get("/notes/snippets")
@counselors_only
def snippets() -> ResponseReturnValue:
    """List snippets, and ask for a new one."""
    return _snippets(None, forms.blank())


@bp.post("/notes/snippets")
@counselors_only
def keep_snippet() -> ResponseReturnValue:
    """Keep a new snippet."""
    return _kept(None)


@bp.get("/notes/snippets/<int:snippet_id>")
@counselors_only
def snippet(snippet_id: int) -> ResponseReturnValue:
    """Show a snippet for changing."""
    row = _snippet(snippet_id)
    kept = queries.opened_snippet(row)
    return _snippets(row, forms.blank(shortcut=kept.shortcut, text=kept.text))


@bp.post("/notes/snippets/<int:snippet_id>")
@counselors_only
def change_snippet(snippet_id: int) -> ResponseReturnValue:
    """Change a snippet."""
    return _kept(_snippet(snippet_id))


@bp.post("/notes/snippets/<int:snippet_id>/removal")
@counselors_only
def drop_snippet(snippet_id: int) -> ResponseReturnValue:
    """Take a snippet away."""
    services.drop(_snippet(snippet_id))
    db.session.commit()
    flash("The snippet is gone. What it was typed into stays.", "good")
    return redirect(url_for("notes.snippets"), 303)


def _layout(layout_id: int) -> OwnLayout:
    return queries.layout_for(current_person(), layout_id) or abort(404)


def _snippet(snippet_id: int) -> Snippet:
    return queries.snippet_for(current_person(), snippet_id) or abort(404)


def _built(row: OwnLayout | None) -> ResponseReturnValue:
    if asked := request.form.get("rearrange"):
        rows = rearranged(rows_of(request.form), asked)
        return _builder(row, forms.blank(**_sent(rows)))
    built = Built.parse(request.form)
    if isinstance(built, Errors):
        return _builder(row, Errors(_sent(rows_of(request.form)), built.messages)), 422
    if row:
        services.rebuild(row, built, now=ports().clock.now())
    else:
        services.build(built, author=current_person(), now=ports().clock.now())
    db.session.commit()
    flash("Kept. It stands among the layouts of the editor now.", "good")
    return redirect(url_for("notes.layouts"), 303)


def _sent(rows: list[dict[str, str]]) -> Any:
    return as_values(request.form.get("name", ""), request.form.get("about", ""), rows or [empty()])


def _builder(row: OwnLayout | None, form: Errors) -> str:
    return render_template("notes/shelf/builder.html", row=row, form=form)


def _kept(row: Snippet | None) -> ResponseReturnValue:
    shortcut = Shortcut.parse(request.form)
    if isinstance(shortcut, Errors):
        return _snippets(row, shortcut), 422
    person, now = current_person(), ports().clock.now()
    try:
        if row:
            services.change(row, shortcut, author=person, now=now)
        else:
            services.keep(shortcut, author=person, now=now)
    except ShortcutTakenError as taken:
        return _snippets(row, forms.refused(request.form, shortcut=str(taken))), 409
    db.session.commit()
    flash(f"Type ;{shortcut.shortcut} and a space while you write.", "good")
    return redirect(url_for("notes.snippets"), 303)


def _snippets(row: Snippet | None, form: Errors) -> str:
    kept = queries.snippets_of(current_person())
    return render_template("notes/shelf/snippets.html", row=row, kept=kept, form=form)
