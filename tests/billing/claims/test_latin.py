"""Names keep every letter on a claim, or are named as not to be written."""

from __future__ import annotations

from dataclasses import replace

import pytest

from billing.claims import x12
from billing.claims.latin import capitals, is_spelled
from tests.billing.claims.scenes import PROVIDER, a_document
from tests.billing.papers.scenes import ALICE, OFFICE


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("Żółkiewska", "ZOLKIEWSKA"),
        ("Łucja", "LUCJA"),
        ("Straße", "STRASSE"),
        ("Ørsted-Þór", "OERSTED-THOR"),
        ("Čapková", "CAPKOVA"),
        ("Nguyễn", "NGUYEN"),
        ("Işık", "ISIK"),
    ],
)
def test_letters_of_other_latin_alphabets_are_written_as_passports_do(name, written):
    assert is_spelled(name)
    assert capitals(name) == written


@pytest.mark.parametrize("name", ["李", "Παπαδοπούλου", "Anna Щербакова", "", " - "])
def test_what_cannot_be_written_is_not_left_out_in_silence(name):
    assert not is_spelled(name)


def test_a_file_is_not_made_with_half_a_name():
    client = replace(ALICE, last_name="Moreau-Παπαδοπούλου")
    document = a_document(client=client, provider=replace(PROVIDER, first_name="Юлия"))
    assert [(lack.whose, lack.words) for lack in x12.lacks(document, OFFICE)] == [
        ("client", "The client’s name and address in Latin letters"),
        ("counselor", "The counselor’s name in Latin letters"),
    ]
