"""A practice that kept books before keeps every entry of them, and the guards over them."""

from __future__ import annotations

import pytest
from flask_migrate import downgrade, upgrade
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from billing import invoicing
from practice.core.db import db
from tests.booking.builders import an_appointment
from tests.builders import a_client, a_counselor, a_practice
from tests.fakes import MONDAY_MORNING as NOW
from tests.support.apps import make_app, settings_for

ENTRIES = text(
    "SELECT id, transaction_id, account, amount_cents, client_id, invoice_id FROM ledger_entries ORDER BY id"
)


def test_the_entries_are_moved_over_whole_and_guarded_again(database, tmp_path):
    with make_app(settings_for(database, tmp_path)).app_context():
        a_practice()
        for client in (a_client("Alice Moreau"), a_client("Ben Ito")):
            invoicing.issue(an_appointment(a_counselor(f"{client.first_name}s Counselor"), client), now=NOW)
        db.session.commit()
        before = db.session.execute(ENTRIES).all()
        db.session.remove()
        downgrade(revision="0030_openings")
        upgrade()
        assert db.session.execute(ENTRIES).all() == before
        for deed in ("DELETE FROM ledger_entries", "UPDATE ledger_entries SET amount_cents = 5"):
            with pytest.raises(DBAPIError):
                db.session.execute(text(deed))
            db.session.rollback()
        db.session.remove()
        db.engine.dispose()
