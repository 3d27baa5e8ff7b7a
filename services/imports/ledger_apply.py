"""Importing a planned ledger: taken over and found through the one door, batch by batch."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import text
from sqlmodel import Session

from models.audit import Round, RoundKind
from models.errors import BadRows, WrongValue
from models.issue import Source, SupervisionOrder
from models.lifecycle import Action
from models.rights import Actor
from services import bulk, rulebook
from services.commands import Command, Outcome
from services.exports.register import Register, read_register
from services.exports.values import RETURNED
from services.findings import current_version, issue_numbers
from services.imports.ledger_plan import Plan, key_of, refuse_known
from services.imports.ledger_rows import Entry
from services.imports.taken import Today, finding_columns, taken_over_columns
from services.imports.turns import wait_for_turn
from services.imports.workbook import Progress
from services.transition import apply as through_the_door

BATCH = 2000
ORDER_NUMBER = "督〔{year}〕{n}号"
ROUND_KINDS: Mapping[Source, RoundKind] = {
    Source.ANNOUNCED: RoundKind.ANNOUNCED,
    Source.COVERT: RoundKind.COVERT,
    Source.MOCK: RoundKind.MOCK,
    Source.LOOK_BACK: RoundKind.LOOK_BACK,
}


@dataclass(frozen=True)
class Imported:
    """How many issues came in."""

    taken_over: int
    found: int
    unchanged: int


def apply(session: Session, planned: Plan, *, by: Actor, now: datetime, progress: Progress | None = None) -> Imported:
    """Import what was planned, in the caller's transaction; 2,000 rows a batch.

    Raises BadRows when a row is bad; ActionNotAllowed for somebody who is not a dispatcher or administrator over the
    place of every issue taken over; WrongValue where somebody has brought in one of them since the plan was made (roll
    back then: nothing may stay by halves).
    """
    if planned.bad:
        raise BadRows(file=planned.file, rows=planned.bad)
    wait_for_turn(session)
    today = _today(session, now)
    rounds = {**today.register.rounds, **_make_rounds(session, planned, by, today)}
    entries = [*planned.taken_over, *planned.found]
    # The numbers of the ledger first: a fresh number must not be one that comes later in the file.
    _raise_series(session, entries, today.register)
    for done in range(0, len(entries), BATCH):
        batch = entries[done : done + BATCH]
        _import_batch(session, batch, by=by, today=today, rounds=rounds)
        if progress:
            progress(done + len(batch), len(entries))
    return Imported(len(planned.taken_over), len(planned.found), planned.unchanged)


def _today(session: Session, now: datetime) -> Today:
    city = rulebook.the_city(session)
    return Today(
        now=now,
        register=read_register(session, now=now),
        rules=rulebook.rules(session, city.rule_set_code or ""),
        calendar=rulebook.calendar(session, city.calendar_version or 0),
    )


def _import_batch(
    session: Session, batch: Sequence[Entry], *, by: Actor, today: Today, rounds: Mapping[str, int]
) -> None:
    refuse_known(session, [key_of(entry) for entry in batch])
    ours = _our_numbers(today.register)
    fresh = iter(issue_numbers(session, sum(not ours.fullmatch(key_of(entry)) for entry in batch), now=today.now))
    ids = bulk.take_ids(session, "issue_id_seq", len(batch))
    commands = []
    for entry, issue_id in zip(batch, ids, strict=True):
        key = key_of(entry)
        number = {"number": key} if ours.fullmatch(key) else {"number": next(fresh), "external_ref": key}
        kept = {"id": issue_id, **number}
        if "round" in entry.values:
            kept["round_id"] = rounds[entry.values["round"]]
        commands.append(_command(entry, kept, by, today))
    outcomes = through_the_door(session, commands, now=today.now)
    _write_words(session, batch, outcomes, by=by, now=today.now)
    _write_orders(session, batch, ids, now=today.now)


def _command(entry: Entry, kept: Mapping[str, Any], by: Actor, today: Today) -> Command:
    if "number" in entry.values:
        return Command(Action.TAKE_OVER, by, data={**taken_over_columns(entry, today), **kept})
    data = {**finding_columns(entry, today), **kept, "suggested_unit": entry.values.get("lead_unit")}
    data["found_by"] = data["found_by"] or (None if by.is_system else by.code)
    return Command(Action.FIND, by, data=data)


def _write_words(
    session: Session, batch: Sequence[Entry], outcomes: Sequence[Outcome], *, by: Actor, now: datetime
) -> None:
    """Remarks and the reasons of past returns stay readable as comments."""
    said = []
    for entry, outcome in zip(batch, outcomes, strict=True):
        if "return_reasons" in entry.values:
            said.append((outcome.issue_id, RETURNED + entry.values["return_reasons"]))
        if "remark" in entry.values:
            said.append((outcome.issue_id, entry.values["remark"]))
    if said:
        through_the_door(session, [Command(Action.COMMENT, by, key, {"text": words}) for key, words in said], now=now)


def _write_orders(session: Session, batch: Sequence[Entry], ids: Sequence[int], *, now: datetime) -> None:
    rows = [
        {
            "number": number,
            "issue_id": issue_id,
            "cycle": 1,
            "degree": degree,
            "unit_code": entry.values.get("lead_unit"),
            "issued_at": now,
            "reply": "",
            "replied_at": now if replied else None,
        }
        for entry, issue_id in zip(batch, ids, strict=True)
        for degree, (number, replied) in enumerate(entry.values.get("orders", ()), start=1)
    ]
    bulk.insert(session, SupervisionOrder, rows)


def _raise_series(session: Session, entries: Sequence[Entry], register: Register) -> None:
    """Let our own numbers, of issues and of orders, go on behind the highest ones that come in."""
    orders = _order_numbers(register)
    highest: dict[str, int] = {}
    for entry in entries:
        ours = _our_numbers(register).fullmatch(entry.values.get("number", ""))
        named = [orders.fullmatch(number) for number, _ in entry.values.get("orders", ())]
        series = [(f"issue/{register.city.number_prefix}/", ours), *(("order/", order) for order in named)]
        for name, found in series:
            if found:
                year = name + found["year"]
                highest[year] = max(highest.get(year, 0), int(found["n"]))
    for name, last in highest.items():
        _at_least(session, name, last)


def _our_numbers(register: Register) -> re.Pattern[str]:
    return re.compile(re.escape(register.city.number_prefix) + r"-(?P<year>\d{4})-(?P<n>\d{6,12})")


def _order_numbers(register: Register) -> re.Pattern[str]:
    form = re.escape(register.city.pack.get("order_number", ORDER_NUMBER))
    return re.compile(form.replace(r"\{year\}", r"(?P<year>\d{4})").replace(r"\{n\}", r"(?P<n>\d{1,12})"))


def _at_least(session: Session, series: str, last: int) -> None:
    statement = text(
        "INSERT INTO number_series (name, last) VALUES (:name, :last)"
        " ON CONFLICT (name) DO UPDATE SET last = greatest(number_series.last, :last)"
    )
    session.connection().execute(statement, {"name": series, "last": last})


def _make_rounds(session: Session, planned: Plan, by: Actor, today: Today) -> dict[str, int]:
    """Audits that only the ledger knows: kept by their number, as finished."""
    made: dict[str, int] = {}
    if planned.new_rounds and by.is_system:
        expected = "an audit that exists, or a person who imports"
        raise WrongValue(field="round", value=planned.new_rounds[0], expected=expected)
    for number in planned.new_rounds:
        rows = [e for e in (*planned.taken_over, *planned.found) if e.values.get("round") == number]
        round_ = Round(
            number=number,
            kind=ROUND_KINDS.get(rows[0].values["source"], RoundKind.SUPERIOR),
            area_code=today.register.city.code,
            version_code=current_version(session, now=today.now) or "",
            seed=0,
            wanted=0,
            on_date=min(_day(entry, today) for entry in rows),
            requested_by=by.code,
            created_at=today.now,
            finished_at=today.now,
        )
        session.add(round_)
        session.flush()
        made[number] = round_.id or 0
    return made


def _day(entry: Entry, today: Today) -> date:
    at: datetime = entry.values.get("found_at") or today.register.local(today.now)
    return at.date()
