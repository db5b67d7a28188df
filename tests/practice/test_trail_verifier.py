"""The verifier: what anybody can run on a log and on heads that were kept elsewhere."""

import base64
import json
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st
from pymerkle import InmemoryTree

from practice.trail import verifier
from practice.trail.verifier import Frontier, Head, HeadNotTrueError, Line, findings, leaf_hash, read_heads

ORIGIN = "practice.example/audit-log"
SECRET = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = SECRET.public_key().public_bytes_raw()
KEY = f"{ORIGIN}+{verifier.short_hash(ORIGIN, PUBLIC).hex()}+{base64.b64encode(verifier.ED25519 + PUBLIC).decode()}"


def entries(count: int) -> list[bytes]:
    return [json.dumps({"id": n, "action": "note.viewed", "at": f"day {n}"}).encode() for n in range(1, count + 1)]


def lines(written: list[bytes]) -> list[Line]:
    return [Line(leaf_hash(entry), entry) for entry in written]


def head_over(written: list[bytes], at: str = "2026-11-23T00:00:00Z") -> Head:
    frontier = Frontier()
    for entry in written:
        frontier.append(leaf_hash(entry))
    return Head(ORIGIN, frontier.size, frontier.root, at)


def note_of(head: Head) -> str:
    signature = verifier.short_hash(ORIGIN, PUBLIC) + SECRET.sign(head.body.encode())
    return f"{head.body}\n{verifier.DASH}{ORIGIN} {base64.b64encode(signature).decode()}\n"


@given(st.lists(st.binary(max_size=40), max_size=80))
def test_the_root_is_that_of_a_tree_nobody_here_wrote(written: list[bytes]) -> None:
    theirs = InmemoryTree(algorithm="sha256")
    for entry in written:
        theirs.append_entry(entry)
    assert head_over(written).root == theirs.get_root()


def test_a_whole_log_gives_nothing_to_name() -> None:
    written = entries(40)
    heads = [head_over(written[:size]) for size in (0, 7, 7, 32, 40)]
    assert list(findings(lines(written), heads)) == []
    assert list(findings(lines(entries(41)), heads)) == []


def test_an_altered_entry_is_named() -> None:
    written = entries(20)
    known = lines(written)
    known[11] = Line(known[11].leaf, written[11].replace(b"viewed", b"signed"))
    assert list(findings(known, [head_over(written)])) == [
        "The entry at place 12 was altered (number 12, note.signed, day 12)."
    ]


def test_an_entry_taken_out_is_named() -> None:
    written = entries(20)
    known = lines(written)
    known[4] = Line(known[4].leaf, None)
    assert list(findings(known, [head_over(written)])) == ["The entry at place 5 was taken out."]


@pytest.mark.parametrize("deed", ["alter", "drop", "swap"])
def test_whoever_changes_the_hashes_too_is_caught_by_the_next_head(deed: str) -> None:
    written = entries(30)
    heads = [head_over(written[:size], f"day {size}") for size in (10, 20, 30)]
    forged = written.copy()
    if deed == "alter":
        forged[14] = b"forged"
    elif deed == "drop":
        del forged[14]
    else:
        forged[13], forged[14] = forged[14], forged[13]
    found = list(findings(lines(forged), heads))
    assert found[0].startswith("Between place 11 and place 20 entries were altered, dropped or put into another order")
    assert "day 20" in found[0]


def test_a_cut_tail_is_named() -> None:
    written = entries(30)
    found = list(findings(lines(written[:25]), [head_over(written[:20]), head_over(written)]))
    assert found == ["The log ends after 25 entries; the head of 2026-11-23T00:00:00Z counts 30."]


def test_a_head_that_nobody_signed_is_no_head() -> None:
    note = note_of(head_over(entries(3)))
    assert read_heads(f"a letter\n{note}\n{note}", [KEY]) == [head_over(entries(3))] * 2
    for forged in (note.replace("\n3\n", "\n2\n"), note.replace("2026", "2025"), note[:-8], "nothing"):
        with pytest.raises(HeadNotTrueError):
            read_heads(forged, [KEY])
    with pytest.raises(HeadNotTrueError):
        read_heads(note, [KEY.replace("+", "-", 1)])


def test_it_runs_alone(tmp_path: Path) -> None:
    written = entries(9)
    (tmp_path / "heads.txt").write_text(note_of(head_over(written[:8])))
    (tmp_path / "verifier.py").write_text(Path(verifier.__file__).read_text())

    def run(known: list[bytes]) -> tuple[int, str]:
        text = "".join(f"{leaf_hash(was).hex()} {now.decode()}\n" for was, now in zip(written, known, strict=False))
        (tmp_path / "log.txt").write_text(text)
        program = [sys.executable, "-I", "verifier.py", "log.txt", "heads.txt", KEY]
        done = subprocess.run(program, cwd=tmp_path, capture_output=True, text=True, check=False)
        return done.returncode, done.stdout

    assert run(written) == (0, "Whole: 1 heads agree, the newest over 8 entries.\n")
    code, said = run([*written[:5], written[5].replace(b"day 6", b"day 5"), *written[6:]])
    assert (code, "The entry at place 6 was altered" in said) == (1, True)
