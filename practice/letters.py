"""The letters about accounts: planned with the deed, written when they leave."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import partial

from practice.core import mail, outbox
from practice.core.db import db
from practice.core.mail import Mail
from practice.core.outbox import OutboxMessage
from practice.links import absolute
from practice.models import Practice, Token


@dataclass(frozen=True, slots=True)
class Letter:
    """What a letter is called, and the page its one button leads to."""

    subject: str
    endpoint: str


LETTERS = {
    "confirm_email": Letter("Confirm your e-mail address", "practice.confirm"),
    "already_member": Letter("You already have an account", "practice.sign_in"),
    "reset_password": Letter("Choose a new password", "practice.reset"),
    "password_changed": Letter("Your password was changed", "practice.forgot"),
    "change_email": Letter("Confirm your new e-mail address", "practice.confirm_email_change"),
    "email_taken": Letter("This address already has an account", "practice.sign_in"),
    "email_changed": Letter("Your e-mail address was changed", "practice.home"),
    "invitation": Letter("You are invited to join", "practice.invitation"),
}


def send(kind: str, *, to: str, name: str, now: datetime, about: int, **words: str) -> None:
    """Plan a letter without a one-time link; `about` is the person it is about."""
    outbox.plan(
        key=f"practice.{kind}:{about}:{now.isoformat()}",
        kind=f"practice.{kind}",
        due_at=now,
        now=now,
        recipient_id=about,
        payload={"to": to, "name": name, **words},
    )


def send_link(token: Token, secret: str, *, to: str, name: str, now: datetime, **words: str) -> None:
    """Plan the letter that carries a one-time link; it is not sent once the link no longer works."""
    outbox.plan(
        key=f"practice.{token.purpose}:token:{token.id}",
        kind=f"practice.{token.purpose}",
        due_at=now,
        now=now,
        recipient_id=token.person_id,
        payload={"to": to, "name": name, "token_id": token.id, "secret": secret, **words},
    )


def register() -> None:
    """Tell the outbox who writes these letters."""
    for kind in LETTERS:
        outbox.renders(f"practice.{kind}")(partial(_write, kind))


def _write(kind: str, message: OutboxMessage, now: datetime) -> Mail | None:
    words = dict(message.payload)
    to, secret, token_id = words.pop("to"), words.pop("secret", None), words.pop("token_id", None)
    if token_id is not None and not _still_works(token_id, now):
        return None
    letter = LETTERS[kind]
    practice = db.session.get(Practice, 1)
    return mail.compose(
        f"emails/practice/{kind}",
        to=to,
        subject=letter.subject,
        link=absolute(letter.endpoint, secret=secret) if secret else absolute(letter.endpoint),
        practice_name=practice.name if practice else "",
        practice_email=practice.email if practice else "",
        **words,
    )


def _still_works(token_id: int, now: datetime) -> bool:
    token = db.session.get(Token, token_id)
    return token is not None and token.used_at is None and token.expires_at > now
