"""A client's page of their own record: what it holds, what it does not, and a copy of all of it at one tap."""

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from notes.measures.register import FREE
from notes.own import contents, fhir, queries, services
from notes.requests.queries import worded_of
from notes.views.blueprint import bp
from practice.core import audit
from practice.core.ports import ports
from practice.core.printing import PrintingError
from practice.models import Person
from practice.security import clients_only, current_person


@bp.get("/account/record")
@clients_only
def own_record() -> ResponseReturnValue:
    """Say what the record holds, without opening a word of it."""
    client = current_person()
    answered = queries.answers_of(client)
    written = queries.counselors_with_notes(client)
    audit.record_aside("own_record.viewed", person_id=client.id, subject=("person", client.id), about=client.id)
    return render_template(
        "notes/own.html",
        written=written,
        notes=sum(count for _, count in written),
        parts=_parts(client),
        answered=len(answered),
        questionnaires=sorted({FREE[each.instrument].name for each in answered}),
        safety_plans=queries.safety_plans_of(client),
        sessions=len(queries.sessions_of(client)),
        has_treatment_plan=queries.has_treatment_plan(client),
        requests=len(worded_of(client)),
    )


@bp.get("/account/record.pdf")
@clients_only
def own_record_pdf() -> ResponseReturnValue:
    """Give the record on the practice's paper, a long one in parts."""
    client, part = current_person(), request.args.get("part", 1, type=int)
    parts = _parts(client)
    if not 1 <= part <= parts:
        abort(404)
    try:
        document = services.printed(client, part, parts=parts, now=ports().clock.now())
    except PrintingError as error:
        flash(str(error), "bad")
        return redirect(url_for("notes.own_record"), 303)
    name = "your-record.pdf" if parts == 1 else f"your-record-{part}-of-{parts}.pdf"
    return _file(document, "application/pdf", name)


@bp.get("/account/record.json")
@clients_only
def own_record_json() -> ResponseReturnValue:
    """Give the record as a FHIR Bundle."""
    document = services.as_data(current_person(), now=ports().clock.now())
    return _file(document, fhir.MEDIA_TYPE, "your-record.json")


def _file(document: bytes, kind: str, name: str) -> Response:
    answer = Response(document, mimetype=kind)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _parts(client: Person) -> int:
    return contents.parts_of(
        notes=sum(count for _, count in queries.counselors_with_notes(client)),
        sessions=len(queries.sessions_of(client)),
        answers=len(queries.answers_of(client)),
        requests=len(worded_of(client)),
    )
