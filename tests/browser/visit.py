"""What each person does in the whole visit, step by step, as they would press it."""

from __future__ import annotations

import re
import zoneinfo
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from io import BytesIO
from urllib.parse import urlsplit

from playwright.sync_api import Page, expect
from pypdf import PdfReader

from tests.browser.films import colour_seen, frames_seen
from tests.support.servers import Mailbox, until

DEMO_PASSWORD = "quiet harbour morning"
PASSWORD = "a long enough passphrase"
NOOR = "noor.lindqvist@example.net"
ALMA = "alma.reyes@example.net"
ZONES = ("Pacific/Honolulu", "America/New_York", "Europe/Berlin", "Asia/Kolkata", "Asia/Tokyo", "Pacific/Auckland")
WORDS = "Alma spoke of the move to the coast and of sleeping better since."


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


def expect_confirmation(mailbox: Mailbox) -> None:
    """Both get word, with an entry for their calendar."""
    for address in (ALMA, NOOR):
        until(
            lambda address=address: len(_calendar_mail(mailbox, address)) == 2,
            what=f"the confirmations to {address}",
        )


def enter_and_wait(alma: Page) -> None:
    """Two taps from the appointment: to the device check, and in."""
    alma.goto(urlsplit(alma.url).path.removesuffix("/confirmation"))
    alma.get_by_role("link", name="Go to the room").click()
    expect(alma.locator("#check-video")).to_be_visible()
    until(lambda: frames_seen(alma, "#check-video") > 3, what="the live picture")
    alma.get_by_role("button", name="Enter the room").click()
    expect(alma.get_by_text("You are in the waiting room")).to_be_visible()


def enter_and_admit(noor: Page) -> None:
    """The counselor comes by way of today and lets the client in."""
    noor.goto("/today")
    noor.get_by_role("link", name="Go to the room").first.click()
    noor.get_by_role("button", name="Enter the room").click()
    noor.get_by_role("button", name="Admit").click()


def they_see_each_other(noor: Page, alma: Page) -> None:
    """Each decodes the other's picture: the colour is the other's, and it moves."""
    for page, other_is_red in ((noor, True), (alma, False)):
        expect(page.locator("#remote-video")).to_be_visible()
        until(lambda page=page: frames_seen(page, "#remote-video") > 20, what="twenty frames")
        red, green, _ = colour_seen(page, "#remote-video")
        assert (red > green + 30) is other_is_red, (red, green)
        before = frames_seen(page, "#remote-video")
        until(lambda page=page, before=before: frames_seen(page, "#remote-video") > before + 5, what="more frames")


def they_chat(noor: Page, alma: Page) -> None:
    """A line goes each way."""
    for sender, reader, words in ((alma, noor, "I can hear you well"), (noor, alma, "Good, let us begin")):
        _open_chat(sender)
        sender.locator("#chat-text").fill(words)
        sender.locator("#chat-text").press("Enter")
        _open_chat(reader)
        expect(reader.locator("#chat")).to_contain_text(words)
    alma.locator("#close-side").click()


def write_beside(noor: Page) -> None:
    """The counselor writes beside the picture, and it saves itself."""
    noor.locator("[data-side=note]").click()
    noor.get_by_label("Subjective").fill(WORDS)
    expect(noor.locator("[data-save-state][data-state=saved]")).to_contain_text("Saved", timeout=15_000)


def leave(page: Page) -> None:
    """Leave the room in two deliberate presses."""
    page.locator("#open-leave").click()
    page.locator("#leave").get_by_role("button", name="Leave").click()
    expect(page.get_by_text("You have left the session")).to_be_visible()


def sign_and_print(noor: Page) -> None:
    """The note is finished, signed and printed."""
    noor.get_by_role("link", name="Write the note").click()
    expect(noor.get_by_label("Subjective")).to_have_value(WORDS)
    noor.get_by_role("button", name="Review and sign").click()
    noor.get_by_role("button", name="Sign and lock").click()
    expect(noor.get_by_text(WORDS)).to_be_visible()
    link = noor.locator('a[href$=".pdf"]').first.get_attribute("href")
    text = _pdf_text(noor, link)
    assert WORDS.split(" and ", maxsplit=1)[0] in text
    assert "Noor Lindqvist" in text


def see_the_invoice(alma: Page) -> None:
    """The client has an invoice and a receipt, as pages and as PDFs."""
    alma.goto("/billing")
    alma.locator('a[href^="/invoices/"]').first.click()
    expect(alma.get_by_role("main")).to_contain_text("$80.00")
    link = alma.locator('a[href$=".pdf"]').first.get_attribute("href")
    assert "80.00" in _pdf_text(alma, link)


def refund(omar: Page) -> None:
    """The administrator gives the money for one session back."""
    omar.goto("/payments?text=Alma")
    omar.get_by_role("rowheader").get_by_role("link").first.click()
    omar.get_by_role("link", name=re.compile("Refund|Give")).first.click()
    omar.get_by_role("radio").first.check()
    omar.get_by_role("button", name="Go on").click()
    omar.get_by_role("button", name="Yes, give $80.00 back").click()
    expect(omar.get_by_role("main")).to_contain_text(re.compile("refund|back", re.IGNORECASE))


def expect_refund(mailbox: Mailbox, alma: Page) -> None:
    """The client is told and sees it."""
    until(lambda: any("80.00" in _text(mail) and "back" in _text(mail) for mail in mailbox.to(ALMA)), what="the word")
    alma.goto("/billing")
    expect(alma.get_by_role("main")).to_contain_text(re.compile("refund|back", re.IGNORECASE))


def expect_reminder(mailbox: Mailbox) -> None:
    """An hour before the second session a neutral reminder comes, once, to each."""
    for address in (ALMA, NOOR):
        until(lambda address=address: _reminders(mailbox, address), seconds=130, what=f"the reminder to {address}")
        [reminder] = _reminders(mailbox, address)
        assert not re.search("therap|counsel|session", str(reminder["Subject"]), re.IGNORECASE)


def link_in(mailbox: Mailbox, address: str, path: str) -> str:
    """Wait for a letter with a link and return where it leads."""
    found: list[str] = []

    def arrived() -> bool:
        found[:] = [
            link for mail in mailbox.to(address) for link in re.findall(r"http://\S+", _text(mail)) if path in link
        ]
        return bool(found)

    until(arrived, what=f"a letter to {address} with {path}")
    return urlsplit(found[0]).path


def _open_chat(page: Page) -> None:
    button = page.locator("[data-side=chat]")
    if button.get_attribute("aria-pressed") != "true":
        button.click()


def _whole_minute_after(*, seconds: int) -> datetime:
    return (datetime.now(UTC) + timedelta(seconds=seconds + 60)).replace(second=0, microsecond=0)


def _text(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    return str(body.get_content()) if body else ""


def _calendar_mail(mailbox: Mailbox, address: str) -> list[EmailMessage]:
    return [
        mail for mail in mailbox.to(address) if any(part.get_content_type() == "text/calendar" for part in mail.walk())
    ]


def _reminders(mailbox: Mailbox, address: str) -> list[EmailMessage]:
    return [
        mail
        for mail in mailbox.to(address)
        if "hour" in str(mail["Subject"]).lower() or "remind" in _text(mail).lower()
    ]


def _pdf_text(page: Page, path: str | None) -> str:
    answer = page.request.get(path or "")
    assert answer.headers["content-type"] == "application/pdf"
    return " ".join(part.extract_text() for part in PdfReader(BytesIO(answer.body())).pages)
