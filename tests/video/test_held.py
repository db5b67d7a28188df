"""Whoever is where no licence of the counselor's reaches is let in once a reason was given, and not before."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.video.media_server import awaited, media_server
from tests.video.room_scenes import a_session, arrived, words
from tests.video.scenes import ALICE, BEN, INES, KEY, NOON
from video import passes
from video.rooms import entering, leaving


def test_whoever_is_where_no_licence_reaches_waits_for_the_reason_whatever_was_before() -> None:
    room = leaving.leave(a_session(), f"c{ALICE}", now=NOON).room
    room = arrived(room, ALICE, admitted=True, held=True).room
    assert words(entering.admit(room, f"c{INES}", ALICE, now=NOON)).startswith("Before you let Alice Moreau in")
    step = entering.admit(room, f"c{INES}", ALICE, now=NOON, is_cleared=True)
    assert [seat.person for seat in step.room.present] == [INES, ALICE]


@awaited
async def test_the_practices_word_is_about_one_person_in_one_room(tmp_path: Path) -> None:
    soon = datetime.now(UTC) + timedelta(minutes=1)
    async with media_server(tmp_path) as media:
        ines, alice = await media.enter(INES), await media.enter(ALICE, held=True)
        words = [("room-1", BEN, KEY), ("room-2", ALICE, KEY), ("room-1", ALICE, "another key")]
        signed = [passes.sign(passes.MEET, passes.meeting(room, who), key, until=soon) for room, who, key in words]
        probe = passes.sign(passes.PROBE, passes.meeting("room-1", ALICE), KEY, until=soon)
        for leave in ("", "nonsense", probe, *signed):
            await ines.say("admit", person=ALICE, leave=leave)
            assert "give your reason" in (await ines.hear("problem"))["words"]
        right = passes.sign(passes.MEET, passes.meeting("room-1", ALICE), KEY, until=soon)
        await ines.say("admit", person=ALICE, leave=right)
        await alice.hear("roomview", stage="in")
