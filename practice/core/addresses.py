"""Addresses: numbers that a database can hold, and rules that cost nothing before an address is built from them."""

from __future__ import annotations

from collections.abc import Callable

from werkzeug.routing import IntegerConverter, Map, Rule

LARGEST = 2**31 - 1

Builder = Callable[..., tuple[str, str]]


class RowNumber(IntegerConverter):
    """The `<int:…>` of every address, up to the largest number a row can have, so that a longer one is not found."""

    def __init__(self, map: Map, *, largest: int = LARGEST) -> None:  # noqa: A002 -- werkzeug names it
        super().__init__(map, max=largest)


class LateRule(Rule):
    """A route that compiles the building of its address when the first is built.

    Werkzeug compiles all of them at the start: a tenth of it, in every process, for routes that most never link to.
    """

    def _compile_builder(self, append_unknown: bool = True) -> Builder:
        compiled: list[Builder] = []

        def build(rule: Rule, **values: object) -> tuple[str, str]:
            if not compiled:
                compiled.append(super(LateRule, self)._compile_builder(append_unknown))
            return compiled[0](rule, **values)

        return build
