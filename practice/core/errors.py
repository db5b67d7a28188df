"""What people read when something is wrong."""

from __future__ import annotations

from flask import Flask, current_app, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException, InternalServerError

KNOWN = {400, 401, 403, 404, 405, 409, 413, 422, 429, 500, 503}


def add_to(app: Flask) -> None:
    """Answer every error with a page in words."""
    app.register_error_handler(HTTPException, _page)
    app.register_error_handler(Exception, _unforeseen)


def _page(error: HTTPException) -> ResponseReturnValue:
    code = error.code or 500
    if code < 400:
        return error.get_response()
    if request.accept_mimetypes.best == "application/json":
        return {"error": error.description}, code
    shown = code if code in KNOWN else 500
    return render_template(f"errors/{shown}.html", error=error), code, _headers(error)


def _unforeseen(error: Exception) -> ResponseReturnValue:
    if current_app.config.get("PROPAGATE_EXCEPTIONS"):
        raise error
    current_app.logger.exception("a request failed", exc_info=error)
    return _page(InternalServerError())


def _headers(error: HTTPException) -> dict[str, str]:
    retry_after = getattr(error, "retry_after", None)
    return {"Retry-After": str(retry_after)} if retry_after else {}
