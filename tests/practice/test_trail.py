"""The audit log under its seal: it grows, is signed and sent out each day, and shows who touched it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from practice.core import audit
from practice.core.audit import AuditEntry
from practice.core.db import db
from practice.core.settings import Settings
from practice.models import Person, Practice
from practice.trail import growing, heads, jobs
from practice.trail.entries import written
from practice.trail.models import AuditHead, AuditLeaf
from practice.trail.verifier import leaf_hash, read_heads
from tests.fakes import FrozenClock, RecordingMailer
from tests.practice.scenes import letters_to
from tests.support.pages import PageClient
from tests.support.tampering import behind_its_back

As = Callable[[Person], PageClient]


def deeds(count: int) -> None:
    for number in range(count):
        audit.record("note.viewed", person_id=1, subject=("note", number), detail={"words": "ä → ß", "much": 0.1})
    db.session.commit()


def sealed(count: int, clock: FrozenClock) -> AuditHead:
    deeds(count)
    head = growing.sign(clock.now())
    db.session.commit()
    return head


def test_every_entry_gets_one_place_in_the_order_of_numbers(omar: Person) -> None:
    deeds(5)
    assert growing.grow() >= 5
    deeds(3)
    assert growing.grow() == 3
    assert growing.grow() == 0
    db.session.commit()
    leaves = db.session.execute(select(AuditLeaf.position, AuditLeaf.entry_id).order_by(AuditLeaf.position)).all()
    assert [position for position, _ in leaves] == list(range(len(leaves)))
    assert [number for _, number in leaves] == sorted(number for _, number in leaves)


def test_what_was_written_reads_the_same_ever_after(omar: Person, clock: FrozenClock) -> None:
    sealed(3, clock)
    db.session.expire_all()
    entry = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).one()
    leaf = db.session.scalars(select(AuditLeaf).where(AuditLeaf.entry_id == entry.id)).one()
    assert leaf.hash == leaf_hash(written(entry))
    assert growing.check() == []


@pytest.mark.parametrize(
    ("deed", "words"),
    [
        ("UPDATE audit_entries SET person_id = 2 WHERE id = (SELECT MAX(id) - 2 FROM audit_entries)", "was altered"),
        ("UPDATE audit_entries SET detail = '{}' WHERE id = (SELECT MAX(id) - 2 FROM audit_entries)", "was altered"),
        ("DELETE FROM audit_entries WHERE id = (SELECT MAX(id) - 2 FROM audit_entries)", "was taken out"),
        ("DELETE FROM audit_leaves WHERE position > 1", "The log ends after 2 entries"),
        ("UPDATE audit_heads SET note = replace(note, '/audit-log', '/audit-lag')", "no head"),
    ],
)
def test_whoever_changes_the_past_behind_the_triggers_is_named(
    omar: Person, clock: FrozenClock, deed: str, words: str
) -> None:
    sealed(8, clock)
    assert growing.check() == []
    behind_its_back(deed)
    assert any(words in found for found in growing.check())


def test_leaves_and_heads_only_grow(omar: Person, clock: FrozenClock) -> None:
    sealed(2, clock)
    for statement in ("DELETE FROM audit_leaves", "UPDATE audit_heads SET size = 0"):
        with pytest.raises(DBAPIError, match="only grows"):
            db.session.execute(text(statement))
        db.session.rollback()


def test_each_day_one_head_leaves_the_house(
    omar: Person, settings: Settings, clock: FrozenClock, mailer: RecordingMailer
) -> None:
    db.session.get_one(Practice, 1).audit_custodians = "lawyer@example.com"
    for _ in range(3):
        deeds(2)
        jobs.grow(clock.now())
        jobs.sign(clock.now())
        db.session.commit()
        clock.advance(hours=1)
    clock.advance(days=1)
    jobs.sign(clock.now())
    first, second = letters_to(mailer, "lawyer@example.com")
    kept = [read_heads(letter.attachments[0].content.decode(), heads.verifier_keys())[0] for letter in (first, second)]
    assert kept[0].size < kept[1].size
    filed = (settings.var_dir / "tree-heads.txt").read_text()
    assert read_heads(filed, heads.verifier_keys()) == kept
    assert growing.check(kept) == []


def test_a_head_kept_outside_shows_what_all_the_ones_here_hide(omar: Person, clock: FrozenClock) -> None:
    outside = read_heads(sealed(8, clock).note, heads.verifier_keys())
    for table in ("audit_leaves", "audit_heads", "audit_tree"):
        behind_its_back(f"DELETE FROM {table}")
    behind_its_back("DELETE FROM audit_entries WHERE id = (SELECT MAX(id) - 2 FROM audit_entries)")
    sealed(4, clock)
    assert not any("Between" in found for found in growing.check())
    assert any("Between place 1 and place" in found for found in growing.check(outside))


def test_a_broken_log_is_told_to_administrators_and_custodians(
    omar: Person, clock: FrozenClock, mailer: RecordingMailer
) -> None:
    db.session.get_one(Practice, 1).audit_custodians = "lawyer@example.com"
    sealed(4, clock)
    behind_its_back("UPDATE audit_entries SET action = 'x' WHERE id = (SELECT MAX(id) - 1 FROM audit_entries)")
    clock.advance(days=1)
    jobs.sign(clock.now())
    for address in (omar.email, "lawyer@example.com"):
        assert any("was altered" in letter.text for letter in letters_to(mailer, address))


def test_the_commands_write_what_the_verifier_reads(
    app: Flask, omar: Person, clock: FrozenClock, tmp_path: Path
) -> None:
    sealed(4, clock)
    run = app.test_cli_runner().invoke
    assert run(args=["audit", "head"]).exit_code == 0
    assert run(args=["audit", "export", str(tmp_path / "log.txt")]).exit_code == 0
    assert (tmp_path / "log.txt").read_text().count("\n") == db.session.query(AuditLeaf).count()
    assert run(args=["audit", "verify"]).output == "Whole.\n"
    behind_its_back("UPDATE audit_entries SET action = 'x' WHERE id = (SELECT MIN(id) FROM audit_entries)")
    broken = run(args=["audit", "verify"])
    assert (broken.exit_code, "place 1 was altered" in broken.output) == (1, True)
