"""The seal: every day closed with one hash over its events, and the check that names the first altered place."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import text
from sqlmodel import Session, col, select

from models.issue import DaySeal, Issue, IssueEvent
from models.seal import SEALED, day_hash, event_hash, plain
from services.rulebook import the_city

PAGE = 2000


@dataclass(frozen=True)
class Alteration:
    """The first thing that does not fit: which issue, which event, what is wrong."""

    number: str
    seq: int | None
    what: str


@dataclass
class Verified:
    """What a check has seen."""

    issues: int = 0
    events: int = 0
    days: int = 0
    alteration: Alteration | None = None


def seal_day(session: Session, *, now: datetime) -> DaySeal | None:
    """Close the day before with one hash over everything recorded since the last seal; None when that is done.

    Membership goes by the order of recording, not by the time of the event: a record taken over from elsewhere, or a
    demo city's story, tells of earlier days. Writers are held off for a moment, so that no event with a lower id can
    still arrive. The caller commits.
    """
    session.connection().execute(text("SELECT pg_advisory_xact_lock(hashtext('seal_day'))"))  # two runs of one night
    yesterday = now.astimezone(ZoneInfo(the_city(session).timezone)).date() - timedelta(days=1)
    last = session.exec(select(DaySeal).order_by(col(DaySeal.day).desc())).first()
    if last and last.day >= yesterday.isoformat():
        return None
    session.connection().execute(text("SET LOCAL lock_timeout = '10s'"))
    session.connection().execute(text("LOCK TABLE issue_event IN SHARE MODE"))
    previous, after = (last.hash, last.last_event_id) if last else ("", 0)
    query = text("SELECT id, hash FROM issue_event WHERE id > :after ORDER BY id")
    rows = session.connection().execute(query, {"after": after}).all()
    seal = DaySeal(
        day=yesterday.isoformat(),
        events=len(rows),
        last_event_id=rows[-1][0] if rows else after,
        previous_hash=previous,
        hash=day_hash(previous, [row[1] for row in rows]),
        sealed_at=now,
    )
    session.add(seal)
    session.flush()
    return seal


def record_lines(session: Session) -> Iterator[dict[str, Any]]:
    """The whole record: each issue's events in order, then its head; at the end the seals of the days.

    As it is at one moment, unless the caller's transaction has begun already.
    """
    if not session.in_transaction():
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
    after = 0
    while issues := _issue_page(session, after):
        for issue, events in issues:
            yield from events
            yield issue
            after = issue["id"]
    for seal in session.exec(select(DaySeal).order_by(col(DaySeal.day))):
        yield {"type": "day", **plain(seal.model_dump(exclude={"sealed_at"}))}


def _issue_page(session: Session, after: int) -> list[tuple[dict[str, Any], list[dict[str, Any]]]]:
    query = (
        select(col(Issue.id), col(Issue.number), col(Issue.event_count), col(Issue.seal))
        .where(col(Issue.id) > after)
        .order_by(col(Issue.id))
        .limit(PAGE)
    )
    heads = session.exec(query).all()
    events: dict[int, list[dict[str, Any]]] = {}
    numbers = {head[0]: head[1] for head in heads}
    rows = select(IssueEvent).where(col(IssueEvent.issue_id).in_(numbers)).order_by(col(IssueEvent.id))
    for row in session.exec(rows):
        line = {**row.model_dump(), "number": numbers[row.issue_id]}
        kept = (*SEALED, "id", "previous_hash", "hash")
        events.setdefault(row.issue_id, []).append({"type": "event", **{k: plain(line[k]) for k in kept}})
    session.expunge_all()
    return [
        ({"type": "issue", "id": i, "number": n, "events": c, "seal": s}, _in_order(events, i)) for i, n, c, s in heads
    ]


def _in_order(events: Mapping[int, list[dict[str, Any]]], issue_id: Any) -> list[dict[str, Any]]:
    return sorted(events.get(issue_id, []), key=lambda event: event["seq"])


def read_lines(lines: Iterable[str]) -> Iterator[dict[str, Any]]:
    """The lines of an export. Raises ValueError with the line's number where one is not JSON."""
    for number, line in enumerate(lines, start=1):
        if line.strip():
            try:
                yield json.loads(line)
            except json.JSONDecodeError as error:
                raise ValueError(f"line {number}: {error}") from error


def verify(lines: Iterable[Mapping[str, Any]]) -> Verified:
    """Check a record from an export or from the database; stops at the first place that was altered.

    An event changed, added, removed or moved breaks its issue's chain; an issue cut short does not fit its head; an
    issue taken out as a whole, or a chain made anew, does not fit the seal of the day.
    """
    seen = Verified()
    chain: dict[str, tuple[int, str]] = {}
    hashes: dict[str, list[tuple[int, str]]] = {}
    last_day = ""
    for line in lines:
        seen.alteration = _check_line(line, seen, chain, hashes, last_day)
        if seen.alteration:
            return seen
        if line.get("type") == "day":
            last_day = str(line["hash"])
    if chain:
        number, (seq, _) = next(iter(chain.items()))
        seen.alteration = Alteration(number, seq + 1, "the last events are missing or made anew")
    return seen


def _check_line(
    line: Mapping[str, Any],
    seen: Verified,
    chain: dict[str, tuple[int, str]],
    hashes: dict[str, list[tuple[int, str]]],
    last_day: str,
) -> Alteration | None:
    kind = line.get("type")
    if kind == "event":
        seen.events += 1
        return _check_event(line, chain, hashes)
    if kind == "issue":
        seen.issues += 1
        return _check_head(line, chain)
    if kind == "day":
        seen.days += 1
        return _check_day(line, hashes, last_day)
    return Alteration(str(line.get("number", "?")), None, "unknown line")


def _check_event(
    line: Mapping[str, Any], chain: dict[str, tuple[int, str]], hashes: dict[str, list[tuple[int, str]]]
) -> Alteration | None:
    number, seq = str(line.get("number")), line.get("seq")
    before, previous = chain.get(number, (0, ""))
    if seq != before + 1:
        return Alteration(number, before + 1, "missing or out of order")
    if line.get("previous_hash") != previous:
        return Alteration(number, seq, "does not continue the chain")
    whole = all(name in line for name in SEALED) and isinstance(line.get("id"), int)
    if not whole or event_hash(previous, line) != line.get("hash"):
        return Alteration(number, seq, "altered")
    chain[number] = (seq, str(line["hash"]))
    hashes.setdefault("all", []).append((int(line["id"]), str(line["hash"])))
    return None


def _check_head(line: Mapping[str, Any], chain: dict[str, tuple[int, str]]) -> Alteration | None:
    number = str(line.get("number"))
    seq, last = chain.pop(number, (0, ""))
    if (seq, last) != (line.get("events"), line.get("seal")):
        return Alteration(number, seq + 1, "the last events are missing or made anew")
    return None


def _check_day(line: Mapping[str, Any], hashes: dict[str, list[tuple[int, str]]], last_day: str) -> Alteration | None:
    ordered = hashes.setdefault("sorted", sorted(hashes.get("all", [])))
    count = int(line["events"])
    today, hashes["sorted"] = ordered[:count], ordered[count:]
    if line.get("previous_hash") != last_day or day_hash(last_day, [h for _, h in today]) != line.get("hash"):
        return Alteration(str(line.get("day")), None, "the events of this day do not fit its seal")
    return None
