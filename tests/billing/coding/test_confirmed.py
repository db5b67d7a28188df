"""Codes as they are read from the counselor's form: all that does not fit together is said."""

from __future__ import annotations

import pytest
from werkzeug.datastructures import MultiDict

from billing.coding.confirmed import Codes
from billing.coding.rules import Line
from practice.core.forms import Errors

FORM = {"code": "90834", "minutes": "50", "modifier": "95", "place": "10", "diagnoses": "F41.1"}


def test_what_is_confirmed_is_kept_as_it_was():
    found = Codes.parse(MultiDict({**FORM, "add_90785": "1", "other_diagnosis": "f331, F43.10"}))
    assert found == Codes((Line("90834"), Line("90785")), "95", "10", ("F41.1", "F33.1", "F43.10"), 50)
    assert Codes.kept(found.as_kept()) == found


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"code": ""}, "Choose a code, or that it is not billed."),
        ({"minutes": "53"}, "90834 is for 38 to 52 minutes; this session had 53."),
        ({"place": ""}, "Choose where your client was."),
        ({"modifier": "22"}, "Choose how you met."),
        ({"diagnoses": ""}, "no billable code"),
        ({"diagnoses": "F41"}, "F41 is no billable code of ICD-10-CM."),
        ({"other_diagnosis": "Z99999"}, "no billable code of ICD-10-CM."),
        ({"other_diagnosis": "F410 F418 F419 F440"}, "Choose at most 4"),
        ({"further": "2"}, "90840 stands beside 90839 alone."),
    ],
)
def test_what_does_not_fit_is_said(change, words):
    found = Codes.parse(MultiDict({**FORM, **change}))
    assert isinstance(found, Errors)
    assert any(words in message for message in found.messages.values()), found.messages


def test_a_session_may_stay_unbilled():
    assert Codes.parse(MultiDict({"code": "none", "minutes": "10"})) == Codes((), "", "", (), 10)


def test_a_crisis_takes_its_further_half_hours():
    found = Codes.parse(MultiDict({**FORM, "code": "90839", "minutes": "110", "further": "2"}))
    assert isinstance(found, Codes)
    assert found.lines == (Line("90839"), Line("90840", 2))
