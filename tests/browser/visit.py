"""What each person does in the whole visit, step by step, as they would press it."""

from __future__ import annotations

import re
import zoneinfo
from datetime import UTC, datetime, timedelta

from playwright.sync_api import Page, expect

DEMO_PASSWORD = "quiet harbour morning"
PASSWORD = "a long enough passphrase"
NOOR = "noor.lindqvist@example.net"
ALMA = "alma.reyes@example.net"
ZONES = ("Pacific/Honolulu", "America/New_York", "Europe/Berlin", "Asia/Kolkata", "Asia/Tokyo", "Pacific/Auckland")


def sign_in(page: Page, email: str) -> None:
    """Sign a demo person in."""
    page.goto("/sign-in")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password", exact=True).fill(DEMO_PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator("h1")).to_be_visible()


def where_it_is_day() -> str:
    """Name a zone in which nobody's quiet hours are near."""
    return next(name for name in ZONES if 9 <= datetime.now(zoneinfo.ZoneInfo(name)).hour <= 18)


def invite(omar: Page) -> None:
    """The administrator invites a counselor."""
    omar.goto("/invitations")
    omar.get_by_label("Name", exact=True).fill("Noor Lindqvist")
    omar.get_by_label("E-mail address").fill(NOOR)
    omar.get_by_label("Counselor", exact=False).first.check()
    omar.get_by_role("button", name="Send the invitation").click()
    expect(omar.get_by_text("Waits for an answer")).to_be_visible()


def join(noor: Page, link: str) -> None:
    """The counselor takes the invitation up, where it is day now."""
    noor.goto(link)
    noor.get_by_label("Password", exact=True).fill(PASSWORD)
    noor.get_by_label("Your time zone").select_option(where_it_is_day())
    noor.get_by_role("button", name="Accept and go in").click()
    expect(noor.get_by_role("link", name="Hours").first).to_be_visible()


def sign_up(alma: Page) -> None:
    """The client opens an account on her phone."""
    alma.goto("/sign-up")
    alma.get_by_label("Your name").fill("Alma Reyes")
    alma.get_by_label("E-mail address").fill(ALMA)
    alma.get_by_label("Password", exact=True).fill(PASSWORD)
    alma.get_by_label("I agree to the").check()
    alma.get_by_role("button", name="Open my account").click()


def offer_a_service(noor: Page) -> None:
    """The counselor says what she offers."""
    noor.goto("/services/new")
    noor.get_by_label("Name", exact=True).fill("First conversation")
    noor.get_by_label("Length").fill("25")
    noor.get_by_label("Price", exact=True).fill("80")
    noor.get_by_label("Before").fill("0")
    noor.get_by_label("After").fill("5")
    noor.get_by_label("Billing code (CPT)").select_option("90832")
    noor.get_by_role("button", name="Save the service").click()
    expect(noor.get_by_role("link", name="First conversation")).to_be_visible()


def publish_hours(noor: Page) -> tuple[datetime, datetime]:
    """The counselor opens half an hour that begins in a minute or two, and one about an hour later.

    The reminder for the second is due an hour before it: soon after the client has booked it.
    """
    noor.goto("/hours/rules")
    noor.get_by_label("Notice you need").select_option("0")
    noor.get_by_role("button", name="Save the rules").click()
    soon = _whole_minute_after(seconds=75)
    later = _whole_minute_after(seconds=45) + timedelta(hours=1)
    zone = zoneinfo.ZoneInfo(where_it_is_day())
    weekday = soon.astimezone(zone).weekday()
    noor.goto("/hours")
    for place, opens in enumerate((soon, later)):
        day = noor.locator(".hours-day").nth(weekday)
        if day.locator(".hours-row").count() <= place:
            day.get_by_role("button", name="Add hours").click()
        noor.locator(f"#opens-{weekday}-{place}").fill(f"{opens.astimezone(zone):%H:%M}")
        noor.locator(f"#closes-{weekday}-{place}").fill(f"{(opens + timedelta(minutes=30)).astimezone(zone):%H:%M}")
    noor.get_by_role("button", name="Save your week").last.click()
    noor.goto("/week")
    expect(noor.locator("h1")).to_be_visible()
    return soon, later


def publish_profile(noor: Page) -> None:
    """The counselor fills in what the public profile needs and publishes it."""
    noor.goto("/profile")
    noor.get_by_label("Headline").fill("Calm company through big moves")
    noor.get_by_label("In your own words").fill("We begin with what brought you here.")
    noor.get_by_label("Anxiety", exact=True).check()
    noor.get_by_label("English", exact=True).check()
    noor.get_by_role("button", name="Save", exact=True).click()
    noor.get_by_label("Title", exact=True).fill("LMHC")
    noor.get_by_label("Number").fill("NY-77")
    noor.get_by_label("State or country").fill("New York")
    noor.get_by_role("button", name="Add", exact=True).click()
    noor.get_by_role("button", name="Make it public").click()
    expect(noor.get_by_text("Your profile is in the directory")).to_be_visible()


def book(alma: Page, starts_at: datetime) -> None:
    """The client finds the counselor and takes a time."""
    alma.goto("/counselors")
    alma.get_by_role("link", name="Noor Lindqvist").first.click()
    alma.locator(f'button[name=starts_at][value="{starts_at:%Y-%m-%dT%H:%MZ}"]').click()
    expect(alma.locator("h1")).to_have_text("Pay for your session")


def pay(alma: Page) -> None:
    """The client pays on the provider's page, and the card works."""
    alma.get_by_role("button", name="Pay $80.00").click()
    alma.get_by_label("The card works").check()
    alma.get_by_role("button", name="Go on").click()
    expect(alma.get_by_role("main")).to_contain_text("Noor Lindqvist")
    alma.wait_for_url(re.compile(r"/appointments/\d+/confirmation"))


def decline_then_pay(alma: Page) -> None:
    """The first card is declined; the time stays hers and the second works."""
    alma.get_by_role("button", name="Pay $80.00").click()
    alma.get_by_label("The card is declined").check()
    alma.get_by_role("button", name="Go on").click()
    expect(alma.get_by_text("This test card was declined")).to_be_visible()
    alma.get_by_label("The card works").check()
    alma.get_by_role("button", name="Go on").click()
    alma.wait_for_url(re.compile(r"/appointments/\d+/confirmation"))


def _whole_minute_after(*, seconds: int) -> datetime:
    return (datetime.now(UTC) + timedelta(seconds=seconds + 60)).replace(second=0, microsecond=0)
