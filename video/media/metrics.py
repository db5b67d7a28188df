"""The server's figures in Prometheus' text format 0.0.4, for its own machine or whoever has the token."""

import hmac
import resource
import time
from collections.abc import Iterator, Mapping

from aiohttp import web

from practice.core.settings import Settings
from video.media.hall import Hall
from video.media.meters import DELAYS_S
from video.media.reports import Reporter

_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_PREFIX = "stillpoint_media_"
_LOOPBACK = frozenset({"127.0.0.1", "::1"})


class Metrics:
    """Answers at /metrics."""

    def __init__(self, hall: Hall, reporter: Reporter, settings: Settings) -> None:
        self._hall = hall
        self._reporter = reporter
        self._token = settings.metrics_token
        self._is_open = not settings.is_production
        self._started = time.time()

    async def show(self, request: web.Request) -> web.Response:
        """Give the figures; to anybody else there is nothing at this address."""
        if not self._may_read(request):
            raise web.HTTPNotFound
        body = "".join(f"{line}\n" for line in self._lines())
        return web.Response(body=body.encode(), headers={"Content-Type": _TYPE})

    def _may_read(self, request: web.Request) -> bool:
        if self._token:
            return hmac.compare_digest(
                request.headers.get("Authorization", "").encode(), f"Bearer {self._token}".encode()
            )
        return self._is_open and request.remote in _LOOPBACK and "X-Forwarded-For" not in request.headers

    def _lines(self) -> Iterator[str]:
        hall, meters = self._hall, self._hall.meters
        for name, number in hall.counts.items():
            yield from _gauge(name, f"{name.capitalize()} now", number)
        yield from _gauge("departing_rooms", "Rooms on their way to another server", len(hall.departing))
        yield from _gauge("reports_waiting", "Lines of the log the web has not taken", self._reporter.waiting)
        yield from _counters("events_total", "Lines of the session log", "event", meters.events)
        yield from _counters("refusals_total", "Connections turned away or cut off", "code", meters.refusals)
        yield from _counters("offers_total", "Offers of connections", "outcome", meters.offers)
        traffic = meters.traffic(hall.board.routers)
        yield from _counter("packets_total", "Packets sent on to viewers", traffic.packets)
        yield from _counter("bytes_total", "Payload sent on to viewers", traffic.octets)
        yield from _counter("lost_packets_total", "Packets that did not come from the pages", traffic.lost)
        viewers = [router.quality() for router in hall.board.routers]
        losses = [each["lost_percent"] for each in viewers]
        trips = [each["round_trip_ms"] for each in viewers if each["round_trip_ms"] is not None]
        yield from _gauge("viewer_loss_percent_max", "The worst viewer's loss", max(losses, default=0))
        yield from _gauge("viewer_loss_percent_mean", "Loss over all viewers", sum(losses) / max(len(losses), 1))
        yield from _gauge("round_trip_seconds_max", "The longest way there and back", max(trips, default=0) / 1000)
        yield from self._delays()
        yield from _process(self._started)

    def _delays(self) -> Iterator[str]:
        """Write how late the beats came, as a histogram: whatever holds up a beat holds up packets."""
        meters, sum_so_far = self._hall.meters, 0
        name = f"{_PREFIX}beat_delay_seconds"
        yield f"# HELP {name} How late beats of the process came"
        yield f"# TYPE {name} histogram"
        for limit in DELAYS_S:
            sum_so_far += meters.delays[limit]
            yield f'{name}_bucket{{le="{limit:g}"}} {sum_so_far}'
        yield f'{name}_bucket{{le="+Inf"}} {meters.beats}'
        yield f"{name}_sum {meters.delay_s:.6f}"
        yield f"{name}_count {meters.beats}"


def _process(started: float) -> Iterator[str]:
    """Write what every exporter says of its process, by the usual names."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    yield from _metric("process_cpu_seconds_total", "Processor time", "counter", used.ru_utime + used.ru_stime)
    yield from _metric("process_max_resident_memory_bytes", "Most memory so far", "gauge", used.ru_maxrss * 1024)
    yield from _metric("process_start_time_seconds", "Start, since 1970", "gauge", started)


def _gauge(name: str, help_: str, value: float) -> Iterator[str]:
    yield from _metric(_PREFIX + name, help_, "gauge", value)


def _counter(name: str, help_: str, value: float) -> Iterator[str]:
    yield from _metric(_PREFIX + name, help_, "counter", value)


def _metric(name: str, help_: str, kind: str, value: float) -> Iterator[str]:
    yield f"# HELP {name} {help_}"
    yield f"# TYPE {name} {kind}"
    yield f"{name} {value:.10g}"


def _counters(name: str, help_: str, label: str, values: Mapping[str, int]) -> Iterator[str]:
    yield f"# HELP {_PREFIX}{name} {help_}"
    yield f"# TYPE {_PREFIX}{name} counter"
    for key, value in sorted(values.items()):
        yield f'{_PREFIX}{name}{{{label}="{key}"}} {value}'
