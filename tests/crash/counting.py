"""Counting what is there after a death, without any of the code that was struck."""

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Engine, text
from sqlmodel import Session

from services.seal import record_lines, verify

STILL = ("alembic_version", "calendar_day", "rule_set")
TABLES = "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'"


def snapshot(engine: Engine) -> dict[str, list[str]]:
    """Every table with its rows as text, in order; keys that the database gives are left out or told by number."""
    with engine.connect() as connection:
        tables = [name for (name,) in connection.execute(text(TABLES)) if name not in STILL]
        numbers = {row.id: row.number for row in connection.execute(text("SELECT id, number FROM issue"))}
        return {
            table: sorted(
                _told(row, numbers) for (row,) in connection.execute(text(f'SELECT to_jsonb(t) FROM "{table}" t'))
            )
            for table in sorted(tables)
        }


def rewind(engine: Engine) -> None:
    """Let keys go on behind the last row, so that a gap left by a death does not show where something holds a key."""
    query = (
        "SELECT s.relname, t.relname, a.attname FROM pg_class s JOIN pg_depend d ON d.objid = s.oid"
        " AND d.deptype IN ('a', 'i') JOIN pg_class t ON t.oid = d.refobjid"
        " JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = d.refobjsubid WHERE s.relkind = 'S'"
    )
    with engine.begin() as connection:
        for sequence, table, column in connection.execute(text(query)).all():
            last = f'SELECT coalesce(max("{column}"), 0) + 1 FROM "{table}"'
            connection.execute(text(f"SELECT setval('{sequence}', ({last}), false)"))


def _told(row: Mapping[str, Any], numbers: Mapping[int, str]) -> str:
    issue = row.get("issue_id")
    kept = {name: value for name, value in row.items() if name != "id" and not name.endswith("_id")}
    if issue is not None:
        kept |= {"issue": numbers[issue]}
        if "post_code" in row:
            kept["key"] = row["key"].replace(f"{issue}-", f"{numbers[issue]}-", 1)
    return json.dumps(kept, ensure_ascii=False, sort_keys=True)


def told_of(rows: Mapping[str, list[str]]) -> dict[str, set[str]]:
    """The messages of each event, by key: `number-seq` → keys."""
    found: dict[str, set[str]] = {
        f"{event['issue']}-{event['seq']}": set() for event in map(json.loads, rows["issue_event"])
    }
    for message in map(json.loads, rows["message"]):
        if "issue" in message:
            number, seq = message["key"][: len(message["issue"])], message["key"][len(message["issue"]) + 1 :]
            found[f"{number}-{seq.split('-')[0]}"].add(message["key"])
    return found


def is_sealed(engine: Engine) -> bool:
    """Whether the record checks, from the first event to the last."""
    with Session(engine) as session:
        return verify(record_lines(session)).alteration is None
