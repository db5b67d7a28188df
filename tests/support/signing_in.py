"""Browsers that are signed in already; the sign-in page has tests of its own."""

from __future__ import annotations

from flask import Flask

from practice import sign_ins
from practice.core.db import db
from practice.core.ports import ports
from practice.models import Person
from tests.support import vaults
from tests.support.pages import PageClient


def signed_in_client(app: Flask, person: Person | None) -> PageClient:
    """Return a browser in which the person is signed in, or a stranger's."""
    client = app.test_client()
    assert isinstance(client, PageClient)
    if person is not None:
        visitor = sign_ins.begin(person, user_agent="Tests", address="127.0.0.1", now=ports().clock.now())
        vaults.open_for(visitor)
        db.session.commit()
        with client.session_transaction() as session:
            session["_user_id"] = visitor.secret
            session["_fresh"] = True
    return client
