"""Letters, links and passwords, as the tests of accounts need them."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from practice import passwords
from practice.core.db import db
from practice.core.delivery import deliver_due
from practice.core.mail import Mail
from practice.models import Person
from tests.builders import PASSWORD
from tests.fakes import RecordingMailer


def with_password(person: Person) -> Person:
    """Give a person the password of the tests."""
    person.password_hash = passwords.hashed(PASSWORD)
    db.session.commit()
    return person


def letters_to(mailer: RecordingMailer, address: str) -> list[Mail]:
    """Deliver what is due and return what an address received."""
    db.session.commit()
    while deliver_due("tests"):
        pass
    return mailer.to(address)


def link_in(mail: Mail) -> str:
    """Return the path of the one link a letter's button leads to."""
    found = re.findall(r"^https?://\S+$", mail.text, re.MULTILINE)
    assert len(found) == 1, mail.text
    return urlsplit(found[0]).path


def last_link(mailer: RecordingMailer, address: str) -> str:
    """Deliver what is due and return the link in the last letter to an address."""
    return link_in(letters_to(mailer, address)[-1])


def without_tokens(page: str) -> str:
    """Take the CSRF tokens out of a page, so that two pages can be compared."""
    return re.sub(r'name="csrf_token" value="[^"]*"', "", page)
