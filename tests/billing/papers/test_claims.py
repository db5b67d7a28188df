"""Claims of a superbill: the electronic file as a validator nobody here wrote reads it, and the printed form."""

from __future__ import annotations

import io
import logging
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import pyx12.params
import pyx12.x12n_document
from hypothesis import given, settings
from hypothesis import strategies as st

from billing.papers import cms1500, x12
from billing.papers.superbill import Document, Item, Office, Provider
from billing.parties import services as parties
from billing.parties.particulars import PracticeParticulars
from practice.core.db import db
from tests.billing.papers.scenes import ALICE, OFFICE, THURSDAY, a_past_session, a_superbill, coded, told
from tests.booking.builders import audited
from tests.fakes import MONDAY_MORNING as NOW

PROVIDER = Provider(
    "Inês Calder", "Inês", "Calder", "LMHC", "LMHC NY-004417 (New York)", "1234567893", "123456789", "101YM0800X"
)
HOUSE = Office(
    "Stillpoint",
    ("400 Quay Road", "New York, NY 10001-2200"),
    "2125550100",
    "hello@stillpoint.example",
    "1245319599",
    "400 Quay Road",
    "New York",
    "NY",
    "10001-2200",
)


def an_item(day: int = 1, **changes: object) -> Item:
    usual = {"code": "90834", "units": 1, "modifier": "95", "place": "10", "pointer": "A"}
    return Item(on=f"2026-11-{day:02}", **(usual | {"fee_cents": 120_00, "paid_cents": 120_00} | changes))


def a_document(*items: Item, **changes: object) -> Document:
    usual = {"client": ALICE, "provider": PROVIDER, "office": HOUSE, "diagnoses": ("F41.1", "F43.10")}
    return Document(items=items or (an_item(),), currency="USD", **(usual | changes))


def written(document: Document, practice: PracticeParticulars = OFFICE, control: int = 7) -> str:
    return x12.interchange(document, "SB-00001", practice, control=control, at=datetime(2026, 11, 23, 9, 5, tzinfo=UTC))


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
    segments = [
        segment.strip().split("*") for segment in written(a_document(), control=4417).split("~") if segment.strip()
    ]
    names = [segment[0] for segment in segments]
    body = segments[names.index("ST") : names.index("SE") + 1]
    assert segments[names.index("SE")][1:] == [str(len(body)), "0001"]
    assert segments[0][13] == segments[-1][2] == "000004417"
    assert segments[1][6] == segments[-2][2] == "4417"
    assert len(written(a_document()).split("~")[0]) == 105  # ISA is of fixed length
    assert ["CLM", "SB00001", "120", "", "", "10:B:1", "Y", "C", "N", "Y"] in segments
    assert ["AMT", "F5", "120"] in segments
    assert ["NM1", "82", "1", "CALDER", "INES", "", "", "", "XX", "1234567893"] in segments


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


def test_a_name_that_no_claim_can_spell_is_named():
    document = a_document(client=replace(ALICE, last_name="李"))
    assert [lack.words for lack in x12.lacks(document, OFFICE)] == ["The client’s name and address in Latin letters"]


def at(boxes: list[cms1500.Box], line: int, column: int) -> str:
    return next(entry.text for box in boxes for entry in box.entries if (entry.line, entry.column) == (line, column))


def test_everything_stands_where_the_form_wants_it():
    (boxes,) = cms1500.pages(a_document(an_item(19, pointer="AB")), "SB-00001", date(2026, 11, 23))
    places = {
        (2, 41): "HARBOR HEALTH",
        (8, 50): "HH123456789",
        (10, 1): "MOREAU, ALICE",
        (10, 31): "04",
        (10, 34): "17",
        (10, 37): "1990",
        (10, 47): "X",
        (12, 1): "12 ALDER STREET",
        (16, 1): "100114417",
        (38, 3): "F411",
        (38, 16): "F4310",
        (44, 1): "11",
        (44, 4): "19",
        (44, 7): "26",
        (44, 19): "10",
        (44, 25): "90834",
        (44, 33): "95",
        (44, 45): "AB",
        (44, 50): "  120 00",
        (44, 59): "1",
        (44, 68): "1234567893",
        (56, 1): "123456789",
        (56, 51): "  120 00",
        (61, 50): "1245319599",
    }
    assert {place: at(boxes, *place) for place in places} == places


def test_every_entry_lies_inside_its_box():
    document = a_document(*(an_item(day, code="90839") for day in range(1, 14)), diagnoses=("F41.1",) * 12)
    found = cms1500.pages(document, "SB-00001", date(2026, 11, 23))
    assert len(found) == 3  # six lines a page
    for box in (box for boxes in found for box in boxes):
        for entry in box.entries:
            assert box.line <= entry.line < box.line + box.height, (box.item, entry)
            assert box.column <= entry.column, (box.item, entry)
            assert entry.column + len(entry.text) <= box.column + box.width, (box.item, entry)
    items = [box.item for box in found[0]]
    assert len(set(items)) == len(items)


def test_the_office_takes_out_both(as_, service, ines, alice, omar, printer, tmp_path):
    told(alice, ines, ines)
    for days in range(2):
        coded(a_past_session(ines, alice, THURSDAY + timedelta(days=days)))
    row = a_superbill(alice, ines)
    here, office = f"/superbills/{row.id}", as_(omar)
    assert office.get(f"{here}/cms-1500.pdf").mimetype == "application/pdf"
    assert "MOREAU, ALICE" in printer.printed[-1]
    for number in (1, 2):
        assert office.post(f"{here}/claims").status_code == 303
        file = office.get(f"{here}/claims/{number}.txt")
        assert complaints(file.text, tmp_path) == []
        assert f"{number:09}" in file.text
    assert "Control number 2" in office.get(here).text
    assert office.get(f"{here}/claims/9.txt").status_code == 404
    assert audited().count("claim.made") == 2
    assert audited().count("claim.exported") == 3
    for person in (alice, ines):
        assert as_(person).get(f"{here}/cms-1500.pdf").status_code == 404
        assert as_(person).get(f"{here}/claims/1.txt").status_code == 404
        assert as_(person).post(f"{here}/claims").status_code == 404


def test_a_claim_that_lacks_something_is_not_made(as_, service, ines, alice, omar):
    told(alice, ines, ines)
    coded(a_past_session(ines, alice))
    row = a_superbill(alice, ines)
    parties.keep(None, replace(OFFICE, receiver=""), by=omar, now=NOW)
    db.session.commit()
    office = as_(omar)
    office.post(f"/superbills/{row.id}/claims")
    page = office.get(f"/superbills/{row.id}").text
    assert "The clearinghouse and its number" in page
    assert "Control number" not in page
