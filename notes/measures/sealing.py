"""Answers and what was done about them.

While somebody answers, their words are sealed under their own key; once given, they lie in the letterbox of the
chart's record, where whoever gave them needs no key of the chart and only its readers have one.
"""

import json
from collections.abc import Mapping
from typing import Any

from notes import keys
from notes.measures.models import MeasureAlert, MeasureAsking
from notes.measures.scoring import Answers
from notes.models import Chart
from notes.vault import Place, seal
from practice.models import Person

ANSWERS, PROGRESS, ALERT, SETTLED = "measure", "measure-progress", "measure-alert", "measure-settled"


def keep(asking: MeasureAsking, answers: Answers, by: Person) -> bytes:
    """Seal answers that are not given yet, for whoever is answering."""
    return seal(keys.own_key(by), _written(_listed(answers)), _progress(asking, by))


def kept(asking: MeasureAsking, by: Person) -> dict[int, int | None]:
    """Open the answers so far, which only their writer can."""
    if asking.progress is None:
        return {}
    return _answers(_read(keys.opened_own(asking.progress, _progress(asking, by), by)))


def give(asking: MeasureAsking, answers: Answers) -> bytes:
    """Seal the answers as they are given."""
    return _into(asking.chart, _listed(answers), Place(asking.chart_id, asking.id, 1, ANSWERS))


def given(asking: MeasureAsking) -> dict[int, int | None]:
    """Open the answers that were given; none while it is open."""
    if asking.sealed is None:
        return {}
    return _answers(_out_of(asking.chart, asking.sealed, Place(asking.chart_id, asking.id, 1, ANSWERS)))


def raise_with(asking: MeasureAsking, number: int, answer: int) -> bytes:
    """Seal which answer calls."""
    return _into(asking.chart, {"item": number, "answer": answer}, Place(asking.chart_id, asking.id, 1, ALERT))


def called_by(alert: MeasureAlert) -> tuple[int, int]:
    """Open which question was answered how, when the alert was raised."""
    words = _out_of(alert.chart, alert.sealed, Place(alert.chart_id, alert.asking_id, 1, ALERT))
    return int(words["item"]), int(words["answer"])


def settle(alert: MeasureAlert, words: Mapping[str, Any]) -> bytes:
    """Seal what was done about an alert."""
    return _into(alert.chart, words, Place(alert.chart_id, alert.id, 1, SETTLED))


def settled(alert: MeasureAlert) -> dict[str, Any]:
    """Open what was done; nothing while the alert is open."""
    if alert.settled is None:
        return {}
    return _out_of(alert.chart, alert.settled, Place(alert.chart_id, alert.id, 1, SETTLED))


def _into(chart: Chart, words: Mapping[str, Any], place: Place) -> bytes:
    return keys.drop(chart, _written(words), place)


def _out_of(chart: Chart, sealed: bytes, place: Place) -> dict[str, Any]:
    return _read(keys.collect(chart, sealed, place))


def _progress(asking: MeasureAsking, by: Person) -> Place:
    return Place(by.id, asking.id, asking.saves, PROGRESS)


def _listed(answers: Answers) -> dict[str, Any]:
    return {"answers": {str(number): answer for number, answer in sorted(answers.items())}}


def _answers(words: Mapping[str, Any]) -> dict[int, int | None]:
    return {int(number): answer for number, answer in words["answers"].items()}


def _written(words: Mapping[str, Any]) -> bytes:
    return json.dumps(words, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def _read(words: bytes) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(words)
    return read
