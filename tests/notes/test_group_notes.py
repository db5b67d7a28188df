"""Notes of a shared session: one page to write on, one note in each person's own chart, nobody else named in it."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from booking.groups import services as groups
from booking.models.groups import GroupSession
from notes import opening, services, together
from notes.layouts import FREE
from notes.models import PSYCHOTHERAPY, Note
from notes.words import Words
from practice.core.db import db
from practice.models import Person
from tests.booking.group_builders import a_group, a_group_service
from tests.fakes import MONDAY_MORNING as NOW
from tests.fakes import FrozenClock
from tests.support.pages import PageClient

As = Callable[[Person], PageClient]
JSON = {"Accept": "application/json"}


@pytest.fixture
def group(ines: Person, alice: Person, ben: Person, clock: FrozenClock) -> GroupSession:
    """An evening group that Alice and Ben came to."""
    session = a_group(a_group_service(ines, price_cents=0))
    for member in (alice, ben):
        groups.add(session, member, payer=None, now=NOW)
    db.session.commit()
    clock.advance(days=7)
    return session


def sent(group: GroupSession, **changes: str) -> dict[str, str]:
    one, two = [f"part-{seat.appointment.id}" for seat in together.seats_of(group)]
    typed = {"common": "Told of the week.", one: "Spoke first.", two: "Listened."}
    named = {"one": one, "two": two}
    changed = {named.get(name, name): text for name, text in changes.items()}
    return {"layout": "together", "base_version": "0", "tab": "tab-one", **typed, **changed}


def words_by_name() -> dict[str, tuple[str, str]]:
    db.session.expire_all()
    opened = [(note.client.first_name, opening.words_of(note)) for note in db.session.scalars(select(Note))]
    return {name: (words.text("common"), words.text("individual")) for name, words in opened}


def test_the_common_part_goes_to_all_and_each_own_part_to_one_chart(as_: As, ines: Person, group: GroupSession) -> None:
    browser, address = as_(ines), f"/groups/{group.id}/notes"
    page = browser.get(address).text
    assert "Alice Moreau" in page
    assert "Ben Okafor" in page
    assert browser.post(address, data=sent(group)).location == address
    assert words_by_name() == {
        "Alice": ("Told of the week.", "Spoke first."),
        "Ben": ("Told of the week.", "Listened."),
    }
    charts = set(db.session.scalars(select(Note.chart_id)))
    assert len(charts) == 2
    again = browser.get(address).text
    assert "Spoke first." in again
    assert again.count("Told of the week.") == 1


def test_typing_saves_by_script_and_only_what_changed(as_: As, ines: Person, group: GroupSession) -> None:
    browser, address = as_(ines), f"/groups/{group.id}/notes"
    first = browser.post(address, data=sent(group, two=""), headers=JSON).json
    assert first
    assert first["version"] == 2
    second = browser.post(address, data=sent(group, one="Spoke last.", two="", base_version="2"), headers=JSON).json
    assert second
    assert second["version"] == 3
    assert words_by_name()["Ben"] == ("Told of the week.", "")


def test_a_second_tab_overwrites_nobodys_words(as_: As, ines: Person, group: GroupSession) -> None:
    browser, address = as_(ines), f"/groups/{group.id}/notes"
    browser.post(address, data=sent(group))
    late = sent(group, tab="tab-two", one="Written elsewhere.")
    assert browser.post(address, data=late, headers=JSON).status_code == 409
    page = browser.post(address, data=late)
    assert page.status_code == 409
    assert "Spoke first." in page.text
    key = next(name for name, text in late.items() if text == "Written elsewhere.")
    answer = browser.post(f"{address}/versions", data=late | {"base_version": "2", f"keep-{key}": "both"})
    assert answer.status_code == 303
    assert words_by_name()["Alice"][1] == "Spoke first.\n\nWritten elsewhere."


def test_an_answer_lost_on_the_way_is_simply_sent_again(as_: As, ines: Person, group: GroupSession) -> None:
    browser, address = as_(ines), f"/groups/{group.id}/notes"
    for text in ("One.", "Two.", "Three."):
        assert browser.post(address, data=sent(group, one=text), headers=JSON).status_code == 200
    assert words_by_name()["Alice"][1] == "Three."


def test_a_signed_note_stays_and_words_for_it_are_given_back(as_: As, ines: Person, group: GroupSession) -> None:
    browser, address = as_(ines), f"/groups/{group.id}/notes"
    browser.post(address, data=sent(group))
    note = next(each for each in db.session.scalars(select(Note)) if each.client.first_name == "Alice")
    services.sign(note, version=1, signer=ines, now=group.ends_at)
    db.session.commit()
    page = browser.post(address, data=sent(group, one="Too late.", base_version="1", tab="tab-two"), headers=JSON)
    assert page.status_code == 423
    assert browser.post(address, data=sent(group, common="More.", base_version="1")).status_code == 303
    assert words_by_name() == {"Alice": ("Told of the week.", "Spoke first."), "Ben": ("More.", "Listened.")}


def test_other_members_who_are_named_are_pointed_out(as_: As, ines: Person, group: GroupSession) -> None:
    browser, address = as_(ines), f"/groups/{group.id}/notes"
    browser.post(address, data=sent(group, common="All were kind to BEN.", two="As Alice’s letter said."))
    page = browser.get(address).text
    assert "Somebody else is named" in page
    assert "Moreau, in “Ben Okafor: own part”" in page
    notes = {note.client.first_name: note for note in db.session.scalars(select(Note))}
    review = browser.get(f"/notes/{notes['Alice'].id}/signature").text
    assert "Ben Okafor, in “The group”" in review
    review = browser.get(f"/notes/{notes['Ben'].id}/signature").text
    assert "Alice Moreau, in “Own part”" in review
    assert "in “The group”" not in review


def test_names_are_pointed_out_in_addenda_and_psychotherapy_notes_too(
    as_: As, ines: Person, alice: Person, group: GroupSession
) -> None:
    browser = as_(ines)
    browser.post(f"/groups/{group.id}/notes", data=sent(group))
    note = next(note for note in db.session.scalars(select(Note)) if note.client.first_name == "Alice")
    services.sign(note, version=note.version, signer=ines, now=note.at)
    db.session.commit()
    said = {"addendum": "Ben walked her home."}
    asked = browser.post(f"/notes/{note.id}/addenda", data=said)
    assert asked.status_code == 422
    assert "Ben Okafor, in “Addendum”" in asked.text
    assert "Ben walked her home.</textarea>" in asked.text
    assert browser.post(f"/notes/{note.id}/addenda", data=said | {"named": "1"}).status_code == 303
    apart = services.start(author=ines, client=alice, kind=PSYCHOTHERAPY, happened_at=NOW, now=NOW)
    thought = Words(FREE, "", {"text": "Why does Okafor matter so much?"})
    services.save_draft(apart, thought, base_version=0, tab="here", now=NOW)
    db.session.commit()
    assert "Ben Okafor, in “" in browser.get(f"/notes/{apart.id}/draft").text


def test_the_session_leads_to_its_notes_and_nobody_else_finds_them(
    as_: As, ines: Person, clara: Person, alice: Person, group: GroupSession
) -> None:
    address = f"/groups/{group.id}/notes"
    assert address in as_(ines).get(f"/groups/{group.id}").text
    for stranger in (clara, alice):
        assert as_(stranger).get(address).status_code == 404
        assert as_(stranger).post(address, data=sent(group)).status_code == 404
        assert as_(stranger).post(f"{address}/versions", data=sent(group)).status_code == 404
    assert words_by_name() == {}
