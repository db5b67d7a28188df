"""Every address of the app, with something in the place of each variable."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flask import Flask

from practice.security import access_of


@dataclass(frozen=True, slots=True)
class Route:
    """One way to ask the app for something."""

    method: str
    path: str
    endpoint: str
    access: str | None
    variables: frozenset[str]


def routes(app: Flask, **values: object) -> Iterator[Route]:
    """List every route and method; variables not named become 1."""
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule):
        filled = {name: values.get(name, "1") for name in rule.arguments}
        with app.test_request_context():
            path = app.url_for(rule.endpoint, **filled) if rule.endpoint != "static" else "/static/release/css/none.css"
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield Route(method, path, rule.endpoint, access_of(app, rule.endpoint), frozenset(rule.arguments))
