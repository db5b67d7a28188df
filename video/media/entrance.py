"""The WebSocket at /room: the token first, then one message after the other."""

import itertools
import time
from collections.abc import Callable

from aiohttp import WSMsgType, web

from video import rooms, signalling, tokens
from video.media.hall import Hall
from video.media.limits import Bucket, UsedTokens
from video.media.link import Link
from video.rooms import Room, Step
from video.signalling import Incoming, MalformedError, Pong, Problem, Refused

_TOKEN_WITHIN_S = 5.0
_PING_EVERY_S = 5.0
_names = (f"c{number}" for number in itertools.count(1))


class Entrance:
    """Lets pages in by their tokens and passes on what they say."""

    def __init__(self, hall: Hall, key: str, origin: str) -> None:
        self._hall = hall
        self._key = key
        self._origin = origin
        self._used = UsedTokens()

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Speak with one page until it goes."""
        if request.headers.get("Origin", "") != self._origin:
            raise web.HTTPForbidden(text="This address is for the pages of the practice only.")
        socket = web.WebSocketResponse(heartbeat=_PING_EVERY_S, max_msg_size=signalling.LONGEST_FRAME)
        await socket.prepare(request)
        link = Link(next(_names), socket)
        try:
            token = await self._token(socket)
        except (MalformedError, tokens.TokenError) as error:
            link.close(Refused("malformed" if isinstance(error, MalformedError) else "token", str(error)))
            await link.end()
            return socket
        self._hall.arrive(token, link)
        try:
            await self._listen(socket, link, token.room)
        finally:
            self._hall.depart(token.room, link)
            await link.end()
        return socket

    async def _token(self, socket: web.WebSocketResponse) -> tokens.JoinToken:
        try:
            frame = await socket.receive(timeout=_TOKEN_WITHIN_S)
        except TimeoutError as error:
            raise MalformedError("The page did not say who is coming.") from error
        message = signalling.parse(frame.data) if frame.type is WSMsgType.TEXT else None
        if not isinstance(message, signalling.Join):
            raise MalformedError("The first message must be the token.")
        token = tokens.read(message.token, self._key, now=self._hall.now())
        if not self._used.is_first_use(token, now=self._hall.now()):
            raise tokens.BadTokenError("This way into the room was used before. Load the page again.")
        return token

    async def _listen(self, socket: web.WebSocketResponse, link: Link, room: str) -> None:
        limits = _Limits()
        async for frame in socket:
            if frame.type is not WSMsgType.TEXT or not limits.frames.allows(time.monotonic()):
                link.close(Refused("busy", "This page sent more than the room can take. Load it again."))
                return
            try:
                message = signalling.parse(frame.data)
            except MalformedError as error:
                link.send(Problem(str(error)))
                continue
            if not await self._heed(link, room, message, limits):
                return

    async def _heed(self, link: Link, uid: str, message: Incoming, limits: "_Limits") -> bool:
        """Act on one message; false when it was the last."""
        at = time.monotonic()
        match message:
            case signalling.Ping(stamp):
                link.send(Pong(stamp))
            case signalling.Offer() if limits.offers.allows(at):
                await self._hall.connect(uid, link, message)
            case signalling.Say() if not limits.lines.allows(at):
                link.send(Problem("You write faster than the room can pass on. Wait a moment."))
            case signalling.Offer():
                link.send(Problem("Your browser asks for connections too often. Wait a moment."))
            case signalling.Join():
                link.send(Problem("You are in already."))
            case _:
                self._decide(link, uid, message)
        return not isinstance(message, signalling.Leave)

    def _decide(self, link: Link, uid: str, message: Incoming) -> None:
        room = self._hall.room(uid)
        decide = _decision(link.name, message)
        if room is not None and decide is not None:
            self._hall.perform(decide(room, self._hall))


class _Limits:
    """What one connection may ask per second, and at once."""

    def __init__(self) -> None:
        self.frames = Bucket(rate=30, burst=100)
        self.lines = Bucket(rate=2, burst=8)
        self.offers = Bucket(rate=0.5, burst=5)


def _decision(connection: str, message: Incoming) -> Callable[[Room, Hall], Step] | None:
    match message:
        case signalling.Admit(person):
            return lambda room, hall: rooms.admit(room, connection, person, now=hall.now())
        case signalling.Say(text):
            return lambda room, hall: rooms.say(room, connection, text, now=hall.now())
        case signalling.Show(microphone, camera):
            return lambda room, hall: rooms.show(room, connection, microphone=microphone, camera=camera)
        case signalling.Leave():
            return lambda room, hall: rooms.leave(room, connection, now=hall.now())
        case signalling.End():
            return lambda room, hall: rooms.end(room, connection, now=hall.now())
    return None
