"""How an entry of the audit log is written down, the same way each time. Pure."""

from __future__ import annotations

import json
from datetime import UTC
from typing import Any

from sqlalchemy import Row

from practice.core.audit import AuditEntry

FORMAT = 1


def written(entry: AuditEntry | Row[Any]) -> bytes:
    """Write an entry, or a row of its columns, as canonical JSON.

    Keys are sorted, there are no spaces, and the instant is in UTC to the microsecond.
    """
    said = {
        "v": FORMAT,
        "id": entry.id,
        "at": entry.at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z"),
        "person": entry.person_id,
        "action": entry.action,
        "subject": [entry.subject_kind, entry.subject_id] if entry.subject_kind else None,
        "about": entry.about_id,
        "acting": entry.acting,
        "reason": entry.reason,
        "address": entry.address,
        "detail": entry.detail,
    }
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()
