"""How fluid a week of a hundred sessions is: how long its page takes, and the frames while one of them is dragged.

A real Chromium draws in software; the mouse moves through the DevTools protocol, as fast as the page takes it.
"""

from __future__ import annotations

import json
import logging
import statistics
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from playwright.sync_api import CDPSession, Page

from tests.browser.calendars import Calendar, running_calendar
from tests.support.apps import migrate
from tests.support.browsers import chromium, window
from tests.support.databases import SqliteTemplate

SESSIONS = 100
NAVIGATION = """() => {
  const entry = performance.getEntriesByType("navigation")[0];
  const painted = performance.getEntriesByName("first-contentful-paint")[0];
  const nodes = document.querySelectorAll("*").length;
  return { answered: entry.responseEnd, painted: painted?.startTime ?? 0, nodes };
}"""
RELAYOUT = """(times) => {
  const week = document.querySelector("[data-week]");
  const taken = [];
  for (let time = 0; time < times; time += 1) {
    week.style.setProperty("--hour", `${4.5 + (time % 2) / 100}rem`);
    const begun = performance.now();
    week.querySelector(".week-entry").getBoundingClientRect();
    taken.push(performance.now() - begun);
  }
  week.style.removeProperty("--hour");
  return taken;
}"""
COUNT_FRAMES = """() => {
  window.frames_ = [];
  let last = performance.now();
  const tick = (now) => { window.frames_.push(now - last); last = now; requestAnimationFrame(tick); };
  requestAnimationFrame(tick);
}"""


def drag(page: Page, tools: CDPSession, seconds: float) -> tuple[list[float], dict[str, float]]:
    """Carry a session over the whole week; return the frames and what each cost, in milliseconds."""
    entry = page.locator(".week-day").nth(2).locator("a.week-entry").nth(10)
    entry.scroll_into_view_if_needed()
    box = entry.bounding_box()
    assert box is not None
    left, top = box["x"] + 40, box["y"] + 8
    _mouse(tools, "mouseMoved", left, top)
    _mouse(tools, "mousePressed", left, top)
    page.evaluate(COUNT_FRAMES)
    page.wait_for_timeout(300)
    before = _spent(tools)
    page.evaluate("() => { window.frames_.length = 0; }")
    begun = time.perf_counter()
    while (passed := time.perf_counter() - begun) < seconds:
        _mouse(tools, "mouseMoved", left + 320 * ((passed * 1.7) % 2 - 1), top + 200 * ((passed * 3.1) % 1) - 60)
    after, frames = _spent(tools), page.evaluate("() => window.frames_")
    page.keyboard.press("Escape")
    _mouse(tools, "mouseReleased", left, top)
    each = {name: (after[name] - before[name]) * 1000 / max(len(frames), 1) for name in after}
    return sorted(frames[2:]), each


def measure(calendar: Calendar, page: Page, tools: CDPSession, *, quick: bool) -> dict[str, float]:
    """Open the week, lay it out anew, drag; return the figures."""
    opened = []
    for _ in range(2 if quick else 6):
        page.goto(f"{calendar.url}/week", wait_until="load")
        page.wait_for_timeout(200)
        opened.append(page.evaluate(NAVIGATION))
    relayout = page.evaluate(RELAYOUT, 20)
    frames, each = drag(page, tools, 2 if quick else 8)
    return {
        "sessions": SESSIONS,
        "nodes": opened[-1]["nodes"],
        "answered_ms": round(statistics.median(one["answered"] for one in opened), 1),
        "painted_ms": round(statistics.median(one["painted"] for one in opened), 1),
        "relayout_ms": round(statistics.median(relayout), 2),
        "frame_ms_p50": round(frames[len(frames) // 2], 1),
        "frame_ms_p95": round(frames[int(len(frames) * 0.95)], 1),
        "layout_per_frame_ms": round(each["LayoutDuration"], 2),
        "style_per_frame_ms": round(each["RecalcStyleDuration"], 2),
        "script_per_frame_ms": round(each["ScriptDuration"], 2),
    }


def main(*, quick: bool) -> None:
    """Measure, show a table and close with the figures."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    with ExitStack() as open_:
        folder = Path(open_.enter_context(tempfile.TemporaryDirectory()))
        database = open_.enter_context(SqliteTemplate(folder, migrate).copy())
        calendar = open_.enter_context(running_calendar(database, folder, sessions=SESSIONS))
        context = open_.enter_context(window(open_.enter_context(chromium())))
        calendar.sign_in(context)
        page = context.new_page()
        tools = context.new_cdp_session(page)
        tools.send("Performance.enable")
        figures = measure(calendar, page, tools, quick=quick)
    for what, figure in figures.items():
        print(f"{what:24}{figure:>10}")
    print(json.dumps(figures))


def _mouse(tools: CDPSession, kind: str, left: float, top: float) -> None:
    buttons = 0 if kind == "mouseReleased" else 1
    told = {"type": kind, "x": left, "y": top, "button": "left", "buttons": buttons, "clickCount": 1}
    tools.send("Input.dispatchMouseEvent", told)


def _spent(tools: CDPSession) -> dict[str, float]:
    wanted = ("LayoutDuration", "RecalcStyleDuration", "ScriptDuration")
    known = {each["name"]: each["value"] for each in tools.send("Performance.getMetrics")["metrics"]}
    return {name: known[name] for name in wanted}


if __name__ == "__main__":
    main(quick="--quick" in sys.argv)
