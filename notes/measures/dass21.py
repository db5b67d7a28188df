"""The Depression Anxiety Stress Scales with 21 items, word for word. Pure.

Lovibond & Lovibond 1995, University of New South Wales (psy.unsw.edu.au/dass): in the public domain; it may be used and
shown electronically as long as the scales are not modified, not sold for profit, meant for professionals, and the site
is named. Sums are doubled to compare with the scales of 42 items; cut-offs as in the manual.
"""

from notes.measures.instruments import Band, Instrument, Item, Scale

_NAMES = ("Normal", "Mild", "Moderate", "Severe", "Extremely severe")


def _scale(key: str, name: str, items: tuple[int, ...], cuts: tuple[int, ...]) -> Scale:
    bands = tuple(Band(least, words) for least, words in zip((0, *cuts), _NAMES, strict=True))
    return Scale(key, name, items, 42, bands, weight=2)


DASS21 = Instrument(
    key="dass21",
    name="DASS-21",
    about="Low mood, worry and strain, twenty-one statements",
    version="1995, English",
    intro="Please read each statement and choose the answer which indicates how much the statement applied to you over "
    "the past week. There are no right or wrong answers. Do not spend too much time on any statement.",
    stem="Over the past week:",
    answers=(
        "Did not apply to me at all",
        "Applied to me to some degree, or some of the time",
        "Applied to me to a considerable degree, or a good part of time",
        "Applied to me very much, or most of the time",
    ),
    items=tuple(
        Item(words)
        for words in (
            "I found it hard to wind down",
            "I was aware of dryness of my mouth",
            "I couldn’t seem to experience any positive feeling at all",
            (
                "I experienced breathing difficulty (eg, excessively rapid breathing, breathlessness in the absence of "
                "physical exertion)"
            ),
            "I found it difficult to work up the initiative to do things",
            "I tended to over-react to situations",
            "I experienced trembling (eg, in the hands)",
            "I felt that I was using a lot of nervous energy",
            "I was worried about situations in which I might panic and make a fool of myself",
            "I felt that I had nothing to look forward to",
            "I found myself getting agitated",
            "I found it difficult to relax",
            "I felt down-hearted and blue",
            "I was intolerant of anything that kept me from getting on with what I was doing",
            "I felt I was close to panic",
            "I was unable to become enthusiastic about anything",
            "I felt I wasn’t worth much as a person",
            "I felt that I was rather touchy",
            (
                "I was aware of the action of my heart in the absence of physical exertion (eg, sense of heart rate "
                "increase, heart missing a beat)"
            ),
            "I felt scared without any good reason",
            "I felt that life was meaningless",
        )
    ),
    scales=(
        _scale("dass21-depression", "DASS-21 Depression", (3, 5, 10, 13, 16, 17, 21), (10, 14, 21, 28)),
        _scale("dass21-anxiety", "DASS-21 Anxiety", (2, 4, 7, 9, 15, 19, 20), (8, 10, 15, 20)),
        _scale("dass21-stress", "DASS-21 Stress", (1, 6, 8, 11, 12, 14, 18), (15, 19, 26, 34)),
    ),
    source="S. H. Lovibond & P. F. Lovibond, University of New South Wales; psy.unsw.edu.au/dass",
    licence="Free: in the public domain, unmodified, for professionals, and not sold for profit.",
    rules="Each scale adds seven statements and doubles the sum; cut-offs of the manual. A scale is scored only when "
    "all its statements are answered; we know of no published reliable change that we could name here.",
    minutes=5,
)
