"""Quick find: a counselor's own clients by a few letters."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from booking import clientele
from booking.views.blueprint import bp
from practice.core.ports import ports
from practice.security import counselors_only, current_person


@bp.get("/clients/find")
@counselors_only
def find_client() -> ResponseReturnValue:
    """List the clients whose name holds what is typed: a page, or only the list for the box that opens over one."""
    counselor = current_person()
    words = " ".join(request.args.get("q", "")[:80].split())
    panel = "HX-Request" in request.headers and "HX-Boosted" not in request.headers
    found = clientele.find(counselor, words, ports().clock.now(), most=clientele.MOST if panel else 60)
    return render_template(
        "booking/_week_found.html" if panel else "booking/week_find.html",
        found=found,
        words=words,
        zone=counselor.zone,
    )
