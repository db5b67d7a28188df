"""How long a page and fifty pages take to set, tagged and with our fonts, in the warm child."""

import io
import json
import statistics
import sys
import time
from types import SimpleNamespace

from jinja2 import Environment, FileSystemLoader
from pypdf import PdfReader

from practice.core.printing import WarmPrinter

PRACTICE = SimpleNamespace(
    name="Stillpoint", country="US", address="14 Linden Row", phone="", email="hello@stillpoint.example"
)  # fmt: skip
PAGE = """{% extends "print/base.html" %}{% block title %}Progress note{% endblock %}{% block main %}
<h1>Progress note</h1>{% for part in parts %}<h2>Part {{ loop.index }}</h2><p class="said">{{ part }}</p>{% endfor %}
{% endblock %}"""
PARTS_OF_50_PAGES = 223
PARAGRAPH = "She told of the week, of the evenings that were long and of the morning she walked to the river. " * 6


def markup(parts: int) -> str:
    """Write a note of so many parts on the practice's paper."""
    environment = Environment(loader=FileSystemLoader("templates"), autoescape=True)
    return environment.from_string(PAGE).render(practice=PRACTICE, parts=[PARAGRAPH] * parts)


def pages_of(pdf: bytes) -> int:
    """Count the pages."""
    return len(PdfReader(io.BytesIO(pdf)).pages)


def measure(printer: WarmPrinter, html: str, times: int) -> list[float]:
    """Print a document several times; return milliseconds."""
    taken = []
    for _ in range(times):
        begun = time.perf_counter()
        printer.pdf(html, title="Progress note")
        taken.append((time.perf_counter() - begun) * 1000)
    return taken


def main(*, quick: bool) -> None:
    """Measure, show a table and close with the figures."""
    printer = WarmPrinter(timeout=120)
    begun = time.perf_counter()
    printer.pdf(markup(1), title="Progress note")
    cold = (time.perf_counter() - begun) * 1000
    one = measure(printer, markup(2), 10 if quick else 40)
    long = markup(PARTS_OF_50_PAGES)
    pages = pages_of(printer.pdf(long, title="Progress note"))
    fifty = measure(printer, long, 2 if quick else 5)
    printer.close()
    print(f"{'':24}{'median':>10}{'worst':>10}  (milliseconds; first document of a cold child: {cold:.0f})")
    for name, taken in (("1 page, PDF/UA-1", one), (f"{pages} pages, PDF/UA-1", fifty)):
        print(f"{name:24}{statistics.median(taken):10.1f}{max(taken):10.1f}")
    figures = {"page_1_ms": round(statistics.median(one), 1), "pages_50_ms": round(statistics.median(fifty), 1)}
    print(json.dumps(figures | {"cold_ms": round(cold)}))


if __name__ == "__main__":
    main(quick="--quick" in sys.argv)
