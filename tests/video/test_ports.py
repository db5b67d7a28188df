"""One UDP port for everybody: each packet finds its connection, and nobody's packets find another's."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aioice import stun
from aioice.ice import Connection

from tests.video.media_server import awaited
from video.media import nonstop
from video.media.ports import Ports

HOST = "127.0.0.1"
KINDS = pytest.mark.parametrize(
    "kind", [{}, {"loop": nonstop.loop()}, {"plain": True}], ids=["batches", "compiled", "one by one"]
)


class FakeLane:
    """Keeps what came in, still encrypted."""

    def __init__(self) -> None:
        self.came: asyncio.Queue[bytes] = asyncio.Queue()

    def take(self, inbox: object, place: int, view: memoryview, at: float) -> None:
        self.came.put_nowait(bytes(view[:12]))

    def follow(self) -> None:
        """Go nowhere: there is one path."""


class Scene:
    """Two connections on one port, and a stranger's socket."""

    def __init__(self, ports: Ports, stranger: asyncio.DatagramTransport, answers: asyncio.Queue[bytes]) -> None:
        self.ports, self.stranger, self.answers = ports, stranger, answers
        self.number = 0

    async def connection(self) -> tuple[Connection, FakeLane]:
        connection, lane = Connection(ice_controlling=False), FakeLane()
        connection.remote_username, connection.remote_password = "them", "p" * 22
        self.ports.serve(connection, lane)  # type: ignore[arg-type]  # a lane that keeps what comes
        (candidate,) = await connection.get_component_candidates(1, [HOST])
        assert self.number in (0, candidate.port)
        self.number = candidate.port
        return connection, lane

    def send(self, data: bytes) -> None:
        self.stranger.sendto(data, (HOST, self.number))

    async def check(self, connection: Connection, *, name: str = "", password: str = "") -> stun.Message:
        request = stun.Message(message_method=stun.Method.BINDING, message_class=stun.Class.REQUEST)
        request.attributes["USERNAME"] = f"{name or connection.local_username}:them"
        request.attributes["PRIORITY"] = 1
        request.attributes["ICE-CONTROLLING"] = 1
        request.add_message_integrity((password or connection.local_password).encode())
        self.send(bytes(request))
        return stun.parse_message(await asyncio.wait_for(self.answers.get(), 30))


@asynccontextmanager
async def a_scene(kind: dict[str, Any]) -> AsyncIterator[Scene]:
    answers: asyncio.Queue[bytes] = asyncio.Queue()

    class Stranger(asyncio.DatagramProtocol):
        def datagram_received(self, data: bytes, addr: object) -> None:
            answers.put_nowait(data)

    transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(Stranger, local_addr=(HOST, 0))
    ports = Ports(**kind)
    try:
        yield Scene(ports, transport, answers)
    finally:
        transport.close()
        ports.close()


@KINDS
@awaited
async def test_packets_go_where_their_sender_was_checked(kind: dict[str, Any]) -> None:
    async with a_scene(kind) as scene:
        (one, first), (_, second) = await scene.connection(), await scene.connection()
        scene.send(b"\x80" + bytes(20))
        assert (await scene.check(one)).message_class is stun.Class.RESPONSE
        scene.send(b"\x80one" + bytes(20))
        assert (await asyncio.wait_for(first.came.get(), 30)).startswith(b"\x80one")
        assert second.came.empty()


@KINDS
@awaited
async def test_a_check_that_is_not_signed_takes_nobodys_place(kind: dict[str, Any]) -> None:
    async with a_scene(kind) as scene:
        one, first = await scene.connection()
        request = stun.Message(message_method=stun.Method.BINDING, message_class=stun.Class.REQUEST)
        request.attributes["USERNAME"] = f"{one.local_username}:them"
        scene.send(bytes(request))
        scene.send(b"\x80forged" + bytes(20))
        scene.send(b"\0\1" + bytes(30))
        await scene.check(one)
        assert first.came.empty()


@KINDS
@awaited
async def test_a_connection_is_found_by_its_new_name(kind: dict[str, Any]) -> None:
    async with a_scene(kind) as scene:
        one, first = await scene.connection()
        one._local_username, one._local_password = "again", "q" * 22
        assert (await scene.check(one)).message_class is stun.Class.RESPONSE
        scene.send(b"\x80still" + bytes(20))
        assert (await asyncio.wait_for(first.came.get(), 30)).startswith(b"\x80still")


@KINDS
@awaited
async def test_whoever_is_gone_gets_nothing(kind: dict[str, Any]) -> None:
    async with a_scene(kind) as scene:
        (one, first), (two, second) = await scene.connection(), await scene.connection()
        await scene.check(one)
        await one.close()
        scene.send(b"\x80late" + bytes(20))
        await scene.check(two)
        scene.send(b"\x80here" + bytes(20))
        assert (await asyncio.wait_for(second.came.get(), 30)).startswith(b"\x80here")
        assert first.came.empty()
