"""Which rule decides about which message: `video.rooms` knows what may be done, this knows who asks."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from video.rooms import leaving, presence, talking, waiting
from video.rooms.state import Room, Step
from video.signalling import incoming
from video.signalling.incoming import Incoming

Decide = Callable[[Room, datetime], Step]


def decision(connection: str, message: Incoming) -> Decide | None:
    """Find the rule for a message that came over a connection; None for what concerns no room."""
    rule = _RULES.get(type(message))
    return None if rule is None else lambda room, now: rule(room, connection, message, now)


_RULES: dict[type[Incoming], Callable[[Room, str, Any, datetime], Step]] = {
    incoming.Write: lambda room, by, line, now: waiting.write(room, by, line.person, line.text, now=now),
    incoming.Show: lambda room, by, shown, now: talking.show(
        room, by, microphone=shown.microphone, camera=shown.camera, screen=shown.screen
    ),
    incoming.Rung: lambda room, by, stands, _: presence.climb(room, by, stands.rung),
    incoming.Hush: lambda room, by, asked, _: talking.hush(room, by, asked.person),
    incoming.Remove: lambda room, by, asked, now: leaving.remove(room, by, asked.person, now=now),
    incoming.Pass: lambda room, by, passed, now: talking.pass_on(
        room, by, passed.to, kind=passed.kind, data=passed.data
    ),
    incoming.Leave: lambda room, by, _, now: leaving.leave(room, by, now=now),
    incoming.End: lambda room, by, _, now: leaving.end(room, by, now=now),
}
