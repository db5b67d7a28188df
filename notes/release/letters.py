"""The letters about releases. They never say what was allowed or given, or to whom."""

from notes import account_letters
from notes.account_letters import Letter
from notes.release import notices
from notes.release.models import Disclosure, Release
from practice.core.db import db
from practice.core.outbox import OutboxMessage


def _to_send(message: OutboxMessage) -> bool:
    """Tell whether something is still to be sent under it."""
    release = db.session.get(Release, message.subject_id)
    return release is not None and not (
        release.revoked_at or release.ended_at or release.seen_at or release.disclosures
    )


def _there(message: OutboxMessage) -> bool:
    return db.session.get(Release, message.subject_id) is not None


def _given(message: OutboxMessage) -> bool:
    return db.session.get(Disclosure, message.subject_id) is not None


LETTERS = {
    notices.ALLOWED: Letter(
        "Something was signed for you",
        "One of the people in your care signed something in their account. It waits for you there.",
        "Open it",
        "notes.releases",
        _to_send,
    ),
    notices.TAKEN_BACK: Letter(
        "Something was taken back",
        "One of the people in your care took back something they had signed. Please look before you send anything.",
        "Open it",
        "notes.releases",
        _there,
    ),
    notices.ENTERED: Letter(
        "Something new in your account",
        "A paper that you signed was entered in your account. Please look whether it says what you signed.",
        "Open your account",
        "notes.own_releases",
        _there,
    ),
    notices.GIVEN: Letter(
        "Something new in your account",
        "Something that you had allowed was done. What it was stands in your account.",
        "Open your account",
        "notes.own_disclosures",
        _given,
    ),
}


def register() -> None:
    """Tell the outbox who writes these letters."""
    account_letters.register(LETTERS)
