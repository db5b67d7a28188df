"""Every declared pair of colours meets WCAG 2.2 AA in both schemes; raw colours live in one file."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

CSS = Path(__file__).parents[2] / "practice" / "static" / "css"
COLOUR = re.compile(r"#[0-9a-fA-F]{3,8}\b|\brgba?\(|\bhsla?\(|\boklch\(")
SCHEMES = ("light", "dark")

INK_GROUNDS = ("paper", "sheet", "wash", "closed", "sunken")
WORDS = (
    [(ink, ground) for ink in ("ink", "ink-soft") for ground in INK_GROUNDS]
    + [("ink", f"tint-{number}") for number in range(6)]
    + [(ink, wash) for ink in ("ink", "ink-soft") for wash in ("green-wash", "brick-wash", "ochre-wash", "slate-wash")]
    + [(tone, ground) for tone in ("green", "brick", "ochre", "slate") for ground in ("paper", "sheet", "wash")]
    + [(tone, f"{tone}-wash") for tone in ("green", "brick", "ochre", "slate")]
    + [("green-deep", ground) for ground in ("paper", "sheet", "wash", "green-wash")]
    + [("on-green", "green"), ("on-green", "green-deep"), ("on-brick", "brick-fill"), ("on-brick", "brick-fill-deep")]
    + [(ink, ground) for ink in ("on-stage", "on-stage-soft") for ground in ("stage", "stage-raised")]
    + [("ink-faint", "sheet"), ("paper", "ink"), ("paper", "green-deep")]
)
EDGES = (
    [("line-strong", ground) for ground in ("paper", "sheet", "wash")]
    + [("focus", ground) for ground in ("paper", "sheet", "wash", "green-wash")]
    + [("green", "sunken"), ("green", "sheet"), ("brick", "sheet")]
)


def tokens(scheme: str) -> dict[str, str]:
    """Read the colours of one scheme from the one file that may name them."""
    declared = dict(reversed(re.findall(r"--([a-z0-9-]+): ([^;]+);", (CSS / "tokens.css").read_text())))
    chosen = {}
    for name, value in declared.items():
        both = re.fullmatch(r"light-dark\((#\w+), (#\w+)\)", value)
        chosen[name] = both.group(1 + SCHEMES.index(scheme)) if both else value
    return {name: value for name, value in chosen.items() if re.fullmatch(r"#[0-9a-f]{6}", value)}


def luminance(colour: str) -> float:
    """Return the relative luminance of a colour (WCAG 2.2, glossary)."""
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours, from 1 to 21."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize(("words", "ground"), WORDS)
def test_words_can_be_read_on_their_ground(words: str, ground: str, scheme: str) -> None:
    colours = tokens(scheme)
    assert contrast(colours[words], colours[ground]) >= 4.5


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize(("edge", "ground"), EDGES)
def test_edges_that_carry_meaning_can_be_seen(edge: str, ground: str, scheme: str) -> None:
    colours = tokens(scheme)
    assert contrast(colours[edge], colours[ground]) >= 3


def test_colours_are_named_in_one_file_only() -> None:
    named = {sheet.name for sheet in CSS.rglob("*.css") if COLOUR.search(sheet.read_text())}
    assert named <= {"tokens.css", "print.css", "pdf.css"}


def test_no_sheet_uses_a_name_that_is_not_declared() -> None:
    sheets = {sheet: sheet.read_text() for sheet in CSS.rglob("*.css") if sheet.name != "pdf.css"}
    declared = {name for text in sheets.values() for name in re.findall(r"--([a-z0-9-]+):", text)}
    used = {name for text in sheets.values() for name in re.findall(r"var\(--([a-z0-9-]+)", text)}
    assert used <= declared


def test_the_list_of_sheets_names_every_shared_sheet() -> None:
    listed = (CSS.parents[2] / "templates" / "components" / "styles.html").read_text()
    shared = [*CSS.glob("*.css"), *CSS.glob("components/*.css")]
    names = {str(sheet.relative_to(CSS).with_suffix("")) for sheet in shared}
    assert {name for name in names if f'"{name}"' not in listed} <= {"letter", "pdf", "print"}
