"""Our media server under load: its own process, entered through its WebSocket with signed tokens."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import aiohttp
from aiortc import RTCSessionDescription

from bench._cores import SERVER_CORE, youngest
from bench._load import Participant
from video import tokens
from video.tokens import JoinToken, Role

INSTALL = "make setup"
_KEY = "a media key for measurements only"
_ORIGIN = "http://127.0.0.1:18000"
_PORT = 18001
_URL = f"ws://127.0.0.1:{_PORT}/room"
_nonces = count(1)


class Ours:
    """The media server as the practice runs it."""

    name = "stillpoint"

    def __init__(self, address: str, **changed: str) -> None:
        self._var = tempfile.TemporaryDirectory()
        self.log = Path(self._var.name) / "media.log"
        environ = os.environ | {
            "STILLPOINT_ENVIRONMENT": "test",
            "STILLPOINT_BASE_URL": _ORIGIN,
            "STILLPOINT_MEDIA_KEY": _KEY,
            "STILLPOINT_MEDIA_PORT": str(_PORT),
            "STILLPOINT_MEDIA_URL": _URL,
            "STILLPOINT_VAR_DIR": self._var.name,
        }
        command = ["taskset", "-c", str(SERVER_CORE), sys.executable, "-m", "video.media"]
        with self.log.open("w") as log:
            self._process = subprocess.Popen(command, env=environ | changed, stdout=log, stderr=log)
        self.pid = self._process.pid

    @staticmethod
    def is_here() -> bool:
        """Whether it is installed: it is this program."""
        return True

    async def open(self) -> None:
        """Wait until it answers."""
        self._session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0))
        self._lines: list[aiohttp.ClientWebSocketResponse] = []
        self._tasks: list[asyncio.Task[None]] = []
        async with asyncio.timeout(20):
            while True:
                try:
                    async with self._session.get(f"http://127.0.0.1:{_PORT}/healthz") as answer:
                        if answer.status == 200:
                            self.pid = youngest(self._process.pid)
                            return
                except aiohttp.ClientError:
                    await asyncio.sleep(0.1)

    async def room(self, number: int, people: int) -> list[Participant]:
        """Fill one room."""
        return [await self._enter(f"room-{number}", str(person), people) for person in range(people)]

    async def close(self) -> None:
        """Stop it."""
        for task in self._tasks:
            task.cancel()
        await self._session.close()
        self._process.terminate()
        self._process.wait(10)
        self._var.cleanup()

    async def _enter(self, room: str, person: str, people: int) -> Participant:
        line = await self._session.ws_connect(_URL, headers={"Origin": _ORIGIN})
        self._lines.append(line)
        await line.send_str(json.dumps({"type": "join", "token": _token(room, person)}))
        await _hear(line, "welcome")
        participant = Participant()
        for kind in ("audio", "video", "video"):
            participant.pc.addTransceiver(kind)
        participant.pc.createDataChannel("heartbeat", ordered=False, maxRetransmits=0)
        for kind in ("audio", "video", "video") * (people - 1):
            participant.pc.addTransceiver(kind, direction="recvonly")
        await participant.pc.setLocalDescription(await participant.pc.createOffer())
        sdp = participant.pc.localDescription.sdp
        await line.send_str(json.dumps({"type": "offer", "sdp": sdp, "number": 1, "generation": 1}))
        answer = await _hear(line, "answer")
        await participant.pc.setRemoteDescription(RTCSessionDescription(answer["sdp"], "answer"))
        await participant.connected()
        self._tasks.append(asyncio.create_task(_listen(line)))
        return participant


def _token(room: str, person: str) -> str:
    now = datetime.now(UTC)
    token = JoinToken(
        room=room,
        server=_URL,
        person=person,
        name=f"Person {person}",
        role=Role.COUNSELOR,
        powers=frozenset(),
        opens_at=now - timedelta(minutes=1),
        ends_at=now + timedelta(minutes=50),
        closes_at=now + timedelta(minutes=80),
        expires_at=now + timedelta(minutes=2),
        nonce=f"bench-{next(_nonces)}",
    )
    return tokens.sign(token, _KEY)


async def _hear(line: aiohttp.ClientWebSocketResponse, type_: str) -> dict[str, Any]:
    while True:
        frame = await line.receive(timeout=20)
        if frame.type is not aiohttp.WSMsgType.TEXT:
            raise RuntimeError(f"The media server closed before it said {type_}: {frame}")
        message: dict[str, Any] = json.loads(frame.data)
        if message["type"] == type_:
            return message
        if message["type"] in ("problem", "refused"):
            raise RuntimeError(str(message))


async def _listen(line: aiohttp.ClientWebSocketResponse) -> None:
    async for _ in line:
        pass
