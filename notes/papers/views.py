"""Pages of paper: one note or a chart as PDF, and the door at which anybody may ask whether a paper is ours."""

from zoneinfo import ZoneInfo

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from notes.models import DRAFT, SIGNED
from notes.papers import queries, services
from notes.papers.forms import BESIDE, Question, Range
from notes.papers.gathering import TooLongError
from notes.papers.services import Order
from notes.queries import client_of
from notes.views import desks
from notes.views.blueprint import bp, my_note
from practice.core import forms
from practice.core.forms import Errors
from practice.core.ports import ports
from practice.core.printing import PrintingError
from practice.models import Person
from practice.security import counselors_only, current_person, open_to_all
from practice.views.throttle import throttle


@bp.get("/notes/<int:note_id>.pdf")
@counselors_only
def pdf(note_id: int) -> ResponseReturnValue:
    """Print a signed note on the practice's letterhead, with how it came about when that is asked for."""
    note = my_note(note_id)
    if not note.is_signed:
        flash("A draft is not printed. Sign the note first.", "info")
        return redirect(desks.of_note(note.id).url("write"), 303)
    order = Order(note.kind_words, note.chart, [note], current_person(), request.args.get("history") == "1")
    return _answer(order, name=f"record-{note.id}.pdf", back=url_for("notes.show", note_id=note.id))


@bp.get("/clients/<int:client_id>/chart/print")
@counselors_only
def print_chart(client_id: int) -> ResponseReturnValue:
    """Ask what of a chart is to be printed."""
    return _choosing(_my_client(client_id), forms.blank())


@bp.get("/clients/<int:client_id>/chart.pdf")
@counselors_only
def chart_pdf(client_id: int) -> ResponseReturnValue:
    """Print a chart, or what of it lies between two days."""
    client, person = _my_client(client_id), current_person()
    wanted = Range.parse(request.args)
    if isinstance(wanted, Errors):
        return _choosing(client, wanted), 422
    found = queries.signed_between(person, client, wanted.first, wanted.last, zone=ZoneInfo(person.zone))
    if not found:
        refused = forms.refused(request.args, first="No signed note lies between these days.")
        return _choosing(client, refused), 422
    order = Order(
        "Chart",
        found[0].chart,
        found,
        person,
        wanted.with_history,
        _period(wanted),
        parts=wanted.parts,
        first=wanted.first,
        last=wanted.last,
    )
    try:
        back = url_for("notes.print_chart", client_id=client.id)
        return _answer(order, name=f"chart-{found[0].chart_id}.pdf", back=back)
    except TooLongError as error:
        return _choosing(client, forms.refused(request.args, first=str(error))), 422


@bp.get("/verify")
@open_to_all
def verify() -> ResponseReturnValue:
    """Offer to compare a paper with what the practice issued."""
    return _verify_page(forms.blank())


@bp.post("/verify")
@open_to_all
def check_paper() -> ResponseReturnValue:
    """Say whether a paper is ours and unchanged, and nothing else about it."""
    question = Question.parse(request.form, request.files.get("file"))
    if isinstance(question, Errors):
        return _verify_page(question), 422
    throttle("verify", account=request.remote_addr or "")
    coded = queries.paper_with(question.code) if question.code else None
    filed = queries.paper_of(question.sha256) if question.sha256 else None
    known = filed or coded
    agree = filed is not None and (question.code is None or coded == filed)
    state = "same" if agree else "other" if known and question.sha256 else "issued" if known else "unknown"
    return render_template("notes/papers/verified.html", state=state, paper=known, with_file=bool(question.sha256))


def _answer(order: Order, *, name: str, back: str) -> ResponseReturnValue:
    try:
        document = services.printed(order, now=ports().clock.now())
    except PrintingError as error:
        flash(str(error), "bad")
        return redirect(back, 303)
    answer = Response(document, mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return answer


def _my_client(client_id: int) -> Person:
    return client_of(current_person(), client_id) or abort(404)


def _choosing(client: Person, form: Errors) -> str:
    counts = queries.count_of(current_person(), client)
    return render_template(
        "notes/papers/choose.html",
        client=client,
        form=form,
        signed=counts[SIGNED],
        drafts=counts[DRAFT],
        beside=[*BESIDE.items()],
    )


def _period(wanted: Range) -> str:
    first, last = (f"{day:%-d %B %Y}" if day else "" for day in (wanted.first, wanted.last))
    if first and last:
        return f"{first} to {last}"
    return f"From {first}" if first else f"Until {last}" if last else "All of it"


def _verify_page(form: Errors) -> str:
    return render_template("notes/papers/verify.html", form=form)
