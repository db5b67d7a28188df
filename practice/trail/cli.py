"""`flask audit …`: a key, the log and its heads on paper, and the check."""

from __future__ import annotations

import sys
from pathlib import Path

import click
from flask.cli import AppGroup

from practice.core.db import db
from practice.core.ports import ports
from practice.core.sealing import new_key
from practice.trail import growing, heads, letters
from practice.trail.verifier import HeadNotTrueError, read_heads

audit_commands = AppGroup("audit", help="The audit log and its seal.")


@audit_commands.command("key")
@click.option("--number", default=1, show_default=True, help="One more than the newest there is.")
def key(number: int) -> None:
    """Make a key to sign heads with; put it first in STILLPOINT_AUDIT_KEYS."""
    click.echo(new_key(number))


@audit_commands.command("verifier-keys")
def verifier_keys() -> None:
    """Print the public keys that custodians need."""
    click.echo("\n".join(heads.verifier_keys()))


@audit_commands.command("head")
def head() -> None:
    """Sign a head over everything so far and send it out, whatever the day."""
    made = growing.sign(ports().clock.now())
    letters.send_out(made, ports().clock.now())
    db.session.commit()
    click.echo(made.note)


@audit_commands.command("export")
@click.argument("log", type=click.Path(path_type=Path, dir_okay=False))
def export(log: Path) -> None:
    """Write the log as the verifier reads it."""
    with log.open("w", encoding="utf-8") as out:
        out.writelines(growing.exported())


@audit_commands.command("verify")
@click.option("--heads", "outside", type=click.Path(exists=True, path_type=Path), help="Heads that were sent out.")
def verify(outside: Path | None) -> None:
    """Check the log against the heads kept here and, better, those kept elsewhere."""
    try:
        known = read_heads(outside.read_text("utf-8"), heads.verifier_keys()) if outside else []
    except HeadNotTrueError as error:
        raise click.ClickException(str(error)) from error
    found = growing.check(known)
    db.session.commit()
    click.echo("\n".join(found) or "Whole.")
    sys.exit(1 if found else 0)
