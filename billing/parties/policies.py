"""Who holds a policy, read off a form: the client, or somebody else; and a second policy. Pure."""

from __future__ import annotations

from datetime import date

from werkzeug.datastructures import MultiDict

from billing.parties import reading
from practice.core.forms import Reader

SEXES = {"F": "Female", "M": "Male", "U": "Not said"}
"""What insurers keep (X12 data element 1068)."""
SELF, SPOUSE, CHILD, OTHER = "self", "spouse", "child", "other"
RELATIONS = (SELF, SPOUSE, CHILD, OTHER)
"""What a client may be to whoever holds the policy (CMS-1500 02/12, item 6)."""


def holder(reader: Reader, data: MultiDict[str, str], today: date) -> dict[str, str]:
    """Read who holds the policy; nothing is kept of them where that is the client."""
    relation = reader.choice("relation", RELATIONS) if data.get("relation") else SELF
    found = {
        "holder_first_name": reader.line("holder_first_name", most=35, required=False),
        "holder_last_name": reader.line("holder_last_name", most=60, required=False),
        "holder_born_on": reading.birthday(reader, "holder_born_on", today),
        "holder_phone": reading.phone(reader, "holder_phone"),
        **reading.address(reader, "holder_"),
    }
    if relation == SELF:
        if any(found.values()):
            reader.complain("relation", "Say whose policy it is, or leave the lines about somebody else empty.")
        return {}
    sex = reader.choice("holder_sex", SEXES) if data.get("holder_sex") else "U"
    return {**found, "relation": relation, "holder_sex": sex}


def second(reader: Reader, data: MultiDict[str, str]) -> dict[str, str]:
    """Read a second policy, if there is one."""
    found = {
        "second_insurer": reader.line("second_insurer", most=60, required=False),
        "second_first_name": reader.line("second_first_name", most=35, required=False),
        "second_last_name": reader.line("second_last_name", most=60, required=False),
        **reading.numbers(reader, ("second_insurer_id", "second_member_id", "second_group_number")),
    }
    if any(found.values()) and not found["second_insurer"]:
        reader.complain("second_insurer", "Name the second insurer, or leave its lines empty.")
    relation = reader.choice("second_relation", RELATIONS) if data.get("second_relation") else SELF
    return {**found, "second_relation": relation}
