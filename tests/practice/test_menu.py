"""The side menu: entries stand in parts, each below its word, and nobody is shown another's."""

import re
from collections.abc import Callable

import pytest

from practice.models import Person
from tests.support.pages import PageClient

_PART = re.compile(
    r'<p class="side-menu-label" id="(menu-\d+)">(\w+)</p>\s*<ul aria-labelledby="\1">(.*?)</ul>', re.DOTALL
)


def parts(page: str) -> dict[str, list[str]]:
    return {word: re.findall(r"<span>([^<]+)</span>", entries) for _, word, entries in _PART.findall(page)}


@pytest.mark.parametrize(
    ("who", "start", "shown"),
    [
        ("omar", "/people", {"Care": "Supervision", "Money": "Ledger", "Practice": "Settings"}),
        ("ines", "/today", {"Care": "Notes", "Money": "Fees", "Practice": "Hours"}),
    ],
)
def test_the_menu_stands_in_parts(
    request: pytest.FixtureRequest, as_: Callable[[Person], PageClient], who: str, start: str, shown: dict[str, str]
) -> None:
    found = parts(as_(request.getfixturevalue(who)).get(start).text)
    assert list(found) == ["Care", "Money", "Practice"]
    for word, entry in shown.items():
        assert [each for each, entries in found.items() if entry in entries] == [word]
    assert ("Ledger" in found["Money"]) == (who == "omar")
