"""The media server as an aiohttp application: the entrance at /room and a sign of life at /healthz."""

import asyncio
import logging
import signal
from collections.abc import AsyncIterator
from functools import partial

from aiohttp import web

from practice.core.settings import Settings
from video.media import addresses, codecs, lean, nonstop
from video.media.broom import Broom
from video.media.drain import drain
from video.media.entrance import Entrance
from video.media.hall import Hall
from video.media.metrics import Metrics
from video.media.peer import Peer
from video.media.ports import Ports
from video.media.probes import Probes
from video.media.pulse import Pulse
from video.media.reports import Reporter, Spool
from video.media.settings import is_on_this_machine, origin_of, own_port, own_udp_port, own_url, report_url, spool_path
from video.media.warden import Warden

log = logging.getLogger(__name__)

HALL, WARDEN = web.AppKey("hall", Hall), web.AppKey("warden", Warden)


def application(settings: Settings) -> web.Application:
    """Lay out the application; what runs beside the requests starts and stops with it."""
    codecs.settle()
    addresses.settle(loopback=is_on_this_machine(settings))
    app = web.Application()
    app.cleanup_ctx.append(lambda app: _running(app, settings))
    return app


async def serve(settings: Settings) -> None:
    """Serve until told to stop; then hand the rooms over, or stop at once: people are waiting for the next server."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    lean.settle()
    app = application(settings)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1, handle_signals=False)
    await runner.setup()
    await web.TCPSite(runner, settings.media_host, own_port(settings)).start()
    log.info("Rooms are open at %s", own_url(settings))
    sweeping = asyncio.create_task(Broom(app[HALL]).run())
    await stop.wait()
    sweeping.cancel()
    await drain(app[HALL], app[WARDEN])
    await runner.cleanup()


async def _running(app: web.Application, settings: Settings) -> AsyncIterator[None]:
    spool = Spool(spool_path(settings))
    reporter = Reporter(spool, report_url(settings), settings.media_key)
    ports = Ports(own_udp_port(settings), plain=settings.media_plain, loop=nonstop.loop())
    log.info("Media is read and written %s", ports.description)
    hall = Hall(reporter, ports, public_ip=settings.media_public_ip)
    probes = Probes(settings.media_key, partial(_probe_peer, ports, settings.media_public_ip), now=hall.now)
    entrance = Entrance(hall, settings.media_key, origin_of(settings.base_url), own_url(settings), probes)
    app.router.add_get("/room", entrance.handle)
    app.router.add_get("/healthz", _alive)
    app.router.add_get("/metrics", Metrics(hall, reporter, settings).show)
    warden = Warden(hall, report_url(settings), settings.media_key, url=own_url(settings), life=reporter.server)
    app[HALL], app[WARDEN] = hall, warden
    tasks = [asyncio.create_task(each.run()) for each in (Pulse(hall), reporter, warden)]
    yield
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    ports.close()
    spool.close()


def _probe_peer(ports: Ports, public_ip: str, person: str) -> Peer:
    return Peer(person, 0, ports, public_ip=public_ip)


async def _alive(_: web.Request) -> web.Response:
    """Say that we live, and nothing else: how many speak here is nobody's business."""
    return web.json_response({"status": "ok"})
