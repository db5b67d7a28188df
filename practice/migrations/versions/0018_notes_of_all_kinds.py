"""Notes of other kinds and layouts, also without a session; how many days a note may take."""

import sqlalchemy as sa
from alembic import op

revision = "0018_notes_of_all_kinds"
down_revision = "0017_plans"
branch_labels = None
depends_on = None

DAYS = "note_days INTEGER NOT NULL DEFAULT 3 CONSTRAINT ck_practice_note_days_bounds CHECK (note_days BETWEEN 1 AND 60)"
KEPT = (
    "id, chart_id, appointment_id, author_id, kind, layout, status, version, created_at, updated_at, signed_at, "
    "signed_by_id, fingerprint"
)
KNOWN = "CONSTRAINT ck_notes_kind_known CHECK (kind IN ('progress', 'contact', 'other', 'psychotherapy'))"
ITS_SESSION = "CONSTRAINT ck_notes_progress_of_a_session CHECK (kind <> 'progress' OR appointment_id IS NOT NULL)"
DATED = "CONSTRAINT ck_notes_dated CHECK (appointment_id IS NOT NULL OR happened_at IS NOT NULL)"
WAS_KNOWN = "CONSTRAINT ck_notes_kind_known CHECK (kind IN ('progress'))"
WAS_LAID_OUT = "CONSTRAINT ck_notes_layout_known CHECK (layout IN ('soap', 'dap', 'free'))"
TABLE = """
CREATE TABLE notes_now (
  id INTEGER NOT NULL,
  chart_id INTEGER NOT NULL,
  {dates},
  author_id INTEGER NOT NULL,
  kind VARCHAR(20) NOT NULL,
  layout VARCHAR(20) NOT NULL,
  status VARCHAR(20) NOT NULL,
  version INTEGER NOT NULL,
  created_at DATETIME NOT NULL,
  updated_at DATETIME NOT NULL,
  signed_at DATETIME,
  signed_by_id INTEGER,
  fingerprint VARCHAR(64),
  CONSTRAINT pk_notes PRIMARY KEY (id),
  CONSTRAINT uq_notes_appointment_id_kind UNIQUE (appointment_id, kind),
  {rules},
  CONSTRAINT ck_notes_status_known CHECK (status IN ('draft', 'signed')),
  CONSTRAINT ck_notes_version_counts CHECK (version >= 0),
  CONSTRAINT ck_notes_signed_whole CHECK (status <> 'signed' OR (version > 0 AND signed_at IS NOT NULL
    AND signed_by_id IS NOT NULL AND fingerprint IS NOT NULL)),
  CONSTRAINT fk_notes_chart_id FOREIGN KEY (chart_id) REFERENCES charts (id),
  CONSTRAINT fk_notes_appointment_id FOREIGN KEY (appointment_id) REFERENCES appointments (id),
  CONSTRAINT fk_notes_author_id FOREIGN KEY (author_id) REFERENCES people (id),
  CONSTRAINT fk_notes_signed_by_id FOREIGN KEY (signed_by_id) REFERENCES people (id)
)
"""
NOW = TABLE.format(dates="appointment_id INTEGER, happened_at DATETIME", rules=f"{KNOWN}, {ITS_SESSION}, {DATED}")
WAS = TABLE.format(dates="appointment_id INTEGER NOT NULL", rules=f"{WAS_KNOWN}, {WAS_LAID_OUT}")
INDEXES = (
    "CREATE INDEX ix_notes_author_status ON notes (author_id, status)",
    "CREATE INDEX ix_notes_chart ON notes (chart_id)",
)
POSTGRESQL = (
    "ALTER TABLE notes ALTER COLUMN appointment_id DROP NOT NULL",
    "ALTER TABLE notes ADD COLUMN happened_at TIMESTAMP WITH TIME ZONE",
    "ALTER TABLE notes DROP CONSTRAINT ck_notes_layout_known",
    "ALTER TABLE notes DROP CONSTRAINT ck_notes_kind_known",
    *(f"ALTER TABLE notes ADD {rule}" for rule in (KNOWN, ITS_SESSION, DATED)),
)
RULES = ("dated", "progress_of_a_session", "kind_known")
POSTGRESQL_BACK = (
    *(
        f"ALTER TABLE notes DROP CONSTRAINT ck_notes_{name}"
        for name in ("dated", "progress_of_a_session", "kind_known")
    ),
    *(f"ALTER TABLE notes ADD {rule}" for rule in (WAS_KNOWN, WAS_LAID_OUT)),
    "ALTER TABLE notes DROP COLUMN happened_at",
    "ALTER TABLE notes ALTER COLUMN appointment_id SET NOT NULL",
)


def upgrade() -> None:
    op.execute(f"ALTER TABLE practice ADD COLUMN {DAYS}")
    if _is_sqlite():
        _rebuild(NOW)
    else:
        _all(POSTGRESQL)


def downgrade() -> None:
    if _is_sqlite():
        _rebuild(WAS)
    else:
        _all(POSTGRESQL_BACK)
    op.execute("ALTER TABLE practice DROP COLUMN note_days")


def _is_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def _all(statements: tuple[str, ...]) -> None:
    for statement in statements:
        op.execute(statement)


def _rebuild(table: str) -> None:
    """Copy the rows into a table of another shape, and put every guard back that named it.

    The guards of versions and addenda read `notes`, which is not there for a moment.
    """
    guards = op.get_bind().execute(
        sa.text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND sql LIKE '%notes%'")
    )
    kept = [(row.name, row.sql) for row in guards]
    for name, _ in kept:
        op.execute(f"DROP TRIGGER {name}")
    op.execute(table)
    op.execute(f"INSERT INTO notes_now ({KEPT}) SELECT {KEPT} FROM notes")
    op.execute("DROP TABLE notes")
    op.execute("ALTER TABLE notes_now RENAME TO notes")
    _all(INDEXES)
    for _, statement in kept:
        op.execute(sa.text(statement.replace(":", "\\:")))
