"""What a questionnaire is: its items as published, its scales, and the rules that turn answers into scores. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Item:
    """One question; `alert_from` is the answer from which somebody must look at once, 0 for never."""

    words: str
    alert_from: int = 0


@dataclass(frozen=True, slots=True)
class Band:
    """A range of scores that begins at `least` and has a published name."""

    least: int
    name: str


@dataclass(frozen=True, slots=True)
class Scale:
    """What is added up from some of the items, numbered from 1; `weight` multiplies the sum."""

    key: str
    name: str
    items: tuple[int, ...]
    top: int
    bands: tuple[Band, ...]
    weight: int = 1
    most_missing: int = 0
    """How many answers may be missing; each then counts as the mean of those given."""
    reliable_change: int = 0
    """Points by which two scores must differ to be more than chance; 0 where none is published that we can name."""

    def band_of(self, score: int) -> Band:
        """Return the band a score falls into."""
        return max((band for band in self.bands if band.least <= score), key=lambda band: band.least)


@dataclass(frozen=True, slots=True)
class Afterthought:
    """A closing question that belongs to the published form and to no score."""

    words: str
    answers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Instrument:
    """A questionnaire in the wording of its authors; `version` names that wording."""

    key: str
    name: str
    about: str
    version: str
    intro: str
    stem: str
    answers: tuple[str, ...]
    items: tuple[Item, ...]
    scales: tuple[Scale, ...]
    source: str
    licence: str
    rules: str
    minutes: int
    afterthought: Afterthought | None = None

    @property
    def watches(self) -> tuple[int, ...]:
        """The numbers of the items that can call for somebody at once."""
        return tuple(number for number, item in enumerate(self.items, 1) if item.alert_from)

    @property
    def last(self) -> int:
        """The number of the last question, the afterthought included."""
        return len(self.items) + (self.afterthought is not None)

    def words(self, number: int) -> str:
        """Return the question with this number."""
        if number <= len(self.items):
            return self.items[number - 1].words
        return self.afterthought.words if self.afterthought else ""

    def choices(self, number: int) -> tuple[str, ...]:
        """Return the answers to choose from, the first worth 0 points."""
        return self.afterthought.answers if self.afterthought and number > len(self.items) else self.answers

    def calls(self, number: int, answer: int | None) -> bool:
        """Tell whether this answer calls for somebody at once."""
        least = self.items[number - 1].alert_from if number <= len(self.items) else 0
        return answer is not None and 0 < least <= answer


@dataclass(frozen=True, slots=True)
class Closed:
    """A questionnaire that we may not offer, and why not."""

    name: str
    about: str
    why: str
