"""The printed claim: every item stands on the line and in the column where the form has it.

The places are those of the print file that OpenEMR writes (src/Billing/Hcfa1500.php of openemr/openemr), which
clinics lay over the red form; lines are a sixth of an inch, columns a tenth, both counted from 1.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from billing.claims import cms1500
from billing.claims.terms import CORRECTS, PRACTICE, Heading, Terms
from billing.parties.particulars import SSN
from billing.parties.policies import CHILD, OTHER, SELF, SPOUSE
from tests.billing.claims.scenes import PROVIDER, a_document, an_item
from tests.billing.papers.scenes import ALICE

ON = date(2026, 11, 23)
# item: line, column and places there, as OpenEMR has them
PLACES = {
    "carrier": (2, 41, 31),
    "1": (8, 45, 1),
    "1a": (8, 50, 30),
    "2": (10, 1, 28),
    "3 month": (10, 31, 2),
    "3 day": (10, 34, 2),
    "3 year": (10, 37, 4),
    "3 female": (10, 47, 1),
    "4": (10, 50, 28),
    "5": (12, 1, 28),
    "6 child": (12, 42, 1),
    "7": (12, 50, 28),
    "5 city": (14, 1, 23),
    "5 state": (14, 26, 2),
    "7 city": (14, 50, 23),
    "7 state": (14, 74, 2),
    "5 zip": (16, 1, 10),
    "5 area": (16, 15, 3),
    "5 phone": (16, 19, 7),
    "7 zip": (16, 50, 10),
    "7 area": (16, 65, 3),
    "7 phone": (16, 69, 7),
    "9": (18, 1, 28),
    "11": (18, 50, 30),
    "9a": (20, 1, 28),
    "10a no": (20, 41, 1),
    "11a month": (20, 53, 2),
    "11a day": (20, 56, 2),
    "11a year": (20, 59, 4),
    "11a male": (20, 68, 1),
    "10b no": (22, 41, 1),
    "10c no": (24, 41, 1),
    "11c": (24, 50, 30),
    "9d": (26, 1, 28),
    "11d yes": (26, 52, 1),
    "12": (29, 7, 17),
    "13": (29, 55, 17),
    "20 no": (36, 57, 1),
    "21 indicator": (37, 42, 1),
    "21 A": (38, 3, 8),
    "21 B": (38, 16, 8),
    "22 code": (38, 50, 10),
    "22 reference": (38, 62, 15),
    "23": (40, 50, 28),
    "24a month": (44, 1, 2),
    "24a day": (44, 4, 2),
    "24a year": (44, 7, 2),
    "24a to month": (44, 10, 2),
    "24a to day": (44, 13, 2),
    "24a to year": (44, 16, 2),
    "24b": (44, 19, 2),
    "24d": (44, 25, 7),
    "24d modifier": (44, 33, 12),
    "24e": (44, 45, 4),
    "24f": (44, 50, 8),
    "24g": (44, 59, 3),
    "24j": (44, 68, 10),
    "25": (56, 1, 15),
    "25 ssn": (56, 17, 1),
    "26": (56, 23, 15),
    "27 yes": (56, 38, 1),
    "28": (56, 52, 8),
    "29": (56, 62, 8),
    "33 area": (57, 66, 3),
    "33 phone": (57, 70, 8),
    "32 name": (58, 23, 26),
    "33 name": (58, 50, 29),
    "32 street": (59, 23, 26),
    "33 street": (59, 50, 29),
    "31": (60, 1, 22),
    "32 city": (60, 23, 27),
    "33 city": (60, 50, 29),
    "31 date": (61, 6, 10),
    "32a": (61, 23, 10),
    "33a": (61, 50, 10),
}
SAID = {
    "carrier": "HARBOR HEALTH",
    "1a": "HH123456789",
    "2": "MOREAU, ALICE",
    "3 month": "04",
    "3 day": "17",
    "3 year": "1990",
    "4": "ROY, JOSEPH",
    "7": "9 BIRCH LANE",
    "7 zip": "07302",
    "9": "MOREAU, ALICE",
    "9a": "NL-77".replace("-", " "),
    "9d": "NORTHLIGHT",
    "11": "G 77",
    "11a month": "02",
    "11a day": "29",
    "11a year": "1960",
    "13": "SIGNATURE ON FILE",
    "21 A": "F411",
    "21 B": "F4310",
    "22 code": "7",
    "22 reference": "HH7741200915",
    "23": "LV20417",
    "24a day": "19",
    "24b": "10",
    "24d": "90834",
    "24d modifier": "95",
    "24e": "AB",
    "24f": "  120 00",
    "24g": "1",
    "24j": "1234567893",
    "25": "987654321",
    "26": "CL00002",
    "28": "  120 00",
    "29": "  120 00",
    "31": "INES CALDER LMHC",
    "33 name": "INES CALDER",
    "33a": "1234567893",
}
CLIENT = replace(
    ALICE,
    relation=CHILD,
    holder_first_name="Joseph",
    holder_last_name="Roy",
    holder_born_on="1960-02-29",
    holder_sex="M",
    holder_phone="2015550111",
    holder_street="9 Birch Lane",
    holder_city="Jersey City",
    holder_state="NJ",
    holder_postal="07302",
    second_insurer="Northlight",
    second_member_id="NL-77",
)
OWN = replace(PROVIDER, tax_id="987654321", tax_id_is_own=True, tax_kind=SSN)
TERMS = Terms(payee=PRACTICE, accepts=True, authorization="LV-20417", original="HH7741200915")


def test_every_item_stands_where_the_form_has_it():
    document = a_document(an_item(19, pointer="AB"), client=CLIENT, provider=OWN)
    (boxes,) = cms1500.pages(document, Heading("CL-00002", CORRECTS), TERMS, ON)
    found = {(entry.line, entry.column): entry.text for box in boxes for entry in box.entries}
    assert sorted(found) == sorted((line, column) for line, column, _ in PLACES.values())
    for item, (line, column, most) in PLACES.items():
        assert len(found[line, column]) <= most, item
        assert found[line, column] == SAID.get(item, found[line, column]), item


def test_a_client_insured_by_themselves_with_one_policy():
    (boxes,) = cms1500.pages(a_document(), Heading("CL-00001"), Terms(), ON)
    found = {(entry.line, entry.column) for box in boxes for entry in box.entries}
    assert {(12, 33), (26, 57), (56, 43), (56, 19)} <= found
    assert not {(18, 1), (29, 55), (38, 50), (40, 50)} & found


def test_relations_have_a_mark_each():
    marks = {SELF: 33, SPOUSE: 38, CHILD: 42, OTHER: 47}
    for relation, column in marks.items():
        (boxes,) = cms1500.pages(a_document(client=replace(CLIENT, relation=relation)), Heading("CL-1"), TERMS, ON)
        (mark,) = [entry for box in boxes if box.item == "6" for entry in box.entries]
        assert (mark.line, mark.column) == (12, column)


def test_every_entry_lies_inside_its_box():
    document = a_document(
        *(an_item(day, code="90839") for day in range(1, 14)), diagnoses=("F41.1",) * 12, client=CLIENT
    )
    found = cms1500.pages(document, Heading("CL-00002", CORRECTS), TERMS, ON)
    assert len(found) == 3  # six lines a page
    for box in (box for boxes in found for box in boxes):
        for entry in box.entries:
            assert box.line <= entry.line < box.line + box.height, (box.item, entry)
            assert box.column <= entry.column, (box.item, entry)
            assert entry.column + len(entry.text) <= box.column + box.width, (box.item, entry)
    items = [box.item for box in found[0]]
    assert len(set(items)) == len(items)
