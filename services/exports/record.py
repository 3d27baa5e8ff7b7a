"""The sealed record as JSON lines: what `duban verify` needs, and nothing else (promise 8).

One line per event with every sealed field and its hash, one per issue with its number, count of events and seal, and
the seals of the days. services/seal.py says what the lines hold and checks them.
"""

import json
from pathlib import Path

from sqlmodel import Session, col, func, select

from models.issue import Issue
from services.exports.ledger import Progress, same_moment
from services.seal import record_lines

EVERY = 500


def export_record(session: Session, path: Path, *, progress: Progress | None = None) -> int:
    """Write the record; returns the number of lines. Raises OSError when the file cannot be written."""
    same_moment(session)
    total = session.exec(select(func.count(col(Issue.id)))).one()
    lines = issues = 0
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for line in record_lines(session):
            file.write(json.dumps(line, ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n")
            lines += 1
            issues += line["type"] == "issue"
            if progress and line["type"] == "issue" and (issues % EVERY == 0 or issues == total):
                progress(issues, total)
    return lines
