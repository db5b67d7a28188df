"""What an authorisation and the account say, and whether an authorisation holds."""

from datetime import date, timedelta

import pytest
from werkzeug.datastructures import MultiDict

from notes.release.forms import Allowing, Choice, Noting, Sent
from notes.release.standing import ENDED, EXPIRED, REVOKED, STANDING, Ends, year_on, years_before
from notes.release.terms import standing_words
from notes.release.words import MEASURES, NOTES, SESSIONS, Signed, Told, period, what_of
from practice.core.forms import Errors
from practice.models import Person
from tests.fakes import MONDAY_MORNING
from tests.notes.release.scenes import FORM, MARSH, a_paper

TODAY = MONDAY_MORNING.date()
ALICE = Person(name="Alice Moreau", zone="America/New_York")


def sent(**changes: object) -> MultiDict[str, str]:
    """Send the form with changes; a list sends a field several times."""
    return MultiDict({**FORM, **changes})


def test_what_is_written_is_read_back() -> None:
    for signed in (a_paper(), a_paper(ends_on=None, event="my claim is decided", first=TODAY, substance_use=True)):
        assert Signed.read(signed.write()) == signed
    told = Told(MARSH, "Dates of sessions", "A claim", "court", "post")
    assert Told.read(told.write()) == told


def test_no_word_shows_where_one_looks_by_accident() -> None:
    shown = repr(a_paper(event="my divorce")) + repr(Told(MARSH, "Dates", "A claim", "court", "post"))
    for word in ("Marsh", "Quay", "medication", "divorce", "Moreau", "Dates", "claim", "court"):
        assert word not in shown


@pytest.mark.parametrize(
    ("ends", "day", "state"),
    [
        (Ends(), date(2199, 1, 1), STANDING),
        (Ends(ends_on=TODAY), TODAY, STANDING),
        (Ends(ends_on=TODAY), TODAY + timedelta(days=1), EXPIRED),
        (Ends(ended_at=MONDAY_MORNING), TODAY, ENDED),
        (Ends(MONDAY_MORNING, MONDAY_MORNING, TODAY - timedelta(days=1)), TODAY, REVOKED),
    ],
)
def test_it_holds_through_its_last_day_and_not_once_taken_back(ends: Ends, day: date, state: str) -> None:
    assert ends.state(day) == state


def test_years_go_round_the_29th_of_february() -> None:
    assert years_before(date(2028, 2, 29), 6) == date(2022, 2, 28)
    assert year_on(date(2028, 2, 29)) == date(2029, 2, 28)


def test_days_and_ends_are_said_in_words() -> None:
    first, last = date(2026, 5, 1), date(2026, 5, 31)
    assert [period(first, last), period(first, None), period(None, last), period(None, None)] == [
        "1 May 2026 to 31 May 2026",
        "from 1 May 2026",
        "until 31 May 2026",
        "all of the time",
    ]
    assert what_of((SESSIONS,), first, None).endswith("Days: from 1 May 2026.")
    assert standing_words(a_paper(ends_on=last)) == "Until 31 May 2026"
    assert standing_words(a_paper(ends_on=None, event="the claim is decided")) == "the claim is decided"
    assert standing_words(a_paper(ends_on=None)) == "Until it has been sent once"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": " "}, "name"),
        ({"kind": "enemy"}, "kind"),
        ({"parts": []}, "parts"),
        ({"parts": ["psychotherapy"]}, "parts"),
        ({"purpose": ""}, "purpose"),
        ({"first": "2026-06-02", "last": "2026-06-01"}, "last"),
        ({"first": "9999-01-01"}, "first"),
        ({"ends": "never"}, "ends"),
        ({"ends": "day", "ends_on": ""}, "ends_on"),
        ({"ends": "day", "ends_on": "2020-01-01"}, "ends_on"),
        ({"ends": "event", "event": ""}, "event"),
        ({"signature": ""}, "signature"),
        ({"signature": "Ben Okafor"}, "signature"),
    ],
)
def test_what_is_missing_or_wrong_is_said(changes: dict[str, object], field: str) -> None:
    form = Allowing.parse(sent(**changes), client=ALICE, today=TODAY)
    assert isinstance(form, Errors)
    assert list(form.messages) == [field]


def test_a_name_counts_however_it_is_spaced_and_cased() -> None:
    form = Allowing.parse(sent(signature=" alice  MOREAU"), client=ALICE, today=TODAY)
    assert isinstance(form, Allowing)
    assert (form.signed.signed_on, form.signed.is_for_once) == (TODAY, True)


def test_a_paper_may_be_signed_by_somebody_else_and_is_before_one() -> None:
    paper = {"signature": "Rosa Moreau", "authority": "mother", "signed_on": "2026-01-05", "held": "1"}
    form = Allowing.parse(sent(**paper), client=ALICE, today=TODAY, on_paper=True)
    assert isinstance(form, Allowing)
    assert (form.signed.signature, form.signed.authority) == ("Rosa Moreau", "mother")
    ahead = {**paper, "signed_on": (TODAY + timedelta(days=1)).isoformat(), "held": ""}
    refused = Allowing.parse(sent(**ahead), client=ALICE, today=TODAY, on_paper=True)
    assert isinstance(refused, Errors)
    assert list(refused.messages) == ["signed_on", "held"]


def test_a_packet_never_goes_beyond_what_was_signed() -> None:
    signed = a_paper(parts=(NOTES,), first=date(2026, 5, 1), last=date(2026, 5, 31))
    inside = Choice.parse(MultiDict({"parts": "notes", "first": "2026-05-02", "last": "2026-05-03"}), signed)
    assert isinstance(inside, Choice)
    for beyond in ({"first": "2026-04-30", "last": "2026-05-31"}, {"first": "2026-05-01"}, {}):
        assert isinstance(Choice.parse(MultiDict({"parts": "notes", **beyond}), signed), Errors)
    more = MultiDict({"parts": MEASURES, "first": "2026-05-02", "last": "2026-05-03"})
    assert isinstance(Choice.parse(more, signed), Errors)


def test_what_is_to_come_is_not_written_down() -> None:
    wrong = {"way": "post", "told_on": "2199-01-01", "told_clock": "10:00"}
    assert isinstance(Sent.parse(MultiDict(wrong), zone="UTC", now=MONDAY_MORNING), Errors)
    words = {**FORM, "what": "Dates", "basis": "authorised"} | wrong
    refused = Noting.parse(MultiDict(words), zone="UTC", now=MONDAY_MORNING)
    assert isinstance(refused, Errors)
    assert list(refused.messages) == ["basis", "told_on"]


def test_spoken_words_need_to_be_named_and_a_packet_names_itself() -> None:
    happened = {"told_on": "2026-01-05", "told_clock": "08:00"}
    spoken = Sent.parse(MultiDict({**happened, "way": "spoken"}), zone="UTC", now=MONDAY_MORNING)
    assert isinstance(spoken, Errors)
    assert "what" in spoken.messages
    posted = Sent.parse(MultiDict({**happened, "way": "post"}), zone="UTC", now=MONDAY_MORNING)
    assert isinstance(posted, Sent)
    assert posted.told(a_paper(), ["One packet", "Another"]).what == "One packet\nAnother"
