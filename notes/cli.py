"""Commands for whoever keeps the keys: make one, wrap chart keys anew, try every seal."""

import click
from flask.cli import AppGroup

from notes import keys, opening
from notes.models import Note
from notes.vault import VaultKeyMissingError, VaultSealBrokenError
from practice.core import audit
from practice.core.db import db
from practice.core.ports import ports
from practice.core.sealing import new_key

vault_commands = AppGroup("vault", help="Keys of clinical notes.")
_BATCH = 200


@vault_commands.command("key")
@click.option("--number", type=click.IntRange(1, 255), default=1, help="One more than the newest in use.")
def key(number: int) -> None:
    """Print a fresh master key for STILLPOINT_VAULT_KEY."""
    click.echo(new_key(number))


@vault_commands.command("rotate")
def rotate() -> None:
    """Wrap every chart key under the first key of STILLPOINT_VAULT_KEY; may be stopped and run again."""
    try:
        newest, count = keys.vault().recipient, _rotate()
    except (VaultKeyMissingError, VaultSealBrokenError) as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{_many(count, 'chart key')} wrapped for {newest}. Keep the old key until your backups have aged out.")


@vault_commands.command("check")
def check() -> None:
    """Open the latest words of every note and its addenda, and name those that do not open."""
    broken = [note_id for note_id, reason in _tried() if reason]
    for note_id in broken:
        click.echo(f"note {note_id} does not open", err=True)
    if broken:
        raise click.ClickException(f"{_many(len(broken), 'note')} refused to open.")
    click.echo("Every note opens.")


def _many(count: int, thing: str) -> str:
    return f"{count} {thing}" if count == 1 else f"{count} {thing}s"


def _rotate() -> int:
    count = 0
    for batch in keys.stale():
        count += keys.rewrap(batch, now=ports().clock.now())
        db.session.commit()
    if count:
        audit.record("vault.rotated", detail={"chart_keys": count})
        db.session.commit()
    return count


def _tried() -> list[tuple[int, str]]:
    found: list[tuple[int, str]] = []
    last = 0
    while notes := list(db.session.scalars(db.select(Note).where(Note.id > last).order_by(Note.id).limit(_BATCH))):
        found += [(note.id, _reason(note)) for note in notes]
        last = notes[-1].id
        db.session.expunge_all()
    return found


def _reason(note: Note) -> str:
    try:
        opening.words_of(note)
        for addendum in note.addenda:
            opening.text_of(addendum)
    except (VaultKeyMissingError, VaultSealBrokenError) as error:
        return str(error)
    return ""
