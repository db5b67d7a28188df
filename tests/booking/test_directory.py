from datetime import date

import pytest

from booking.directory import Wanted, facets, find, listing_of
from booking.models.hours import TimeOff
from practice.core.db import db
from practice.core.money import Money
from practice.models import CounselorLanguage, CounselorSpecialty, Licence
from tests.booking.builders import a_service, an_offer
from tests.builders import a_counselor, saved
from tests.fakes import MONDAY_MORNING as NOW


@pytest.fixture
def three(ines, clara):
    """Ines and Clara, who can be booked, and Jonas, who is not published."""
    an_offer(ines)
    an_offer(clara, price_cents=9000)
    a_service(clara, price_cents=20000, minutes=80)
    clara.profile.specialties.append(CounselorSpecialty(specialty="Grief"))
    clara.profile.languages.append(CounselorLanguage(language="German"))
    clara.profile.licences.append(Licence(kind="LMHC", number="2", place="Vermont", expires_on=date(2026, 11, 22)))
    clara.profile.licences.append(Licence(kind="LMHC", number="3", place="Maine", expires_on=date(2026, 11, 23)))
    jonas = a_counselor("Jonas Weir")
    jonas.profile.published = False
    an_offer(jonas)
    db.session.commit()
    return ines, clara


def dollars(amount: int) -> Money:
    return Money(amount * 100, "USD")


@pytest.mark.parametrize(
    ("wanted", "names"),
    [
        (Wanted(), ["Clara", "Ines"]),
        (Wanted(specialty="Grief"), ["Clara"]),
        (Wanted(language="German"), ["Clara"]),
        (Wanted(place="New York"), ["Clara", "Ines"]),
        (Wanted(place="Maine"), ["Clara"]),
        (Wanted(place="Vermont"), []),
        (Wanted(most=dollars(100)), ["Clara"]),
        (Wanted(least=dollars(150)), ["Clara"]),
        (Wanted(least=dollars(100), most=dollars(150)), ["Ines"]),
        (Wanted(specialty="Grief", most=dollars(50)), []),
    ],
)
def test_the_directory_shows_who_fits(three, wanted, names):
    assert [each.counselor.first_name for each in find(wanted, NOW)] == names


def test_a_listing_tells_fees_and_the_next_free_time(three):
    clara = next(each for each in find(Wanted(), NOW) if each.counselor.first_name == "Clara")
    assert [str(each) for each in clara.fees] == ["$90.00", "$200.00"]
    assert clara.next_free_at == NOW.replace(hour=14)


def test_whoever_is_free_sooner_stands_first(three):
    ines, _ = three
    saved(TimeOff(counselor_id=three[1].id, starts_at=NOW, ends_at=NOW.replace(hour=20)))
    assert find(Wanted(), NOW)[0].counselor is ines


def test_facets_name_what_can_be_found(three):
    found = facets(NOW)
    assert list(found.specialties) == ["Anxiety", "Grief"]
    assert list(found.languages) == ["English", "German"]
    assert "Maine" in found.places


def test_nobody_is_listed_without_a_service_or_after_leaving(three):
    ines, clara = three
    clara.closed_at = NOW
    without = a_counselor("Nora Quist")
    db.session.commit()
    assert [each.counselor for each in find(Wanted(), NOW)] == [ines]
    assert listing_of(without.id, NOW) is None
    assert listing_of(clara.id, NOW) is None
    found = listing_of(ines.id, NOW)
    assert found is not None
    assert found.counselor is ines
