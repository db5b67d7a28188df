"""Numbers in addresses: those a database can hold, so that a longer one is simply not found."""

from werkzeug.routing import IntegerConverter, Map

LARGEST = 2**31 - 1


class RowNumber(IntegerConverter):
    """The `<int:…>` of every address, up to the largest number a row can have."""

    def __init__(self, map: Map, *, largest: int = LARGEST) -> None:  # noqa: A002 -- werkzeug names it
        super().__init__(map, max=largest)
