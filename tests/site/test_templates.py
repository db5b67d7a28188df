"""Pages keep to the strict policy on content before a browser ever sees them."""

import re
from pathlib import Path

import pytest

from tests.support.tree import files, name_of, text_of

PAGES = tuple(path for path in files(".html") if "/emails/" not in str(path) and "/print/" not in str(path))

_inline = {
    "an inline style": re.compile(r"<style\b|\sstyle\s*=", re.IGNORECASE),
    "an inline handler": re.compile(r"\son[a-z]+\s*=\s*[\"']", re.IGNORECASE),
    "a script with a body": re.compile(r"<script\b(?![^>]*\bsrc=)", re.IGNORECASE),
    "evaluated attributes": re.compile(r"\bhx-on\b|\bhx-vals=['\"]js:|javascript:", re.IGNORECASE),
}
_elsewhere = re.compile(
    r"<(?:script|img|link|iframe|source|video|audio)\b[^>]*\b(?:src|href)\s*=\s*[\"'](?:https?:)?//", re.IGNORECASE
)
_unescaped = re.compile(r"\|\s*safe\b|autoescape\s+false")


@pytest.mark.parametrize("path", PAGES, ids=name_of)
@pytest.mark.parametrize("what", sorted(_inline))
def test_a_page_holds_nothing_the_browser_would_refuse(path: Path, what: str) -> None:
    assert not _inline[what].search(text_of(path)), f"{name_of(path)} has {what}"


def test_nothing_is_loaded_from_a_third_party() -> None:
    fetching = [name_of(path) for path in files(".html") if _elsewhere.search(text_of(path))]
    styled = [
        name_of(path)
        for path in files(".css")
        if re.search(r"url\(\s*['\"]?(https?:)?//|@import\s+['\"]?http", text_of(path))
    ]
    assert fetching + styled == []


def test_no_template_switches_escaping_off() -> None:
    assert [name_of(path) for path in files(".html") if _unescaped.search(text_of(path))] == []


def test_no_python_marks_built_text_as_markup() -> None:
    built = re.compile(r"Markup\(\s*(?:f[\"']|[\"'][^\"']*[\"']\s*(?:%|\.format|\+))")
    assert [name_of(path) for path in files(".py") if built.search(text_of(path)) and "/tests/" not in str(path)] == []
