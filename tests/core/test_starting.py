"""What a start leaves for later: the building of addresses, and the looking for garbage."""

import gc

import pytest
from werkzeug.routing import Map
from werkzeug.routing.exceptions import BuildError

from practice.core.addresses import LateRule, RowNumber
from practice.core.collecting import put_off


def addresses() -> Map:
    rules = [
        LateRule("/people/<int:person_id>", endpoint="person"),
        LateRule("/people/", endpoint="people", defaults={"page": 1}),
        LateRule("/people/page/<int:page>", endpoint="people"),
    ]
    return Map(rules, converters={"int": RowNumber})


@pytest.mark.parametrize(
    ("endpoint", "values", "address"),
    [
        ("person", {"person_id": 7}, "/people/7"),
        ("person", {"person_id": 7, "tab": "a b"}, "/people/7?tab=a+b"),
        ("people", {"page": 1}, "/people/"),
        ("people", {"page": 3}, "/people/page/3"),
    ],
)
def test_an_address_is_built_twice_alike(endpoint: str, values: dict[str, object], address: str) -> None:
    site = addresses().bind("")
    assert [site.build(endpoint, values) for _ in range(2)] == [address, address]


def test_an_address_that_lacks_something_is_not_built() -> None:
    with pytest.raises(BuildError):
        addresses().bind("").build("person", {})


def test_garbage_waits_while_a_process_starts() -> None:
    with put_off():
        assert not gc.isenabled()
    assert gc.isenabled()
    assert gc.get_freeze_count() > 0


def test_a_start_that_fails_leaves_collecting_as_it_was() -> None:
    with pytest.raises(ValueError, match="no settings"), put_off():
        raise ValueError("no settings")
    assert gc.isenabled()
