"""Charts, wrapped keys, and notes that stay as they were signed."""

import sqlalchemy as sa
from alembic import op

revision = "0004_notes"
down_revision = "0003_video"
branch_labels = None
depends_on = None

_SIGNED = "(SELECT status FROM notes WHERE id = {row}.note_id) = 'signed'"


def _refuse(name: str, deed: str, table: str, words: str, when: str = "") -> str:
    condition = f" WHEN {when}" if when else ""
    return f"CREATE TRIGGER {name} BEFORE {deed} ON {table}{condition} BEGIN SELECT RAISE(ABORT, '{words}'); END"


SQLITE = (
    _refuse("notes_signed_stay", "UPDATE", "notes", "a signed note stays as it is", "OLD.status = 'signed'"),
    _refuse("notes_signed_keep", "DELETE", "notes", "a signed note is kept", "OLD.status = 'signed'"),
    _refuse("note_versions_stay", "UPDATE", "note_versions", "a version of a note never changes"),
    _refuse("note_versions_keep", "DELETE", "note_versions", "a signed note is kept", _SIGNED.format(row="OLD")),
    _refuse("note_versions_end", "INSERT", "note_versions", "a signed note is closed", _SIGNED.format(row="NEW")),
    _refuse("addenda_stay", "UPDATE", "addenda", "an addendum stays as it is"),
    _refuse("addenda_keep", "DELETE", "addenda", "an addendum is kept"),
    _refuse(
        "addenda_after", "INSERT", "addenda", "only a signed note is amended", f"NOT ({_SIGNED.format(row='NEW')})"
    ),
)
POSTGRESQL = (
    """
    CREATE FUNCTION notes_keep() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF OLD.status = 'signed' THEN RAISE EXCEPTION 'a signed note stays as it is'; END IF;
      IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
      RETURN NEW;
    END $$
    """,
    "CREATE TRIGGER notes_keep BEFORE UPDATE OR DELETE ON notes FOR EACH ROW EXECUTE FUNCTION notes_keep()",
    """
    CREATE FUNCTION note_versions_keep() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF TG_OP = 'UPDATE' THEN RAISE EXCEPTION 'a version of a note never changes'; END IF;
      IF TG_OP = 'INSERT' THEN
        IF (SELECT status FROM notes WHERE id = NEW.note_id) = 'signed' THEN
          RAISE EXCEPTION 'a signed note is closed';
        END IF;
        RETURN NEW;
      END IF;
      IF (SELECT status FROM notes WHERE id = OLD.note_id) = 'signed' THEN
        RAISE EXCEPTION 'a signed note is kept';
      END IF;
      RETURN OLD;
    END $$
    """,
    (
        "CREATE TRIGGER note_versions_keep BEFORE INSERT OR UPDATE OR DELETE ON note_versions "
        "FOR EACH ROW EXECUTE FUNCTION note_versions_keep()"
    ),
    """
    CREATE FUNCTION addenda_keep() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF TG_OP <> 'INSERT' THEN RAISE EXCEPTION 'an addendum stays as it is'; END IF;
      IF (SELECT status FROM notes WHERE id = NEW.note_id) <> 'signed' THEN
        RAISE EXCEPTION 'only a signed note is amended';
      END IF;
      RETURN NEW;
    END $$
    """,
    (
        "CREATE TRIGGER addenda_keep BEFORE INSERT OR UPDATE OR DELETE ON addenda "
        "FOR EACH ROW EXECUTE FUNCTION addenda_keep()"
    ),
    """
    CREATE FUNCTION clinical_rows_keep() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION '% is never emptied', TG_TABLE_NAME; END $$
    """,
    *(
        f"CREATE TRIGGER {table}_never_emptied BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION clinical_rows_keep()"
        for table in ("notes", "note_versions", "addenda")
    ),
)
FUNCTIONS = ("addenda_keep", "note_versions_keep", "notes_keep", "clinical_rows_keep")


def _key(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}"))


def _check(table: str, name: str, rule: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(rule, name=op.f(f"ck_{table}_{name}"))


def upgrade() -> None:
    _charts()
    _notes()
    _versions()
    _addenda()
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(statement)


def _charts() -> None:
    op.create_table(
        "charts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("counselor_id", sa.Integer(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        _check("charts", "epoch_counts", "epoch > 0"),
        _key("charts", "client_id", "people"),
        _key("charts", "counselor_id", "people"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_charts")),
        sa.UniqueConstraint("client_id", "counselor_id", name=op.f("uq_charts_client_id_counselor_id")),
    )
    op.create_index("ix_charts_counselor", "charts", ["counselor_id"])
    op.create_table(
        "chart_keys",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("chart_id", sa.Integer(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("recipient", sa.String(length=60), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.Column("wrapped_at", sa.DateTime(timezone=True), nullable=False),
        _key("chart_keys", "chart_id", "charts"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chart_keys")),
        sa.UniqueConstraint("chart_id", "epoch", "recipient", name=op.f("uq_chart_keys_chart_id_epoch_recipient")),
    )
    op.create_index("ix_chart_keys_recipient", "chart_keys", ["recipient"])


def _notes() -> None:
    op.create_table(
        "notes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("chart_id", sa.Integer(), nullable=False),
        sa.Column("appointment_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("layout", sa.String(length=20), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("signed_by_id", sa.Integer(), nullable=True),
        sa.Column("fingerprint", sa.String(length=64), nullable=True),
        _check("notes", "kind_known", "kind IN ('progress')"),
        _check("notes", "layout_known", "layout IN ('soap', 'dap', 'free')"),
        _check("notes", "status_known", "status IN ('draft', 'signed')"),
        _check("notes", "version_counts", "version >= 0"),
        _check(
            "notes",
            "signed_whole",
            "status <> 'signed' OR (version > 0 AND signed_at IS NOT NULL"
            " AND signed_by_id IS NOT NULL AND fingerprint IS NOT NULL)",
        ),
        _key("notes", "chart_id", "charts"),
        _key("notes", "appointment_id", "appointments"),
        _key("notes", "author_id", "people"),
        _key("notes", "signed_by_id", "people"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notes")),
        sa.UniqueConstraint("appointment_id", "kind", name=op.f("uq_notes_appointment_id_kind")),
    )
    op.create_index("ix_notes_author_status", "notes", ["author_id", "status"])
    op.create_index("ix_notes_chart", "notes", ["chart_id"])


def _versions() -> None:
    op.create_table(
        "note_versions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("note_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("base_version", sa.Integer(), nullable=False),
        sa.Column("tab", sa.String(length=40), nullable=False),
        sa.Column("changes", sa.Integer(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        _check("note_versions", "version_grows", "version > 0 AND base_version >= 0 AND base_version < version"),
        _key("note_versions", "note_id", "notes"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_note_versions")),
        sa.UniqueConstraint("note_id", "version", name=op.f("uq_note_versions_note_id_version")),
    )


def _addenda() -> None:
    op.create_table(
        "addenda",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("note_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        _check("addenda", "number_counts", "number > 0"),
        _key("addenda", "author_id", "people"),
        _key("addenda", "note_id", "notes"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_addenda")),
        sa.UniqueConstraint("note_id", "number", name=op.f("uq_addenda_note_id_number")),
    )


def downgrade() -> None:
    for table in ("addenda", "note_versions", "notes", "chart_keys", "charts"):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        for name in FUNCTIONS:
            op.execute(f"DROP FUNCTION {name}()")
