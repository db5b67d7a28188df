"""The WebSocket at /room: the token first, then one message after the other."""

import itertools
import time
from functools import partial

from aiohttp import WSMessage, WSMsgType, web

from video import passes, tokens
from video.media.decisions import decision
from video.media.hall import Hall
from video.media.limits import Bucket, Buckets, Strangers, UsedTokens
from video.media.link import Link
from video.media.probes import Probes
from video.rooms import entering
from video.signalling import incoming
from video.signalling.incoming import Incoming, MalformedError
from video.signalling.outgoing import Pong, Problem, Refused

_TOKEN_WITHIN_S = 5.0
_PING_EVERY_S = 5.0
_names = (f"c{number}" for number in itertools.count(1))


class Entrance:
    """Lets pages in by their tokens and passes on what they say."""

    def __init__(self, hall: Hall, key: str, origin: str, url: str, probes: Probes) -> None:
        self._hall = hall
        self._probes = probes
        self._key = key
        self._origin = origin
        self._url = url
        self._used = UsedTokens()
        self._strangers = Strangers()
        self._arrivals = Buckets(rate=0.5, burst=20)
        self._offers = Buckets(rate=0.5, burst=10)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Speak with one page until it goes."""
        if request.headers.get("Origin", "") != self._origin:
            raise web.HTTPForbidden(text="This address is for the pages of the practice only.")
        most = incoming.LONGEST_FRAME
        # a compressor would take 0.3 MB for each page
        socket = web.WebSocketResponse(heartbeat=_PING_EVERY_S, max_msg_size=most, compress=False)
        await socket.prepare(request)
        link = Link(next(_names), socket)
        self._strangers.come(link.name, partial(self._cut, request))
        try:
            first = await _first_message(socket)
            if isinstance(first, incoming.Probe):
                await self._probes.serve(socket, link, first)
                await link.end()
                return socket
            token = self._token(first)
        except (MalformedError, tokens.TokenError) as error:
            self._refuse(link, "malformed" if isinstance(error, MalformedError) else "token", str(error))
            await link.end()
            return socket
        finally:
            self._strangers.known(link.name)
        if not self._arrivals.allows(f"{token.room} {token.person}", time.monotonic()):
            self._refuse(link, "busy", "You came in too often just now. Wait a minute, then load the page again.")
            await link.end()
            return socket
        self._hall.arrive(token, link)
        try:
            await self._listen(socket, link, token)
        finally:
            self._hall.depart(token.room, link)
            await link.end()
        return socket

    def _token(self, first: Incoming | None) -> tokens.JoinToken:
        if not isinstance(first, incoming.Join):
            raise MalformedError("The first message must be the token.")
        token = tokens.read(first.token, self._key, now=self._hall.now())
        if token.server != self._url:
            raise tokens.BadTokenError("This room lives on another of our servers. Load the page again.")
        if not self._used.is_first_use(token, now=self._hall.now()):
            raise tokens.BadTokenError("This way into the room was used before. Load the page again.")
        return token

    def _cut(self, request: web.Request) -> None:
        """Cut a connection off without a word: whoever opened hundreds would not listen."""
        self._hall.meters.refusals["crowd"] += 1
        if request.transport is not None:
            request.transport.abort()

    def _refuse(self, link: Link, code: str, words: str) -> None:
        self._hall.meters.refusals[code] += 1
        link.close(Refused(code, words))

    async def _listen(self, socket: web.WebSocketResponse, link: Link, token: tokens.JoinToken) -> None:
        limits = _Limits()
        async for frame in socket:
            message = _read(frame)
            in_time = isinstance(message, incoming.Pass) and limits.passes(len(message.data), time.monotonic())
            if message is None or not (in_time or limits.frames.allows(time.monotonic())):
                self._refuse(link, "busy", "This page sent more than the room can take. Load it again.")
                return
            if isinstance(message, MalformedError):
                link.send(Problem(str(message)))
                continue
            if isinstance(message, incoming.Pass) and not in_time:
                continue  # the page sends it again, more slowly
            if not await self._heed(link, token, message, limits):
                return

    async def _heed(self, link: Link, token: tokens.JoinToken, message: Incoming, limits: "_Limits") -> bool:
        """Act on one message; false when it was the last."""
        at, uid = time.monotonic(), token.room
        match message:
            case incoming.Ping(stamp):
                link.send(Pong(stamp))
            case incoming.Offer() if self._offers.allows(f"{uid} {token.person}", at):
                await self._hall.board.connect(uid, link, message)
            case incoming.Write() if not limits.lines.allows(at):
                link.send(Problem("You write faster than the room can pass on. Wait a moment."))
            case incoming.Offer():
                self._hall.meters.offers["throttled"] += 1
                link.send(Problem("Your browser asks for connections too often. Wait a moment."))
            case incoming.Admit():
                self._admit(link, uid, message)
            case incoming.Join() | incoming.Probe():
                link.send(Problem("You are in already."))
            case _:
                self._decide(link, uid, message)
        return not isinstance(message, incoming.Leave)

    def _admit(self, link: Link, uid: str, asked: incoming.Admit) -> None:
        room, now = self._hall.room(uid), self._hall.now()
        if room is not None:
            is_cleared = passes.read(passes.MEET, asked.leave, self._key, now=now) == passes.meeting(uid, asked.person)
            self._hall.perform(entering.admit(room, link.name, asked.person, now=now, is_cleared=is_cleared))

    def _decide(self, link: Link, uid: str, message: Incoming) -> None:
        room = self._hall.room(uid)
        decide = decision(link.name, message)
        if room is not None and decide is not None:
            self._hall.perform(decide(room, self._hall.now()))


def _read(frame: WSMessage) -> Incoming | MalformedError | None:
    """Read a frame, or tell why not; None for what is no text at all."""
    if frame.type is not WSMsgType.TEXT:
        return None
    try:
        return incoming.parse(frame.data)
    except MalformedError as error:
        return error


async def _first_message(socket: web.WebSocketResponse) -> Incoming | None:
    try:
        frame = await socket.receive(timeout=_TOKEN_WITHIN_S)
    except TimeoutError as error:
        raise MalformedError("The page did not say who is coming.") from error
    return incoming.parse(frame.data) if frame.type is WSMsgType.TEXT else None


class _Limits:
    """What one connection may ask per second, and at once."""

    def __init__(self) -> None:
        self.frames = Bucket(rate=30, burst=100)
        self.lines = Bucket(rate=2, burst=8)
        self._passes = Bucket(rate=100, burst=300)
        self._passed_bytes = Bucket(rate=384 * 1024, burst=1024 * 1024)

    def passes(self, size: int, at: float) -> bool:
        """Tell whether so many characters may be passed on now."""
        return self._passes.allows(at) and self._passed_bytes.allows(at, size)
