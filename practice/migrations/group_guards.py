"""The database's own rules about shared sessions, for SQLite and for PostgreSQL.

A shared session takes its counselor's time as an appointment of two does: neither may lie over the other, whichever is
written first. A seat lies exactly where its session lies and never makes it overfull; a session that moves takes its
seats along, and cannot be called off over their heads. On PostgreSQL whoever compares the two tables holds the
counselor's row, so that two writers never look past each other.
"""

from typing import Any

LIVE = "('held', 'confirmed', 'completed', 'no_show')"
STANDING = "('held', 'scheduled')"
COUNSELOR = "ex_appointments_counselor_overlap"
SHARED = "ex_group_sessions_counselor_overlap"
FULL, ADRIFT, SEATED = "ck_group_sessions_full", "ck_appointments_seat_in_place", "ck_group_sessions_seated"
WATCHED = "counselor_id, client_id, starts_at, ends_at, blocked_from, blocked_until, status"
TIMES = ("starts_at", "ends_at", "blocked_from", "blocked_until")
_TRIGGERS = ("appointments_alone", "appointments_seat", "group_sessions_apart", "group_sessions_seats")


def lay_down(op: Any) -> None:
    """Make the guards, and let the old one leave seats out."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"ALTER TABLE appointments DROP CONSTRAINT {COUNSELOR}")
        op.execute(_exclusion("appointments", COUNSELOR, f"status IN {LIVE} AND group_session_id IS NULL"))
        op.execute(_exclusion("group_sessions", SHARED, f"status IN {STANDING}"))
        for statement in _POSTGRESQL:
            op.execute(statement)
        return
    _drop_sqlite(op, COUNSELOR)
    for statement in _sqlite():
        op.execute(statement)


def take_up(op: Any) -> None:
    """Remove the guards, and let the old one be as it was."""
    if op.get_bind().dialect.name == "postgresql":
        for table, name in (("appointments", "appointments_beside"), ("group_sessions", "group_sessions_beside")):
            op.execute(f"DROP TRIGGER {name} ON {table}")
            op.execute(f"DROP FUNCTION {name}()")
        op.execute("DROP TRIGGER group_sessions_seats ON group_sessions")
        op.execute("DROP FUNCTION group_sessions_seats()")
        op.execute(f"ALTER TABLE appointments DROP CONSTRAINT {COUNSELOR}")
        op.execute(_exclusion("appointments", COUNSELOR, f"status IN {LIVE}"))
        return
    for name in (COUNSELOR, SHARED, *_TRIGGERS):
        _drop_sqlite(op, name)
    for statement in _no_overlap(COUNSELOR, "appointments", f"status IN {LIVE}", WATCHED):
        op.execute(statement)


def _exclusion(table: str, name: str, live: str) -> str:
    return (
        f"ALTER TABLE {table} ADD CONSTRAINT {name} EXCLUDE USING gist "
        f"(counselor_id WITH =, tstzrange(blocked_from, blocked_until) WITH &&) WHERE ({live})"
    )


_OVERLAPS = "other.blocked_until > NEW.blocked_from AND other.blocked_from < NEW.blocked_until"
_SESSION_OVER = (
    f"SELECT 1 FROM group_sessions AS other WHERE other.counselor_id = NEW.counselor_id "
    f"AND {_OVERLAPS} AND other.status IN {STANDING}"
)
_APPOINTMENT_OVER = (
    f"SELECT 1 FROM appointments AS other WHERE other.counselor_id = NEW.counselor_id "
    f"AND {_OVERLAPS} AND other.status IN {LIVE} AND other.group_session_id IS NULL"
)
_SEATS_OF_NEW = f"FROM appointments AS seat WHERE seat.group_session_id = NEW.id AND seat.status IN {LIVE}"
_IN_PLACE = " AND ".join(f"session.{name} = NEW.{name}" for name in ("counselor_id", *TIMES))
_MOVED = " OR ".join(f"OLD.{name} <> NEW.{name}" for name in TIMES)
_FOLLOW = (
    f"UPDATE appointments SET {', '.join(f'{name} = NEW.{name}' for name in TIMES)} "
    f"WHERE group_session_id = NEW.id AND status IN {LIVE};"
)
_RAISE = "RAISE EXCEPTION '{0}' USING ERRCODE = '{1}', CONSTRAINT = '{0}'"
_POSTGRESQL = (
    f"""
    CREATE FUNCTION appointments_beside() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE places integer;
    BEGIN
      IF NEW.group_session_id IS NULL THEN
        PERFORM 1 FROM people WHERE id = NEW.counselor_id FOR NO KEY UPDATE;
        IF EXISTS ({_SESSION_OVER}) THEN {_RAISE.format(COUNSELOR, "23P01")}; END IF;
        RETURN NEW;
      END IF;
      SELECT session.capacity INTO places FROM group_sessions AS session
        WHERE session.id = NEW.group_session_id AND session.status IN {STANDING} AND {_IN_PLACE} FOR NO KEY UPDATE;
      IF places IS NULL THEN {_RAISE.format(ADRIFT, "23514")}; END IF;
      IF places <= (SELECT count(*) FROM appointments AS seat WHERE seat.group_session_id = NEW.group_session_id
        AND seat.status IN {LIVE} AND seat.id <> NEW.id) THEN {_RAISE.format(FULL, "23514")}; END IF;
      RETURN NEW;
    END $$
    """,
    f"""
    CREATE TRIGGER appointments_beside BEFORE INSERT OR UPDATE OF {WATCHED}, group_session_id ON appointments
    FOR EACH ROW WHEN (NEW.status IN {LIVE}) EXECUTE FUNCTION appointments_beside()
    """,
    f"""
    CREATE FUNCTION group_sessions_beside() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      PERFORM 1 FROM people WHERE id = NEW.counselor_id FOR NO KEY UPDATE;
      IF NEW.status IN {STANDING} AND EXISTS ({_APPOINTMENT_OVER}) THEN {_RAISE.format(SHARED, "23P01")}; END IF;
      IF NEW.status NOT IN {STANDING} AND EXISTS (SELECT 1 {_SEATS_OF_NEW}) THEN
        {_RAISE.format(SEATED, "23514")}; END IF;
      IF NEW.capacity < (SELECT count(*) {_SEATS_OF_NEW}) THEN {_RAISE.format(FULL, "23514")}; END IF;
      RETURN NEW;
    END $$
    """,
    """
    CREATE TRIGGER group_sessions_beside BEFORE INSERT OR UPDATE ON group_sessions
    FOR EACH ROW EXECUTE FUNCTION group_sessions_beside()
    """,
    f"""
    CREATE FUNCTION group_sessions_seats() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN {_FOLLOW} RETURN NULL; END $$
    """,
    f"""
    CREATE TRIGGER group_sessions_seats AFTER UPDATE ON group_sessions
    FOR EACH ROW WHEN ({_MOVED}) EXECUTE FUNCTION group_sessions_seats()
    """,
)


def _sqlite() -> list[str]:
    alone = f"NEW.status IN {LIVE} AND NEW.group_session_id IS NULL"
    seat = f"NEW.status IN {LIVE} AND NEW.group_session_id IS NOT NULL"
    watched = f"{WATCHED}, group_session_id"
    there = f"FROM group_sessions AS session WHERE session.id = NEW.group_session_id AND session.status IN {STANDING}"
    others = (
        f"SELECT count(*) FROM appointments AS seat WHERE seat.group_session_id = NEW.group_session_id "
        f"AND seat.status IN {LIVE} AND seat.id IS NOT NEW.id"
    )
    return [
        *_no_overlap(COUNSELOR, "appointments", f"status IN {LIVE} AND {{0}}.group_session_id IS NULL", watched),
        *_no_overlap(SHARED, "group_sessions", f"status IN {STANDING}", None),
        *_before("appointments_alone", "appointments", watched, alone, [(COUNSELOR, f"EXISTS ({_SESSION_OVER})")]),
        *_before(
            "appointments_seat",
            "appointments",
            watched,
            seat,
            [
                (ADRIFT, f"NOT EXISTS (SELECT 1 {there} AND {_IN_PLACE})"),
                (FULL, f"(SELECT session.capacity {there}) <= ({others})"),
            ],
        ),
        *_before(
            "group_sessions_apart",
            "group_sessions",
            None,
            "1",
            [
                (SHARED, f"NEW.status IN {STANDING} AND EXISTS ({_APPOINTMENT_OVER})"),
                (SEATED, f"NEW.status NOT IN {STANDING} AND EXISTS (SELECT 1 {_SEATS_OF_NEW})"),
                (FULL, f"NEW.capacity < (SELECT count(*) {_SEATS_OF_NEW})"),
            ],
        ),
        f"CREATE TRIGGER group_sessions_seats_update AFTER UPDATE ON group_sessions WHEN {_MOVED} BEGIN {_FOLLOW} END",
    ]


def _no_overlap(name: str, table: str, live: str, watched: str | None) -> list[str]:
    """Refuse two rows of one table over each other; `live` is a condition, {0} standing for the row."""
    new, other = (f"{row}.{live.format(row)}" for row in ("NEW", "other"))
    over = (
        f"EXISTS (SELECT 1 FROM {table} AS other WHERE other.counselor_id = NEW.counselor_id AND {_OVERLAPS} "
        f"AND {other} AND other.id IS NOT NEW.id)"
    )
    return _before(name, table, watched, new, [(name, over)])


def _before(name: str, table: str, watched: str | None, when: str, refusals: list[tuple[str, str]]) -> list[str]:
    update = f"UPDATE OF {watched}" if watched else "UPDATE"
    body = " ".join(f"SELECT RAISE(ABORT, '{words}') WHERE {condition};" for words, condition in refusals)
    return [
        f"CREATE TRIGGER {name}_{moment} BEFORE {deed} ON {table} WHEN {when} BEGIN {body} END"
        for moment, deed in (("insert", "INSERT"), ("update", update))
    ]


def _drop_sqlite(op: Any, name: str) -> None:
    for moment in ("insert", "update"):
        op.execute(f"DROP TRIGGER IF EXISTS {name}_{moment}")
