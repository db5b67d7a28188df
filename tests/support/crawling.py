"""Walk the practice as a person with a mouse would: from page to page by the links there are."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterator
from urllib.parse import urlsplit

from playwright.sync_api import Error, Page
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, RequestRedirect

EACH = 1
"""How many pages of one kind each person looks at."""

_FILES = (".pdf", ".ics", ".json", ".csv", ".xlsx", ".txt", ".svg", ".png", ".jpg", ".eml")


def sign_in(page: Page, base_url: str, email: str, password: str) -> None:
    """Sign in through the page for it."""
    page.goto(f"{base_url}/sign-in")
    page.fill("input[name=email]", email)
    page.fill("input[name=password]", password)
    page.click("main button[type=submit]")
    page.wait_for_url(lambda url: "/sign-in" not in url)


def walk(page: Page, base_url: str, start: str, addresses: Map, broken: list[str]) -> Iterator[str]:
    """Open every kind of page that links lead to, and name its endpoint while it is open; list links that break."""
    waiting, known, seen = deque([start]), {start: "nobody"}, Counter[str]()
    while waiting:
        path = waiting.popleft()
        endpoint = endpoint_of(path, addresses)
        if endpoint is None or seen[endpoint] >= EACH:
            continue
        seen[endpoint] += 1
        answer = page.goto(base_url + path)
        landed = endpoint_of(urlsplit(page.url).path, addresses)
        if answer is None or "text/html" not in answer.headers.get("content-type", "") or landed is None:
            continue
        if answer.status >= 400:
            broken.append(f"{path} answers {answer.status}, and {known[path]} links to it")
            continue
        yield landed
        for link in _links(page, base_url):
            if link not in known:
                known[link] = path
                waiting.append(link)


def endpoint_of(path: str, addresses: Map) -> str | None:
    """Return the endpoint of a page's address; None for a file or a stranger's."""
    path = path.partition("?")[0]
    if path.endswith(_FILES):
        return None
    try:
        endpoint, _ = addresses.bind("").match(path, "GET")
    except (HTTPException, RequestRedirect):
        return None
    return str(endpoint)


def _links(page: Page, base_url: str) -> list[str]:
    try:
        found: list[str] = page.eval_on_selector_all("a[href]:not([download])", "links => links.map(link => link.href)")
    except Error:
        return []
    return [href.removeprefix(base_url).partition("#")[0] for href in found if href.startswith(base_url + "/")]
