"""Commands for whoever looks after the installation; none of them shows a note."""

from typing import TextIO

import click
from flask.cli import AppGroup
from sqlalchemy import func, select
from sqlalchemy.exc import DatabaseError

from notes.custody import drill, moving, rings, rotation, sheets, vouching
from notes.custody.models import PersonKey
from notes.models import Chart
from notes.vault import VaultKeyMissingError, VaultNotMadeError, VaultSealBrokenError
from practice.core import audit
from practice.core.db import db
from practice.core.ports import ports
from practice.models import Person

vault_commands = AppGroup("vault", help="Keys of clinical notes.")


@vault_commands.command("move")
def move() -> None:
    """Move charts from STILLPOINT_VAULT_KEY to the keys of their counselors; may be stopped and run again."""
    count, left = 0, []
    for chart in moving.waiting():
        try:
            moving.move(chart, now=ports().clock.now())
        except VaultNotMadeError:
            left.append(chart)
            continue
        except (VaultKeyMissingError, VaultSealBrokenError) as error:
            raise click.ClickException(str(error)) from error
        count += 1
        db.session.commit()
    click.echo(f"{_many(count, 'chart')} moved.")
    _say_what_waits(left)


@vault_commands.command("rotate")
def rotate() -> None:
    """Give every chart new keys: words from now on are sealed under them, earlier ones under their own."""
    now, count = ports().clock.now(), 0
    try:
        for batch in rotation.rotate(before=now, now=now):
            count += batch
            db.session.commit()
    except VaultNotMadeError as error:
        raise click.ClickException(str(error)) from error
    audit.record("vault.rotated", detail={"charts": count})
    db.session.commit()
    click.echo(f"{_many(count, 'chart')} got new keys.")


@vault_commands.command("check")
def check() -> None:
    """Say whether anything is still under STILLPOINT_VAULT_KEY, who has no keys yet, and whose were exchanged."""
    _say_what_waits(moving.waiting())
    keyless = db.session.scalar(
        select(func.count()).where(Person.confirmed_at.is_not(None), Person.id.not_in(select(PersonKey.person_id)))
    )
    if keyless:
        click.echo(f"{_many(keyless, 'person', 'people')} will get keys when they next give their password.")
    names = [key.person.name for key in vouching.exchanged()]
    if (key := rings.recovery_key()) and not vouching.of_practice(key):
        names.append("the practice's recovery")
    if names:
        raise click.ClickException(f"Not the keys in the audit log, so nothing is sealed for them: {', '.join(names)}.")
    click.echo("Every public key is the one in the audit log.")


@vault_commands.command("drill")
@click.argument("copy")
@click.option("--sheets", "typed", type=click.File(), default="-", help="A file with the sheets; else type them.")
def try_recovery(copy: str, typed: TextIO) -> None:
    """Try the recovery sheets on COPY, a copy of the database: an SQLite file or a PostgreSQL address.

    Do it on a machine without a network. COPY is only read, and what opens stays in memory.
    """
    if typed.isatty():
        click.echo("Type the lines of one sheet, or of two of three. Close with Ctrl-D on an empty line.")
    try:
        outcome = drill.run(copy, sheets.private_half(typed.read()))
    except (sheets.SheetError, drill.WrongSheetsError) as error:
        raise click.ClickException(str(error)) from error
    except DatabaseError as error:
        raise click.ClickException("This is no copy of the database, or not of this release.") from error
    click.echo(f"{outcome.keys_opened:,} of {outcome.keys:,} keys open, of {_many(outcome.charts, 'chart')}.")
    click.echo(f"{outcome.notes_opened:,} of {outcome.notes:,} notes open with them.")
    if outcome.private_notes:
        click.echo(f"{_many(outcome.private_notes, 'psychotherapy note')} open for their authors alone.")
    click.echo(f"It took {outcome.seconds:.1f} s. Nothing was changed.")
    if not outcome.whole:
        raise click.ClickException("Not everything opens. Counselors' keys join the sheets at their next sign-in.")


def _say_what_waits(charts: list[Chart]) -> None:
    if not charts:
        click.echo("Nothing is under STILLPOINT_VAULT_KEY. Unset it and destroy every copy of it.")
        return
    names = sorted({chart.counselor.name for chart in charts})
    click.echo(
        f"{_many(len(charts), 'chart')} still under STILLPOINT_VAULT_KEY, until these sign in: {', '.join(names)}."
    )


def _many(count: int, thing: str, things: str = "") -> str:
    return f"{count} {thing}" if count == 1 else f"{count} {things or thing + 's'}"
