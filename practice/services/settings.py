"""Change what the practice says about itself, and keep what it was."""

from __future__ import annotations

from dataclasses import fields

from practice.core import audit
from practice.core.db import db
from practice.forms.people import Custodians, PracticeSettings
from practice.models import Person, Practice


def change(practice: Practice, wanted: PracticeSettings, *, by: Person) -> list[str]:
    """Change the settings that differ and note each from and to; return their names."""
    changes = {
        field.name: [getattr(practice, field.name), getattr(wanted, field.name)]
        for field in fields(wanted)
        if getattr(practice, field.name) != getattr(wanted, field.name)
    }
    for name, (_, new) in changes.items():
        setattr(practice, name, new)
    if changes:
        db.session.flush()
        audit.record("practice.changed", person_id=by.id, subject=("practice", practice.id), detail=changes)
    return list(changes)


def change_custodians(practice: Practice, wanted: Custodians, *, by: Person) -> bool:
    """Change who is sent the audit log's heads; tell whether anything is different."""
    before, practice.audit_custodians = practice.audit_custodians, " ".join(wanted.addresses)
    if practice.audit_custodians == before:
        return False
    db.session.flush()
    changes = {"audit_custodians": [before, practice.audit_custodians]}
    audit.record("practice.changed", person_id=by.id, subject=("practice", practice.id), detail=changes)
    return True
