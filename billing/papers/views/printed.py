"""How a paper is answered."""

from __future__ import annotations

from flask import Response, flash, redirect
from flask.typing import ResponseReturnValue

from practice.core.ports import ports
from practice.core.printing import PrintingError


def pdf(markup: str, title: str, filename: str, *, back: str) -> ResponseReturnValue:
    """Set a page as PDF and answer with it; what could not be set is said on the page it belongs to."""
    try:
        document = ports().printer.pdf(markup, title=title)
    except PrintingError as error:
        flash(str(error), "bad")
        return redirect(back, 303)
    answer = Response(document, mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="{filename}"'
    return answer
