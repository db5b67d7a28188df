"""The printer sets what it is given, fetches nothing, and always comes back."""

import io
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from markupsafe import escape
from pypdf import PdfReader

from practice.core import frames
from practice.core.printing import (
    Enclosure,
    PrintingError,
    PrintingRefusedError,
    PrintingTooSlowError,
    WarmPrinter,
)

SECRET = "A line from a file nobody asked to print"
SLOW_PRESS = "import time; time.sleep(60)"
DEAD_PRESS = "raise SystemExit(3)"
DYING_ONCE = """
import os, pathlib, sys
from practice.core import press
mark = pathlib.Path(sys.argv[1])
if not mark.exists():
    mark.touch()
    os.read(0, 100)
    os.kill(os.getpid(), 9)
press.main()
"""


@pytest.fixture(scope="module")
def printer() -> Iterator[WarmPrinter]:
    warm = WarmPrinter(timeout=120)
    yield warm
    warm.close()


@pytest.fixture
def outside() -> Iterator[tuple[str, list[str]]]:
    """A real server that counts who calls it."""
    hits: list[str] = []

    class Counting(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            hits.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *args: object) -> None:
            """Keep quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Counting) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}", hits
        server.shutdown()


def page(body: str, head: str = "") -> str:
    return f'<!doctype html><html lang="en"><head><title>x</title>{head}</head><body>{body}</body></html>'


def words_of(pdf: bytes) -> str:
    return "\n".join(sheet.extract_text() for sheet in PdfReader(io.BytesIO(pdf)).pages)


def test_a_page_is_tagged_titled_and_speaks_a_language(printer: WarmPrinter) -> None:
    reader = PdfReader(io.BytesIO(printer.pdf(page("<h1>Progress note</h1><p>Calm.</p>"), title="Progress note")))
    catalog = reader.trailer["/Root"]
    assert catalog["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in catalog
    assert catalog["/Lang"] == "en"
    assert catalog["/ViewerPreferences"]["/DisplayDocTitle"]
    assert b"pdfuaid:part" in catalog["/Metadata"].get_data()
    assert reader.metadata
    assert reader.metadata.title == "Progress note"
    assert "Calm." in reader.pages[0].extract_text()


def test_an_enclosure_travels_inside(printer: WarmPrinter) -> None:
    pdf = printer.pdf(page("<p>Hello"), title="x", attachments=[Enclosure("note.json", b'{"a": 1}', "The same")])
    assert PdfReader(io.BytesIO(pdf)).attachments["note.json"] == [b'{"a": 1}']


@pytest.mark.parametrize(
    "ask",
    [
        "<link rel=stylesheet href={to}/css>",
        "<style>@import url({to}/import);</style>",
        "<style>@font-face{{font-family:x;src:url({to}/font)}} p{{font-family:x}}</style><p>x",
        "<style>p{{background:url({to}/background)}}</style><p>x",
        "<style>li{{list-style-image:url({to}/bullet)}}</style><li>x",
        "<style>p::before{{content:url({to}/content)}}</style><p>x",
        "<img src={to}/img>",
        "<object data={to}/object></object>",
        "<embed src={to}/embed>",
        "<svg width=9 height=9><image href={to}/svg width=9 height=9 /></svg>",
        "<svg width=9 height=9><use href={to}/use#x /></svg>",
        "<link rel=attachment href={to}/attachment>",
        "<a rel=attachment href={to}/attachment>x</a>",
        "<link rel=attachment href={file}>",
        "<a rel=attachment href={file}>x</a>",
        "<img src={file}>",
        "<img src=data:image/png;base64,iVBORw0KGgo=>",
    ],
)
def test_hostile_markup_fetches_nothing_and_encloses_nothing(
    printer: WarmPrinter, outside: tuple[str, list[str]], tmp_path: Path, ask: str
) -> None:
    address, hits = outside
    secret = tmp_path / "secret.txt"
    secret.write_text(SECRET)
    try:
        pdf = printer.pdf(page(ask.format(to=address, file=secret.as_uri())), title="x")
    except PrintingRefusedError:
        pass
    else:
        assert not PdfReader(io.BytesIO(pdf)).attachments
        assert SECRET not in words_of(pdf)
    assert hits == []


def test_after_a_refusal_the_next_page_prints(printer: WarmPrinter) -> None:
    with pytest.raises(PrintingRefusedError):
        printer.pdf(page("<img src=http://127.0.0.1:9/x>"), title="x")
    assert "Hello" in words_of(printer.pdf(page("<p>Hello"), title="x"))


def test_hostile_words_print_as_words(printer: WarmPrinter) -> None:
    said = "</p><script>alert(1)</script><img src=http://127.0.0.1:9/x> {{ 7*7 }} &amp; \u202e \x07 ☃"
    assert "<script>alert(1)</script><img" in words_of(printer.pdf(page(f"<p>{escape(said)}</p>"), title=said))


def test_a_huge_note_prints_every_word(printer: WarmPrinter) -> None:
    paragraphs = "".join(f"<p>Paragraph {number} of a long note. {'word ' * 60}</p>" for number in range(150))
    pdf = printer.pdf(page(paragraphs), title="Long")
    assert len(PdfReader(io.BytesIO(pdf)).pages) > 5
    text = words_of(pdf)
    assert "Paragraph 0 " in text
    assert "Paragraph 149 " in text


def test_one_word_of_a_million_letters_prints(printer: WarmPrinter) -> None:
    assert printer.pdf(page(f"<p>{'a' * 200_000}"), title="x").startswith(b"%PDF")


def test_the_child_stays_warm_and_is_replaced_when_spent() -> None:
    printer = WarmPrinter(documents=3, timeout=120)
    seen = []
    for _ in range(7):
        printer.pdf(page("<p>x"), title="x")
        seen.append(printer.press_id)
    printer.close()
    assert len(set(seen)) == 3
    assert seen[0] == seen[2] != seen[3] == seen[5] != seen[6]


def test_a_child_killed_between_pages_is_replaced(printer: WarmPrinter) -> None:
    printer.pdf(page("<p>x"), title="x")
    killed = printer.press_id
    assert killed
    os.kill(killed, signal.SIGKILL)
    assert "again" in words_of(printer.pdf(page("<p>again"), title="x"))
    assert printer.press_id != killed


def test_a_child_killed_in_the_middle_of_a_page_is_replaced_and_the_page_printed(tmp_path: Path) -> None:
    printer = WarmPrinter(command=(sys.executable, "-c", DYING_ONCE, str(tmp_path / "died")), timeout=120)
    assert "still here" in words_of(printer.pdf(page("<p>still here"), title="x"))
    printer.close()


def test_a_press_that_always_dies_says_so_in_words() -> None:
    printer = WarmPrinter(command=(sys.executable, "-c", DEAD_PRESS), timeout=120)
    with pytest.raises(PrintingError, match="Nothing is lost"):
        printer.pdf(page("<p>x"), title="x")
    assert printer.press_id is None


def test_a_page_that_takes_too_long_is_given_up_in_words() -> None:
    printer = WarmPrinter(command=(sys.executable, "-c", SLOW_PRESS), timeout=0.3)
    begun = time.monotonic()
    with pytest.raises(PrintingTooSlowError, match="try again"):
        printer.pdf(page("x" * 1_000_000), title="x")
    assert time.monotonic() - begun < 3
    assert printer.press_id is None


def test_whoever_waits_for_the_printer_waits_no_longer_than_the_time_out() -> None:
    printer = WarmPrinter(command=(sys.executable, "-c", SLOW_PRESS), timeout=0.3)
    refusals: list[Exception] = []

    def ask() -> None:
        try:
            printer.pdf(page("<p>x"), title="x")
        except PrintingTooSlowError as error:
            refusals.append(error)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(refusals) == 4


@pytest.mark.race
def test_threads_never_get_each_others_pages(printer: WarmPrinter) -> None:
    wrong: list[str] = []

    def ask(name: str) -> None:
        for number in range(6):
            text = words_of(printer.pdf(page(f"<p>{name}{number}</p>"), title=name))
            if text.split()[0] != f"{name}{number}":
                wrong.append(text)

    threads = [threading.Thread(target=ask, args=(name,)) for name in ("Ines", "Clara", "Omar", "Ben")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_a_frame_that_is_too_long_or_cut_short_is_the_end() -> None:
    reading, writing = os.pipe()
    os.write(writing, b"\xff\xff\xff\xff")
    with pytest.raises(EOFError):
        frames.read(reading)
    os.write(writing, b"\x00\x00\x00\x09abc")
    os.close(writing)
    with pytest.raises(EOFError):
        frames.read(reading)
    os.close(reading)
