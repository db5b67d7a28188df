"""Which rule decides about which message: `video.rooms` knows what may be done, this knows who asks."""

from collections.abc import Callable
from datetime import datetime

from video.rooms import entering, leaving, talking
from video.rooms.state import Room, Step
from video.signalling import incoming
from video.signalling.incoming import Incoming

Decide = Callable[[Room, datetime], Step]


def decision(connection: str, message: Incoming) -> Decide | None:
    """Find the rule for a message that came over a connection; None for what concerns no room."""
    match message:
        case incoming.Admit(person):
            return lambda room, now: entering.admit(room, connection, person, now=now)
        case incoming.Say(text):
            return lambda room, now: talking.say(room, connection, text, now=now)
        case incoming.Show(microphone, camera):
            return lambda room, now: talking.show(room, connection, microphone=microphone, camera=camera)
        case incoming.Leave():
            return lambda room, now: leaving.leave(room, connection, now=now)
        case incoming.End():
            return lambda room, now: leaving.end(room, connection, now=now)
    return None
