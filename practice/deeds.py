"""How the actions of the audit log read. Pure; an action nobody named reads as it is written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_WORDS = {
    "account.closed": "Closed the account",
    "account.reopened": "Opened the account again",
    "audit.exported": "Exported the audit log",
    "audit.viewed": "Read the audit log",
    "email.changed": "Changed the e-mail address",
    "invitation.accepted": "Accepted an invitation",
    "invitation.sent": "Sent an invitation",
    "invitation.sent_again": "Sent an invitation again",
    "invitation.withdrawn": "Took an invitation back",
    "licence.added": "Added a licence",
    "licence.removed": "Removed a licence",
    "password.changed": "Changed the password",
    "password.reset": "Chose a new password by link",
    "password.reset_asked": "Asked for a link for a new password",
    "person.changed": "Changed their details",
    "person.confirmed": "Confirmed the e-mail address",
    "person.signed_up": "Signed up",
    "person.viewed": "Read a person’s record",
    "photo.changed": "Changed the picture",
    "photo.removed": "Removed the picture",
    "practice.changed": "Changed the practice’s settings",
    "practice.founded": "Founded the practice",
    "profile.changed": "Changed the profile",
    "profile.published": "Published the profile",
    "profile.taken_offline": "Took the profile offline",
    "role.granted": "Gave a role",
    "role.revoked": "Took a role back",
    "sign_in.begun": "Signed in",
    "sign_in.ended": "Signed out",
    "sign_in.ended_by_administrator": "Ended a sign-in",
    "sign_in.others_ended": "Signed out other devices",
    "sign_in.refused": "Was refused at sign-in",
    "terms.agreed": "Agreed to the terms",
}


def words(action: str) -> str:
    """Read an action as a person would say it."""
    return _WORDS.get(action) or action.replace(".", " ").replace("_", " ").capitalize()


def detail(kept: Mapping[str, Any]) -> str:
    """Read what was noted beside an action: `name: Old → New; hours: 24 → 48`."""
    return "; ".join(f"{name.replace('_', ' ')}: {_value(value)}" for name, value in kept.items())


def _value(value: Any) -> str:
    if isinstance(value, list | tuple):
        return " → ".join(_value(each) for each in value)
    return "none" if value in (None, "") else str(value)
