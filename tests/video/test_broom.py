"""Garbage is collected when nobody waits for it, or when there is much of it."""

from __future__ import annotations

from dataclasses import dataclass, field

from video.media.broom import Broom


@dataclass(slots=True)
class FakeCollector:
    """Keeps what it was told."""

    told: list[str] = field(default_factory=list)

    def freeze(self) -> None:
        self.told.append("freeze")

    def unfreeze(self) -> None:
        self.told.append("unfreeze")

    def collect(self) -> int:
        self.told.append("collect")
        return 0


def a_broom() -> tuple[Broom, FakeCollector]:
    collector = FakeCollector()
    return Broom(None, collector), collector  # type: ignore[arg-type]  # what it looks at is given


def test_who_came_is_set_aside_and_then_left_alone() -> None:
    broom, collector = a_broom()
    for _ in range(20):
        broom.look(came=2, here=2)
    assert set(collector.told) == {"freeze"}
    assert 1 < len(collector.told) < 10


def test_the_last_to_leave_is_swept_up_after_at_once() -> None:
    broom, collector = a_broom()
    broom.look(came=2, here=2)
    broom.look(came=2, here=1)
    assert "collect" not in collector.told
    for _ in range(3):
        broom.look(came=2, here=0)
    assert collector.told.count("collect") == 1


def test_while_others_talk_much_must_have_gathered() -> None:
    broom, collector = a_broom()
    for came in range(0, 450, 10):
        broom.look(came=came, here=8)
    assert collector.told.count("collect") == 2


def test_an_empty_house_is_not_swept() -> None:
    broom, collector = a_broom()
    broom.look(came=0, here=0)
    assert collector.told == []
