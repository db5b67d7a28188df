"""When the room's log speaks against a fee for not coming."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest

from practice.core.spans import Span
from tests.video.scenes import NOON
from video.faults import Fault, fault_of

ALICE, INES = 2, 1


@dataclass
class Line:
    """One line of the log."""

    person_id: int
    event: str
    minute: int = 0
    server: str = "s"
    detail: dict[str, Any] = field(default_factory=dict)

    @property
    def at(self) -> datetime:
        return NOON + timedelta(minutes=self.minute)


@pytest.mark.parametrize(
    ("log", "fault"),
    [
        ([], Fault.NOBODY_GOT_IN),
        ([Line(INES, "joined")], None),
        ([Line(INES, "waiting")], Fault.NOBODY_GOT_IN),
        ([Line(INES, "joined"), Line(ALICE, "waiting", 5)], Fault.CLIENT_WAS_THERE),
        ([Line(INES, "joined"), Line(ALICE, "dropped", 49)], Fault.CLIENT_WAS_THERE),
        ([Line(INES, "joined"), Line(ALICE, "waiting", 50)], None),
        ([Line(INES, "joined"), Line(3, "joined")], None),
    ],
)
def test_a_client_the_room_saw_and_a_room_nobody_reached_speak_against_a_fee(
    log: list[Line], fault: Fault | None
) -> None:
    found = fault_of(log, client_id=ALICE, counselor_id=INES, span=Span.lasting(NOON, 50))
    assert (found[0] if found else None) == fault
