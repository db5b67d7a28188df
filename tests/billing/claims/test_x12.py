"""A claim as an electronic file, as a validator nobody here wrote reads it."""

from __future__ import annotations

import io
import logging
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
import pyx12.params
import pyx12.x12n_document
from hypothesis import given, settings
from hypothesis import strategies as st

from billing.claims import x12
from billing.claims.terms import CORRECTS, PRACTICE, VOIDS, Heading, Terms
from billing.papers.superbill import Document
from billing.parties.particulars import SSN
from billing.parties.policies import CHILD, OTHER, SPOUSE
from tests.billing.claims.scenes import HOUSE, PROVIDER, a_document, an_item
from tests.billing.papers.scenes import ALICE, OFFICE

FIRST_CLAIM = Heading("CL-00001")


def written(document: Document, heading: Heading = FIRST_CLAIM, terms: Terms | None = None, *, control: int = 7) -> str:
    at = datetime(2026, 11, 23, 9, 5, tzinfo=UTC)
    return x12.interchange(document, heading, terms or Terms(), OFFICE, control=control, at=at)


def segments_of(text: str) -> list[list[str]]:
    return [segment.strip().split("*") for segment in text.split("~") if segment.strip()]


def complaints(text: str, folder: Path) -> list[str]:
    """Ask pyx12 about a file by the map of 005010X222A1; return what it says in its acknowledgment."""
    path, answer = folder / "claim.txt", io.StringIO()
    path.write_text(text, encoding="ascii")
    logging.getLogger("pyx12").setLevel(logging.CRITICAL)
    whole = pyx12.x12n_document.x12n_document(
        param=pyx12.params.params(), src_file=str(path), fd_997=answer, fd_html=None, fd_xmldoc=None
    )
    said = [line for line in answer.getvalue().split("~") if line.strip()[:3] in {"IK3", "IK4", "CTX"}]
    return said if whole else [*said, "refused"]


def test_a_validator_takes_the_file(tmp_path):
    crisis = (an_item(3, code="90839"), an_item(3, code="90840", units=2, fee_cents=0, paid_cents=0))
    whole = a_document(an_item(1), an_item(2, place="02", modifier="93", pointer="BA"), *crisis)
    for document in (
        whole,
        replace(whole, office=replace(HOUSE, npi="")),
        replace(whole, client=replace(ALICE, group_number="", sex="U")),
        replace(whole, items=tuple(an_item(day, paid_cents=0) for day in range(1, 29))),
    ):
        assert complaints(written(document), tmp_path) == []


def test_the_validator_does_find_fault(tmp_path):
    assert complaints(written(a_document()).replace("ABK:F411", "XYZ:F411"), tmp_path) != []
    assert complaints(written(a_document()).replace("DMG*D8*19900417", "DMG*D8*19901399"), tmp_path) != []


def test_the_file_counts_itself():
    segments = segments_of(written(a_document(), control=4417))
    names = [segment[0] for segment in segments]
    body = segments[names.index("ST") : names.index("SE") + 1]
    assert segments[names.index("SE")][1:] == [str(len(body)), "0001"]
    assert segments[0][13] == segments[-1][2] == "000004417"
    assert segments[1][6] == segments[-2][2] == "4417"
    assert len(written(a_document()).split("~")[0]) == 105  # ISA is of fixed length
    assert ["CLM", "CL00001", "120", "", "", "10:B:1", "Y", "C", "N", "Y"] in segments
    assert ["AMT", "F5", "120"] in segments
    assert ["NM1", "82", "1", "CALDER", "INES", "", "", "", "XX", "1234567893"] in segments


BEN = replace(
    ALICE,
    relation=CHILD,
    holder_first_name="Josephine",
    holder_last_name="Moreau",
    holder_born_on="1960-02-29",
    holder_sex="F",
)


@pytest.mark.parametrize("relation", [SPOUSE, CHILD, OTHER])
def test_somebody_elses_policy_stands_in_loops_of_its_own(tmp_path, relation):
    text = written(a_document(client=replace(BEN, relation=relation)))
    assert complaints(text, tmp_path) == []
    segments = segments_of(text)
    assert ["HL", "2", "1", "22", "1"] in segments
    assert ["SBR", "P", "", "G-77", "", "", "", "", "", "CI"] in segments
    assert ["NM1", "IL", "1", "MOREAU", "JOSEPHINE", "", "", "", "MI", "HH123456789"] in segments
    child = segments.index(["HL", "3", "2", "23", "0"])
    assert [segment[:2] for segment in segments[child + 1 : child + 6]] == [
        ["PAT", {SPOUSE: "01", CHILD: "19", OTHER: "G8"}[relation]],
        ["NM1", "QC"],
        ["N3", "12 ALDER STREET"],
        ["N4", "NEW YORK"],
        ["DMG", "D8"],
    ]
    assert [segment[0] for segment in segments].count(
        "DMG"
    ) == 1  # the insured's is sent only where they are the client


TWICE = replace(ALICE, second_insurer="Northlight", second_insurer_id="NL01", second_member_id="NL-77")


@pytest.mark.parametrize(
    "client", [TWICE, replace(TWICE, second_relation=SPOUSE, second_last_name="Roy", second_first_name="Al")]
)
def test_a_second_policy_stands_in_the_file(tmp_path, client):
    text = written(a_document(client=client))
    assert complaints(text, tmp_path) == []
    assert "NM1*PR*2*NORTHLIGHT*****PI*NL01" in text
    assert f"SBR*S*{'18' if client is TWICE else '01'}*" in text


def test_a_correction_and_a_void_name_the_claim_they_are_about(tmp_path):
    terms = Terms(original="HH7741200915", authorization="LV-20417", payee=PRACTICE, accepts=True)
    for frequency in (CORRECTS, VOIDS):
        text = written(a_document(), Heading("CL-00002", frequency), terms)
        assert complaints(text, tmp_path) == []
        assert f"CLM*CL00002*120***10:B:{frequency}*Y*A*Y*Y~" in text
        assert text.index("REF*G1*LV-20417~") < text.index("REF*F8*HH7741200915~") < text.index("HI*ABK")


def test_who_bills_goes_by_the_tax_number(tmp_path):
    own = replace(PROVIDER, tax_id="987654321", tax_id_is_own=True, tax_kind=SSN)
    text = written(a_document(provider=own))
    assert complaints(text, tmp_path) == []
    assert "NM1*85*1*CALDER*INES****XX*1234567893~" in text
    assert "REF*SY*987654321~" in text
    assert "NM1*82" not in text  # whoever bills gave the sessions


@settings(max_examples=25)
@given(name=st.text(max_size=80), street=st.text(max_size=80), cents=st.integers(1, 10**7), units=st.integers(1, 12))
def test_no_word_breaks_out_of_its_place(name, street, cents, units):
    client = replace(ALICE, last_name=name, street=street)
    text = written(a_document(an_item(fee_cents=cents, units=units), client=client))
    assert text.isascii()
    assert len(text.split("~")) == len(written(a_document()).split("~"))
    assert all(len(segment.split("*")) <= 17 for segment in text.split("~"))


@pytest.mark.parametrize(
    ("field", "words"),
    [("submitter_id", "submitter"), ("receiver_id", "clearinghouse"), ("phone", "telephone"), ("contact", "submitter")],
)
def test_what_the_file_lacks_is_named(field, words):
    (lack,) = x12.lacks(a_document(), replace(OFFICE, **{field: ""}))
    assert words in lack.words
    assert x12.lacks(a_document(), OFFICE) == []


def test_what_the_client_and_the_address_lack_is_named():
    document = a_document(client=replace(ALICE, insurer_id=""), office=replace(HOUSE, postal="10001"))
    assert [lack.whose for lack in x12.lacks(document, OFFICE)] == ["client", "practice"]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"relation": CHILD}, "The name of whoever holds the client’s policy"),
        ({"second_insurer": "Northlight"}, "The second policy’s member number and payer number"),
        (
            {"second_insurer": "N", "second_insurer_id": "1", "second_member_id": "2", "second_relation": CHILD},
            "The name of whoever holds the second policy",
        ),
    ],
)
def test_what_is_missing_of_policies_is_named(changes, words):
    document = a_document(client=replace(ALICE, **changes))
    assert [lack.words for lack in x12.lacks(document, OFFICE)] == [words]


def test_a_name_that_no_claim_can_spell_is_named():
    document = a_document(client=replace(ALICE, last_name="李"))
    assert [lack.words for lack in x12.lacks(document, OFFICE)] == ["The client’s name and address in Latin letters"]
