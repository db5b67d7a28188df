"""Every questionnaire we know: those that may be offered, and those that may not, with the reason. Pure."""

from notes.measures.dass21 import DASS21
from notes.measures.instruments import Closed, Instrument, Scale
from notes.measures.pcl5 import PCL5
from notes.measures.phq import GAD2, GAD7, PHQ2, PHQ8, PHQ9

FREE: dict[str, Instrument] = {each.key: each for each in (PHQ9, GAD7, PCL5, PHQ2, GAD2, PHQ8, DASS21)}
"""What may be offered, by key; the database takes no other."""

CLOSED = (
    Closed("AUDIT", "Alcohol", "World Health Organization; free for non-commercial use, a paid service is not named."),
    Closed("BDI-II", "Low mood", "Copyright Pearson; a licence is bought per use."),
    Closed("OQ-45", "Outcome of therapy", "Copyright OQ Measures; a licence is bought."),
    Closed("ORS and SRS", "Outcome and alliance", "Copyright of the authors; software needs a licence of its own."),
    Closed("WHO-5", "Well-being", "Under CC BY-NC-SA 3.0 IGO: not for commercial use."),
    Closed("WSAS", "Work and everyday life", "Professor Marks holds the copyright; we have no permission in writing."),
)


def scale_of(key: str) -> tuple[Instrument, Scale] | None:
    """Find a scale, and the questionnaire it belongs to, by the scale's key."""
    return next(((each, scale) for each in FREE.values() for scale in each.scales if scale.key == key), None)
