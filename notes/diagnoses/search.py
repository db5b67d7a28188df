"""Find a diagnosis by code or by words, spelled nearly right. Pure.

Words are matched by their beginnings, in any order, with British spellings and accents made alike. What nobody
spelled like that is tried again with the nearest words that occur; common short forms are written out.
"""

import re
from array import array
from bisect import bisect_right
from difflib import get_close_matches
from functools import cache, cached_property
from itertools import accumulate
from unicodedata import normalize

from notes.diagnoses.catalogue import Catalogue, Code, published

MOST = 20
_LOOKED_AT = 2_000
_CODE = re.compile(r"[a-z]\d[0-9a-z]{0,5}")
_SMALL = frozenset(["a", "an", "and", "as", "by", "for", "from", "in", "nos", "of", "on", "or", "the", "to", "with"])
_ALIKE = (("ae", "e"), ("oe", "e"), ("our", "or"), ("isa", "iza"), ("ise", "ize"), ("ising", "izing"), ("yse", "yze"))
SHORT_FORMS = {
    "add": "attention deficit",
    "adhd": "attention deficit hyperactivity",
    "alcoholism": "alcohol dependence",
    "asd": "autism spectrum",
    "aud": "alcohol dependence",
    "bpd": "borderline personality",
    "broken": "fracture",
    "burnout": "burn out",
    "cptsd": "post traumatic stress chronic",
    "did": "dissociative identity",
    "dmdd": "disruptive mood dysregulation",
    "gad": "generalized anxiety",
    "mdd": "major depressive",
    "npd": "narcissistic personality",
    "ocd": "obsessive compulsive",
    "odd": "oppositional defiant",
    "oud": "opioid dependence",
    "pmdd": "premenstrual dysphoric",
    "posttraumatic": "post traumatic",
    "ptsd": "post traumatic stress",
}


class Index:
    """The folded words of every code in one text, and where each code's line begins."""

    def __init__(self, catalogue: Catalogue) -> None:
        """Fold every row; a line begins with a space, so that every word has a beginning."""
        self.catalogue = catalogue
        self.text = fold("\n" + "\n".join(catalogue.rows), keep="\n").replace("\n", "\n ")
        self._starts = array("I", accumulate((len(line) + 1 for line in self.text.split("\n")[1:]), initial=1))

    def with_all(self, words: list[str]) -> list[int]:
        """Return the places of codes that have a word beginning like each of these, nearest to counseling first."""
        rarest = max(words, key=len)
        found: list[int] = []
        at = self.text.find(f" {rarest}")
        while at >= 0 and len(found) < _LOOKED_AT:
            place = bisect_right(self._starts, at) - 1
            end = self._starts[place + 1] - 1
            line = self.text[self._starts[place] : end]
            if all(f" {word}" in line for word in words):
                found.append(place)
            at = self.text.find(f" {rarest}", end)
        return found

    def nearest(self, word: str) -> str:
        """Return the word that occurs and is spelled most like this one, or the word itself."""
        near = [known for known in self._words.get(word[0], ()) if abs(len(known) - len(word)) <= 3]
        return next(iter(get_close_matches(word, near, n=1, cutoff=0.78)), word)

    @cached_property
    def _words(self) -> dict[str, list[str]]:
        """Every word that occurs, by its first letter."""
        words: dict[str, list[str]] = {}
        for word in sorted(set(self.text.split())):
            words.setdefault(word[0], []).append(word)
        return words


def search(asked: str, *, everywhere: bool = False, most: int = MOST) -> list[Code]:
    """Return the codes that fit best: those near to counseling, and all of medicine when asked or none of them fits."""
    if not _words(asked):
        return []
    found = [] if everywhere else search_in(near(), asked, most=most)
    return found or search_in(whole(), asked, most=most)


def search_in(index: Index, asked: str, *, most: int = MOST) -> list[Code]:
    """Return the codes of an index that fit best, at most so many."""
    words = _words(asked)
    if not words:
        return []
    found = index.with_all(words)
    if not found:
        words = [_near(word, index) for word in words]
        found = index.with_all(words)
    codes = [index.catalogue[place] for place in found]
    return sorted(codes, key=lambda code: _rank(code, words))[:most]


@cache
def near() -> Index:
    """Return the index of what counselors use: a thirtieth of all, and ready thirty times sooner."""
    return Index(published().near)


@cache
def whole() -> Index:
    """Return the index of every code in the release that came with this program."""
    return Index(published())


def fold(text: str, *, keep: str = "") -> str:
    """Make case, accents, punctuation and the spellings of two continents alike."""
    plain = normalize("NFKD", text.casefold()).encode("ascii", "ignore").decode()
    plain = plain.replace("'", "").replace(".", "")
    plain = re.sub(rf"[^0-9a-z{keep}]+", " ", plain)
    for one, other in _ALIKE:
        plain = plain.replace(one, other)
    return re.sub(" +", " ", plain)


def _words(asked: str) -> list[str]:
    """Split what was typed; a code typed with or without its dot, or with a space in it, is one word."""
    typed = re.sub(
        r"(?<![0-9A-Za-z])([A-Za-z]\d[0-9A-Za-z])[ .]+(?=[0-9A-Za-z]{1,4}(?![0-9A-Za-z]))", r"\1", asked[:200]
    )
    words = [part for word in fold(typed).split() for part in SHORT_FORMS.get(word, word).split()]
    telling = [word for word in words if word not in _SMALL]
    return list(dict.fromkeys(telling or words))[:8]


def _near(word: str, index: Index) -> str:
    if _CODE.fullmatch(word) or len(word) < 4 or f" {word}" in index.text:
        return word
    return index.nearest(word)


def _rank(code: Code, words: list[str]) -> tuple[object, ...]:
    name = f" {fold(code.name)}"
    missed = sum(f" {word}" not in name for word in words)
    whole = not all(f" {word} " in f"{name} " for word in words)
    exact = fold(code.code).strip() != "".join(words)
    return exact, code.tier, missed, whole, not name.startswith(f" {words[0]}"), len(code.name), code.code
