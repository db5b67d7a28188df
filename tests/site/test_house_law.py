"""The laws of the house that a linter does not know."""

import ast
import re
from pathlib import Path

import pytest

from tests.support.sharing import MOSTLY_WAITING
from tests.support.tree import ROOT, files, name_of, text_of

LONGEST_FILE = 400
LONGEST_FUNCTION = 65

_address = re.compile(r'"resolved"|index-url|^\S+ @ ', re.MULTILINE)
_somewhere = re.compile("|".join(("/" + "work/", "/" + "root/", "/" + "home/[a-z]", "[a-z]:" + r"\\\\")))


def test_no_file_knows_the_machine_it_was_written_on() -> None:
    named = [name_of(path) for path in files() if _somewhere.search(text_of(path))]
    assert named == []


def test_the_lock_files_name_no_download_address() -> None:
    locks = [path for path in files() if path.suffix == ".lock" or path.name == "package-lock.json"]
    assert len(locks) == 3
    assert [name_of(path) for path in locks if _address.search(text_of(path))] == []


@pytest.mark.parametrize("path", files("__init__.py"), ids=name_of)
def test_a_package_says_what_it_is_for_and_nothing_else(path: Path) -> None:
    body = ast.parse(text_of(path)).body
    assert [node for node in body if not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))] == []
    assert body or "/tests/" in str(path)


def test_no_file_grows_too_long_to_read() -> None:
    lengths = {name_of(path): len(text_of(path).splitlines()) for path in files(".py", ".js", ".css", ".html")}
    assert {name: lines for name, lines in lengths.items() if lines > LONGEST_FILE} == {}


def test_no_function_grows_too_long_to_read() -> None:
    functions = {
        f"{name_of(path)}:{node.lineno} {node.name}": (node.end_lineno or node.lineno) - node.lineno + 1
        for path in files(".py")
        if "migrations/versions" not in str(path)
        for node in ast.walk(ast.parse(text_of(path)))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    assert {name: lines for name, lines in functions.items() if lines > LONGEST_FUNCTION} == {}


def test_nothing_is_left_to_do_later() -> None:
    later = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|XX" + r"X)\b")
    marked = [
        name_of(path) for path in files(".py", ".js", ".css", ".html", ".md", ".sh") if later.search(text_of(path))
    ]
    assert marked == []


def test_the_modules_that_wait_are_there() -> None:
    assert [name for name in MOSTLY_WAITING if not (ROOT / name).is_file()] == []
