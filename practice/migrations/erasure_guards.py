"""The guards of the record let go of rows of a lawfully erased chart, once its keys are gone; of no others.

A chart under legal hold keeps its keys, whatever a program may try.
"""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Guard:
    """One table whose rows are kept: the condition on OLD and the words of its guard, and where its chart is named."""

    table: str
    words: str
    on_sqlite: str = ""
    """The guard's name there."""
    old: str = ""
    deeds: str = "UPDATE"
    """What else the guard of PostgreSQL refuses, besides deletion."""
    function: str = ""
    chart: str = "OLD.chart_id"


_SIGNED = "(SELECT status FROM notes WHERE id = OLD.note_id) = 'signed'"
_OF_NOTE = "(SELECT chart_id FROM notes WHERE id = OLD.note_id)"
_OF_SAFETY = "(SELECT chart_id FROM safety_plans WHERE id = OLD.plan_id)"
_GIVEN = "what was given, settled or written stays as it was"
GUARDS = (
    Guard("notes", "a signed note is kept", "notes_signed_keep", "OLD.status = 'signed'"),
    Guard("note_versions", "a signed note is kept", "", _SIGNED, "INSERT OR UPDATE", "", _OF_NOTE),
    Guard("addenda", "an addendum is kept", deeds="INSERT OR UPDATE", chart=_OF_NOTE),
    Guard("plan_versions", "a state of a plan stays as it was"),
    Guard("measure_askings", _GIVEN, old="OLD.state = 'given'", function="given_stays"),
    Guard("measure_alerts", _GIVEN, old="OLD.settled_at IS NOT NULL", function="given_stays"),
    Guard("safety_versions", _GIVEN, function="given_stays", chart=_OF_SAFETY),
    Guard("note_reviews", "what was decided about a note stays", chart=_OF_NOTE),
    Guard("review_comments", "what was said about a note stays", chart=_OF_NOTE),
)
_ERASED = (
    "EXISTS (SELECT 1 FROM charts WHERE charts.id = {chart} AND charts.erased_at IS NOT NULL) "
    "AND NOT EXISTS (SELECT 1 FROM ring_epochs WHERE ring_epochs.chart_id = {chart}) "
    "AND NOT EXISTS (SELECT 1 FROM chart_keys WHERE chart_keys.chart_id = {chart})"
)
_HELD = "EXISTS (SELECT 1 FROM legal_holds WHERE legal_holds.chart_id = {chart} AND legal_holds.released_at IS NULL)"
_KEPT = "a legal hold keeps this record"
_OWNERS = {"note": "notes", "safety_plan": "safety_plans", "request": "record_requests"}
_OF_REQUEST = "(SELECT chart_id FROM record_requests WHERE id = OLD.request_id)"
STAYING = {"erasures": "what was erased stays on record", "request_sayings": "what was said stays as it was said"}


def lay_down(op: Any) -> None:
    """Make the guards."""
    for statement in _postgresql() if _is_postgresql(op) else _sqlite():
        op.execute(statement)


def take_up(op: Any) -> None:
    """Let every guard be as it was."""
    for statement in _postgresql_back() if _is_postgresql(op) else _sqlite_back():
        op.execute(statement)


def _is_postgresql(op: Any) -> bool:
    return bool(op.get_bind().dialect.name == "postgresql")


def _sqlite() -> list[str]:
    found = []
    for guard in GUARDS:
        erased = f"NOT ({_ERASED.format(chart=guard.chart)})"
        when = f"{guard.old} AND {erased}" if guard.old else erased
        found += [f"DROP TRIGGER {_name(guard)}", _abort(_name(guard), "DELETE", guard.table, when, guard.words)]
    said = STAYING["request_sayings"]
    return [
        *found,
        _abort("ring_epochs_held", "DELETE", "ring_epochs", _HELD.format(chart="OLD.chart_id"), _KEPT),
        _abort("charts_held", "UPDATE OF erased_at", "charts", _HELD.format(chart="OLD.id"), _KEPT),
        *(_abort(f"{table}_stay", "UPDATE", table, "", words) for table, words in STAYING.items()),
        _abort("erasures_keep", "DELETE", "erasures", "", STAYING["erasures"]),
        _abort("request_sayings_keep", "DELETE", "request_sayings", f"NOT ({_ERASED.format(chart=_OF_REQUEST)})", said),
    ]


def _sqlite_back() -> list[str]:
    found = ["DROP TRIGGER ring_epochs_held", "DROP TRIGGER charts_held"]
    for guard in GUARDS:
        found += [f"DROP TRIGGER {_name(guard)}", _abort(_name(guard), "DELETE", guard.table, guard.old, guard.words)]
    return found


def _name(guard: Guard) -> str:
    return guard.on_sqlite or f"{guard.table}_keep"


def _abort(name: str, deed: str, table: str, when: str, words: str) -> str:
    condition = f" WHEN {when}" if when else ""
    return f"CREATE TRIGGER {name} BEFORE {deed} ON {table}{condition} BEGIN SELECT RAISE(ABORT, '{words}'); END"


def _postgresql() -> list[str]:
    return [*_functions(), *_loosened(), *_held(), *_staying()]


def _functions() -> list[str]:
    """Name charts by functions: a trigger's condition may not ask other tables itself."""
    return [
        *(
            f"CREATE FUNCTION chart_of_{name}(row_id integer) RETURNS integer LANGUAGE sql AS "
            f"$$ SELECT chart_id FROM {table} WHERE id = row_id $$"
            for name, table in _OWNERS.items()
        ),
        (
            "CREATE FUNCTION chart_is_erased(chart integer) RETURNS boolean LANGUAGE sql AS "
            f"$$ SELECT {_ERASED.format(chart='chart')} $$"
        ),
    ]


def _loosened() -> list[str]:
    found = []
    for guard in GUARDS:
        table, run = guard.table, f"EXECUTE FUNCTION {guard.function or f'{guard.table}_keep'}()"
        old = f"{guard.old} AND " if _is_conditioned(guard) else ""
        found += [
            f"DROP TRIGGER {table}_keep ON {table}",
            f"CREATE TRIGGER {table}_keep BEFORE {guard.deeds} ON {table} FOR EACH ROW {_when(guard)}{run}",
            (
                f"CREATE TRIGGER {table}_end BEFORE DELETE ON {table} FOR EACH ROW "
                f"WHEN ({old}NOT chart_is_erased({_chart(guard)})) {run}"
            ),
        ]
    return found


def _held() -> list[str]:
    return [
        statement
        for table, deed, row, answer in (
            ("ring_epochs", "DELETE", "OLD.chart_id", "OLD"),
            ("charts", "UPDATE OF erased_at", "OLD.id", "NEW"),
        )
        for statement in (
            (
                f"CREATE FUNCTION {table}_held() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
                f"IF {_HELD.format(chart=row)} THEN RAISE EXCEPTION '{_KEPT}'; END IF; RETURN {answer}; END $$"
            ),
            f"CREATE TRIGGER {table}_held BEFORE {deed} ON {table} FOR EACH ROW EXECUTE FUNCTION {table}_held()",
        )
    ]


def _staying() -> list[str]:
    found = []
    for table, words in STAYING.items():
        run = f"EXECUTE FUNCTION {table}_keep()"
        unless = "WHEN (NOT chart_is_erased(chart_of_request(OLD.request_id))) " if table == "request_sayings" else ""
        found += [
            (
                f"CREATE FUNCTION {table}_keep() RETURNS trigger LANGUAGE plpgsql AS $$ "
                f"BEGIN RAISE EXCEPTION '{words}'; END $$"
            ),
            f"CREATE TRIGGER {table}_keep BEFORE UPDATE ON {table} FOR EACH ROW {run}",
            f"CREATE TRIGGER {table}_end BEFORE DELETE ON {table} FOR EACH ROW {unless}{run}",
            f"CREATE TRIGGER {table}_never_emptied BEFORE TRUNCATE ON {table} FOR EACH STATEMENT {run}",
        ]
    return found


def _postgresql_back() -> list[str]:
    found = []
    for guard in GUARDS:
        table, run = guard.table, f"EXECUTE FUNCTION {guard.function or f'{guard.table}_keep'}()"
        found += [
            f"DROP TRIGGER {table}_end ON {table}",
            f"DROP TRIGGER {table}_keep ON {table}",
            f"CREATE TRIGGER {table}_keep BEFORE {guard.deeds} OR DELETE ON {table} FOR EACH ROW {_when(guard)}{run}",
        ]
    for table in ("ring_epochs", "charts"):
        found += [f"DROP TRIGGER {table}_held ON {table}", f"DROP FUNCTION {table}_held()"]
    return [
        *found,
        "DROP TRIGGER request_sayings_end ON request_sayings",
        "DROP FUNCTION chart_is_erased(integer)",
        *(f"DROP FUNCTION chart_of_{name}(integer)" for name in _OWNERS),
    ]


def _is_conditioned(guard: Guard) -> bool:
    """Tell whether the trigger itself looks at the row; the other guards do so in their functions."""
    return guard.table in {"measure_askings", "measure_alerts"}


def _when(guard: Guard) -> str:
    return f"WHEN ({guard.old}) " if _is_conditioned(guard) else ""


def _chart(guard: Guard) -> str:
    calls = {_OF_NOTE: "chart_of_note(OLD.note_id)", _OF_SAFETY: "chart_of_safety_plan(OLD.plan_id)"}
    return calls.get(guard.chart, guard.chart)
