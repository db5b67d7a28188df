"""Codes by minutes and by how people met, at the edges."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.coding.rules import ADD_ONS, PLACES, Line, Met, misfit, propose
from booking.policy import FAMILY, GROUP, IN_PERSON, INDIVIDUAL, KINDS, MODES, PHONE, VIDEO

USUAL = ("", "90791", "90832", "90834", "90837", "90839", "90846", "90847", "90853")


def met(minutes: int, **changes: object) -> Met:
    usual = {"counted": True, "mode": VIDEO, "kind": INDIVIDUAL}
    return Met(minutes, **(usual | changes))


@pytest.mark.parametrize(
    ("minutes", "codes"),
    [
        (0, ()),
        (15, ()),
        (16, ("90832",)),
        (37, ("90832",)),
        (38, ("90834",)),
        (52, ("90834",)),
        (53, ("90837",)),
        (180, ("90837",)),
    ],
)
def test_minutes_choose_the_code(minutes, codes):
    assert tuple(line.code for line in propose(met(minutes)).lines) == codes


@pytest.mark.parametrize(
    ("minutes", "kind", "usual", "lines"),
    [
        (29, INDIVIDUAL, "90839", (Line("90832"),)),
        (30, INDIVIDUAL, "90839", (Line("90839"),)),
        (74, INDIVIDUAL, "90839", (Line("90839"),)),
        (75, INDIVIDUAL, "90839", (Line("90839"), Line("90840"))),
        (105, INDIVIDUAL, "90839", (Line("90839"), Line("90840", 2))),
        (25, FAMILY, "", ()),
        (26, FAMILY, "", (Line("90847"),)),
        (50, FAMILY, "90846", (Line("90846"),)),
        (90, GROUP, "", (Line("90853"),)),
        (50, INDIVIDUAL, "90791", (Line("90791"),)),
        (50, INDIVIDUAL, "90837", (Line("90834"),)),
    ],
)
def test_what_was_met_for_chooses_the_code_too(minutes, kind, usual, lines):
    assert propose(met(minutes, kind=kind, usual_code=usual)).lines == lines


@pytest.mark.parametrize(
    ("mode", "at_home", "modifier", "place"),
    [
        (VIDEO, True, "95", "10"),
        (VIDEO, False, "95", "02"),
        (VIDEO, None, "95", ""),
        (PHONE, True, "93", "10"),
        (IN_PERSON, None, "", "11"),
        (IN_PERSON, True, "", "11"),
    ],
)
def test_how_people_met_chooses_modifier_and_place(mode, at_home, modifier, place):
    found = propose(met(50, mode=mode, at_home=at_home))
    assert (found.modifier, found.place) == (modifier, place)


@given(
    minutes=st.integers(0, 480),
    mode=st.sampled_from(MODES),
    kind=st.sampled_from(KINDS),
    usual=st.sampled_from(USUAL),
    home=st.sampled_from([None, True, False]),
)
def test_every_proposal_fits_its_own_minutes(minutes, mode, kind, usual, home):
    found = propose(Met(minutes, counted=True, mode=mode, kind=kind, usual_code=usual, at_home=home))
    assert misfit(found.lines, minutes) is None
    assert all(line.units > 0 for line in found.lines)
    assert not found.lines or found.lines[0].code not in ADD_ONS
    assert found.place in {"", *PLACES}
    assert str(minutes) in found.why[0]


def test_a_code_that_does_not_fit_the_minutes_is_named():
    assert misfit((Line("90837"),), 50) == "90837 is for 53 minutes or more; this session had 50."
    assert misfit((Line("90834"),), 53) == "90834 is for 38 to 52 minutes; this session had 53."
