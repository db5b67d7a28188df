"""Janus under the same load: Debian's package with its video room plugin, as it is shipped, on one core."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import aiohttp
from aiortc import RTCSessionDescription

from bench._cores import SERVER_CORE
from bench._load import Participant

INSTALL = "apt-get install --no-install-recommends janus"
_PORT = 18088
_LIBRARIES = Path("/usr/lib/x86_64-linux-gnu/janus")
_CONFIGURATION = {
    "janus.jcfg": """
general: {{ configs_folder = "{folder}" plugins_folder = "{libraries}/plugins"
  transports_folder = "{libraries}/transports" events_folder = "{folder}/empty" loggers_folder = "{folder}/empty"
  debug_level = 2 session_timeout = 0 }}
media: {{ rtp_port_range = "20000-30000" }}
nat: {{ ice_enforce_list = "{address}" }}
""",
    "janus.transport.http.jcfg": """
general: {{ json = "compact" base_path = "/janus" http = true port = {port} ip = "127.0.0.1" https = false }}
admin: {{ admin_http = false admin_https = false }}
""",
    "janus.plugin.videoroom.jcfg": "general: {{ }}\n",
}


class Janus:
    """Each person publishes over one connection and watches the others over a second, as Janus wants it."""

    name = "janus"

    def __init__(self, address: str) -> None:
        self._folder = tempfile.TemporaryDirectory()
        folder = Path(self._folder.name)
        (folder / "empty").mkdir()
        for name, text in _CONFIGURATION.items():
            known = {"folder": folder, "libraries": _LIBRARIES, "address": address, "port": _PORT}
            (folder / name).write_text(text.format(**known))
        command = ["taskset", "-c", str(SERVER_CORE), "janus", "-F", str(folder)]
        with (folder / "log").open("w") as log:
            self._process = subprocess.Popen(command, stdout=log, stderr=log)
        self.pid = self._process.pid
        self._answers: dict[str, asyncio.Future[dict[str, Any]]] = {}

    @staticmethod
    def is_here() -> bool:
        """Whether it is installed."""
        return shutil.which("janus") is not None

    async def open(self) -> None:
        """Wait until it answers."""
        self._http = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0))
        async with asyncio.timeout(20):
            while True:
                try:
                    self._session = (await self._post("", janus="create"))["data"]["id"]
                    break
                except aiohttp.ClientError:
                    await asyncio.sleep(0.2)
        self._polling = asyncio.create_task(self._poll())

    async def room(self, number: int, people: int) -> list[Participant]:
        """Fill one room."""
        settings = {"audiocodec": "opus", "videocodec": "vp8", "bitrate": 0, "publishers": people}
        await self._ask(await self._attach(), {"request": "create", "room": 1000 + number, **settings})
        publishing = [await self._publish(1000 + number) for _ in range(people)]
        feeds = [feed for feed, _ in publishing]
        watching = [await self._watch(1000 + number, [each for each in feeds if each != feed]) for feed in feeds]
        return [participant for _, participant in publishing] + watching

    async def close(self) -> None:
        """Stop it."""
        self._polling.cancel()
        await self._http.close()
        self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
        self._folder.cleanup()

    async def _publish(self, room: int) -> tuple[int, Participant]:
        handle = await self._attach()
        joined = await self._ask(handle, {"request": "join", "ptype": "publisher", "room": room})
        participant = Participant()
        participant.pc.addTransceiver("audio", "sendonly")
        participant.pc.addTransceiver("video", "sendonly")
        await participant.pc.setLocalDescription(await participant.pc.createOffer())
        offer = {"type": "offer", "sdp": participant.pc.localDescription.sdp}
        answer = await self._ask(handle, {"request": "publish", "audiocodec": "opus", "videocodec": "vp8"}, offer)
        await participant.pc.setRemoteDescription(RTCSessionDescription(answer["jsep"]["sdp"], "answer"))
        await participant.connected()
        return int(joined["plugindata"]["data"]["id"]), participant

    async def _watch(self, room: int, feeds: list[int]) -> Participant:
        handle = await self._attach()
        streams = [{"feed": feed} for feed in feeds]
        asked = {"request": "join", "ptype": "subscriber", "room": room, "streams": streams}
        offer = await self._ask(handle, asked)
        participant = Participant()
        await participant.pc.setRemoteDescription(RTCSessionDescription(offer["jsep"]["sdp"], "offer"))
        await participant.pc.setLocalDescription(await participant.pc.createAnswer())
        answer = {"type": "answer", "sdp": participant.pc.localDescription.sdp}
        await self._ask(handle, {"request": "start"}, answer)
        await participant.connected()
        return participant

    async def _attach(self) -> int:
        attached = await self._post(f"/{self._session}", janus="attach", plugin="janus.plugin.videoroom")
        return int(attached["data"]["id"])

    async def _ask(self, handle: int, body: dict[str, Any], jsep: dict[str, str] | None = None) -> dict[str, Any]:
        transaction = secrets.token_hex(6)
        waiting = self._answers[transaction] = asyncio.get_running_loop().create_future()
        fields = {"jsep": jsep} if jsep else {}
        path = f"/{self._session}/{handle}"
        done = await self._post(path, janus="message", transaction=transaction, body=body, **fields)
        return done if done["janus"] == "success" else await asyncio.wait_for(waiting, 20)

    async def _post(self, path: str, **fields: Any) -> dict[str, Any]:
        fields.setdefault("transaction", secrets.token_hex(6))
        async with self._http.post(f"http://127.0.0.1:{_PORT}/janus{path}", json=fields) as answer:
            told: dict[str, Any] = await answer.json()
        if told["janus"] == "error":
            raise RuntimeError(f"Janus refused: {told}")
        return told

    async def _poll(self) -> None:
        """Take the answers that come later."""
        while True:
            with contextlib.suppress(aiohttp.ClientError, TimeoutError):
                async with self._http.get(f"http://127.0.0.1:{_PORT}/janus/{self._session}?maxev=20") as answer:
                    told = await answer.json()
                for event in told if isinstance(told, list) else [told]:
                    waiting = self._answers.pop(event.get("transaction", ""), None)
                    if waiting is not None and not waiting.done():
                        waiting.set_result(event)
