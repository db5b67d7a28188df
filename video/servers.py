"""The media servers: their signs of life, and which rooms live on which."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from fnmatch import fnmatchcase
from urllib.parse import urlsplit

from sqlalchemy import delete, func, select

from practice.core.db import db
from practice.core.settings import settings
from video import placement, queries
from video.models import MediaServer, Placement, Room
from video.reporting import Beat

_FORGOTTEN_AFTER = timedelta(days=2)


class StrangeServerError(Exception):
    """A media server says it is where no page may go; the message says which setting allows it."""


def beat(told: Beat, *, now: datetime) -> list[str]:
    """Note that a server lives; return which of the rooms it has people in live on another.

    Raises `StrangeServerError`.
    """
    _refuse_strange(told.url)
    server = db.session.scalar(select(MediaServer).where(MediaServer.url == told.url))
    if server is None:
        server = MediaServer(url=told.url)
        db.session.add(server)
    server.life, server.started_at, server.draining = told.life, told.started_at, told.draining
    server.seen_at, server.leased_until = now, now + told.lease
    server.rooms, server.people = len(told.rooms), told.people
    db.session.flush()
    return _living_elsewhere(server, told.rooms, now)


def place(room: Room, *, until: datetime, now: datetime, unreachable: str = "") -> str:
    """Give a room its media server and return the address pages use; the one it has, as long as that serves."""
    db.session.execute(select(Room.id).where(Room.id == room.id).with_for_update())
    placed = db.session.get(Placement, room.id, populate_existing=True)
    home = placed.server_id if placed is not None else None
    chosen = placement.choose(known(now), home=home, unreachable=unreachable, now=now)
    if chosen is None:
        return settings().media_url_of(0)
    if placed is None:
        db.session.add(Placement(room_id=room.id, server_id=chosen.id, placed_at=now, until=until))
    else:
        if placed.server_id != chosen.id:
            placed.server_id, placed.placed_at = chosen.id, now
        placed.until = until
    db.session.flush()
    return chosen.url


def any_open(now: datetime) -> str:
    """Return the address of a server that could take a room now."""
    chosen = placement.choose(known(now), home=None, unreachable="", now=now)
    return chosen.url if chosen is not None else settings().media_url_of(0)


def known(now: datetime) -> list[placement.Server]:
    """List the servers that were ever heard of, with the rooms that live on each."""
    living = select(Placement.server_id, func.count()).where(Placement.until > now).group_by(Placement.server_id)
    load = {row.server_id: row[1] for row in db.session.execute(living)}
    return [
        placement.Server(
            each.id, each.url, each.seen_at, each.leased_until, draining=each.draining, load=load.get(each.id, 0)
        )
        for each in db.session.scalars(select(MediaServer).order_by(MediaServer.url))
    ]


def forget_old(now: datetime) -> None:
    """Forget where closed rooms lived, and servers that were not heard of for days."""
    past = now - _FORGOTTEN_AFTER
    db.session.execute(delete(Placement).where(Placement.until < past))
    in_use = select(Placement.server_id)
    db.session.execute(delete(MediaServer).where(MediaServer.leased_until < past, MediaServer.id.not_in(in_use)))


def _living_elsewhere(server: MediaServer, uids: Collection[str], now: datetime) -> list[str]:
    """Find the rooms that live on another server; those of a dead one live where their people are."""
    rows = db.session.execute(
        select(Room, Placement).outerjoin(Placement, Placement.room_id == Room.id).where(Room.uid.in_(uids))
    ).all()
    serving = {each.id for each in known(now) if each.takes_rooms(now)}
    away = []
    for room, placed in rows:
        home: int | None = placed.server_id if placed is not None else None
        if home not in serving:
            home = _settle(room, placed, server if server.id in serving else None, now)
        if home not in {None, server.id}:
            away.append(room.uid)
    return away


def _settle(room: Room, placed: Placement | None, server: MediaServer | None, now: datetime) -> int | None:
    """Let a homeless room live where its people are, or, when that server is going, on another if there is one."""
    until = queries.window(room.appointment).closes_at
    if server is None:
        place(room, until=until, now=now)
    elif placed is None:
        db.session.add(Placement(room_id=room.id, server_id=server.id, placed_at=now, until=until))
    else:
        placed.server_id, placed.placed_at, placed.until = server.id, now, until
    db.session.flush()
    return db.session.scalars(select(Placement.server_id).where(Placement.room_id == room.id)).first()


def _refuse_strange(url: str) -> None:
    parts = urlsplit(url)
    origin = f"{parts.scheme}://{parts.netloc}"
    if not any(fnmatchcase(origin, source) for source in settings().media_sources):
        raise StrangeServerError(f"Pages may not connect to {origin}: name it in STILLPOINT_MEDIA_ORIGINS.")
