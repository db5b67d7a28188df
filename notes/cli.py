"""Commands for whoever looks after the installation; none of them can open a note."""

import click
from flask.cli import AppGroup
from sqlalchemy import func, select

from notes.custody import moving, rotation
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
    """Say whether anything is still under STILLPOINT_VAULT_KEY, and who has no keys yet."""
    _say_what_waits(moving.waiting())
    keyless = db.session.scalar(
        select(func.count()).where(Person.confirmed_at.is_not(None), Person.id.not_in(select(PersonKey.person_id)))
    )
    if keyless:
        click.echo(f"{_many(keyless, 'person', 'people')} will get keys when they next give their password.")


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
