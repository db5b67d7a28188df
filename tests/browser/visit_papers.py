"""The whole visit, on paper: letters, the signed note, the invoice, money given back."""

from __future__ import annotations

import re
from email.message import EmailMessage
from io import BytesIO
from urllib.parse import urlsplit

from playwright.sync_api import Page, expect
from pypdf import PdfReader

from tests.browser.visit import ALMA, NOOR
from tests.browser.visit_room import WORDS
from tests.support.servers import Mailbox, until


def expect_confirmation(mailbox: Mailbox) -> None:
    """Both get word, with an entry for their calendar."""
    for address in (ALMA, NOOR):
        until(
            lambda address=address: len(_calendar_mail(mailbox, address)) == 2,
            what=f"the confirmations to {address}",
        )


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
    omar.get_by_role("radio", name="Goodwill").check()
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
