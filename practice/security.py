"""Who is asking, and which views they may open. The only importer of flask_login.

Every view carries exactly one of the marks below; a view without one stops the app
from starting, so that no page is open by accident.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from flask import Flask, Response, abort, current_app, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, current_user, login_user, logout_user
from flask_wtf.csrf import CSRFProtect

from practice.core.ports import ports
from practice.core.settings import Settings
from practice.models import ADMINISTRATOR, CLIENT, COUNSELOR, OFFICE, Person
from practice.sign_ins import Visitor, recognise

View = TypeVar("View", bound=Callable[..., object])

OPEN, SIGNED_IN, MACHINES, MONEY = "open", "signed in", "machines", "money"
LOCKED_TOO = {"practice.lock", "practice.unlock"}
"""What a locked browser may still ask for."""
BY_ITSELF = "X-By-Itself"
"""The header of what a page asks without anybody having pressed anything."""

csrf = CSRFProtect()
logins = LoginManager()


class UnmarkedViewError(RuntimeError):
    """A view does not say who may open it."""


def _mark(access: str) -> Callable[[View], View]:
    def mark(view: View) -> View:
        view.__access__ = access  # type: ignore[attr-defined]  # a mark on the function itself
        return view

    return mark


open_to_all = _mark(OPEN)
signed_in = _mark(SIGNED_IN)
machines_only = _mark(MACHINES)
clients_only = _mark(CLIENT)
counselors_only = _mark(COUNSELOR)
administrators_only = _mark(ADMINISTRATOR)
office_only = _mark(MONEY)


def is_let_in(access: str | None, roles: set[str]) -> bool:
    """Tell whether somebody signed in with these roles may open what carries a mark."""
    if access in {OPEN, SIGNED_IN}:
        return True
    return bool(OFFICE & roles) if access == MONEY else access in roles


def access_of(app: Flask, endpoint: str) -> str | None:
    """Return the mark on a view, or None when it has none."""
    if endpoint == "static":
        return OPEN
    return getattr(app.view_functions[endpoint], "__access__", None)


def current_person() -> Person:
    """Return the person signed in; abort with 401 when nobody is."""
    person = person_or_none()
    if person is None:
        abort(401)
    return person


def person_or_none() -> Person | None:
    """Return the person signed in, if anybody is."""
    person = getattr(current_user, "person", None)
    return person if isinstance(person, Person) else None


def current_sign_in_id() -> int:
    """Return the id of the sign-in this browser uses; 0 when nobody is signed in."""
    return int(getattr(current_user, "sign_in_id", 0))


def current_visitor() -> Visitor:
    """Return who is signed in together with the sign-in this browser uses; abort with 401 when nobody is."""
    if person_or_none() is None:
        abort(401)
    visitor: Visitor = current_user._get_current_object()
    return visitor


def let_in(visitor: Visitor) -> None:
    """Make this browser the visitor's."""
    session.clear()
    login_user(visitor)


def let_out() -> None:
    """Forget who this browser was."""
    logout_user()
    session.clear()


def prepare(app: Flask, settings: Settings) -> None:
    """Give the app its cookies, its CSRF shield and its way to recognise people."""
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SESSION_COOKIE_NAME="__Host-stillpoint" if settings.secure else "stillpoint",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SECURE=settings.secure,
        SESSION_COOKIE_SAMESITE="Lax",
        WTF_CSRF_TIME_LIMIT=None,
    )
    logins.init_app(app)
    logins.session_protection = None
    logins.user_loader(_recognise)
    csrf.init_app(app)


def _recognise(secret: str) -> Visitor | None:
    """Find who this is; a page that looks for news by itself keeps nobody signed in."""
    return recognise(secret, now=ports().clock.now(), is_use=BY_ITSELF not in request.headers)


def guard(app: Flask) -> None:
    """Hold every request to the mark on its view, and every view to having one."""
    for endpoint, view in app.view_functions.items():
        access = access_of(app, endpoint)
        if access is None:
            raise UnmarkedViewError(f"{endpoint} does not say who may open it.")
        if access == MACHINES:
            csrf.exempt(view)
    app.before_request(_check)


def _check() -> ResponseReturnValue | None:
    access = access_of(current_app, request.endpoint) if request.endpoint else OPEN
    if access in {OPEN, MACHINES}:
        return None
    person = person_or_none()
    if person is None:
        return _to_sign_in()
    if current_visitor().is_locked and request.endpoint not in LOCKED_TOO:
        return locked_page()
    if not is_let_in(access, person.roles):
        abort(404)
    return None


def locked_page(wrong: str = "", status: int = 423) -> ResponseReturnValue:
    """Ask for the password in the place of a page, or tell a script where it is asked for."""
    if request.accept_mimetypes.best == "application/json" or "HX-Request" in request.headers:
        said = {"message": wrong or "This browser is locked.", "address": url_for("practice.start")}
        return said, status if wrong else 401
    here = request.full_path.rstrip("?") if request.method == "GET" else request.form.get("next", "")
    return render_template("practice/locked.html", then=here, wrong=wrong, viewer=None, main_menu=[]), status


def _to_sign_in() -> ResponseReturnValue:
    if request.method in {"GET", "HEAD"} and "HX-Request" not in request.headers:
        return redirect(url_for("practice.sign_in", next=request.full_path.rstrip("?")), 303)
    answer = Response("Sign in to go on.", 401)
    answer.headers["HX-Redirect"] = url_for("practice.sign_in")
    return answer
