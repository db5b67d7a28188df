"""How notes join the app."""

from flask import Flask

from notes import demo, demo_keys, jobs, models, panels, subscribers
from notes.cli import vault_commands
from notes.custody import models as custody
from notes.custody import notices
from notes.lending import wiring as lending
from notes.measures import wiring as measures
from notes.openings import wiring as openings
from notes.own import views as own
from notes.papers import views as papers
from notes.papers.models import OwnPaper, Paper
from notes.plans import wiring as plans
from notes.release import wiring as release
from notes.requests import wiring as requests
from notes.retention import wiring as retention
from notes.safety import wiring as safety
from notes.shelf import demo as shelf_demo
from notes.shelf import models as shelf
from notes.shelf import views as shelf_views
from notes.supervision import wiring as supervision
from notes.views import (
    board,
    finding,
    groups,
    psychotherapy,
    reading,
    recovery,
    sign_out,
    signing,
    succession,
    unlocking,
    versions,
    writing,
)
from notes.views.blueprint import bp
from practice.core import navigation
from practice.models import ADMINISTRATOR, COUNSELOR

TABLES = (
    models.Chart,
    models.ChartKey,
    models.Note,
    models.NoteVersion,
    models.Addendum,
    custody.PersonKey,
    custody.OpenVault,
    custody.KeyUse,
    custody.RecoveryKey,
    custody.RingEpoch,
    custody.RingKey,
    custody.Access,
    Paper,
    OwnPaper,
    shelf.OwnLayout,
    shelf.Snippet,
)
PAGES = (
    board,
    finding,
    groups,
    own,
    papers,
    psychotherapy,
    reading,
    recovery,
    sign_out,
    shelf_views,
    signing,
    succession,
    unlocking,
    versions,
    writing,
)
SEEDS = (demo, demo_keys, shelf_demo)
JOBS = (jobs.doubt_keys, jobs.end_accesses, jobs.shut_vaults)


def wire(app: Flask) -> None:
    """Register pages, panels, menu entries and commands."""
    app.register_blueprint(bp)
    app.cli.add_command(vault_commands)
    panels.fill()
    notices.register()
    plans.wire()
    supervision.wire()
    lending.wire()
    openings.wire()
    subscribers.subscribe()
    unlocking.add_to(app)
    measures.wire()
    release.wire()
    safety.wire()
    requests.wire()
    retention.wire()
    navigation.add(
        "Recovery key", "notes.recovery_key", "key", roles={ADMINISTRATOR}, order=91, group=navigation.Group.PRACTICE
    )
    navigation.add("Notes", "notes.index", "note", roles={COUNSELOR}, order=30, group=navigation.Group.CARE)
