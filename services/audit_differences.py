"""Where two looks at one standard differ, how often they agree, and which one a person decided for."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import text
from sqlmodel import Session, select

from models.audit import Observation, Result, Round, RoundAct, RoundEvent, Sheet
from models.errors import MissingInput, NotFound
from models.rights import Actor
from models.standard import Standard
from services import audit_issues
from services.audit_acts import must_be_held, note, steered
from services.audit_errors import OwnLook

_PAIRS = text(
    "SELECT a.id AS first_id, b.id AS second_id, a.standard_code AS standard, p.code AS point, p.name AS point_name,"
    " s.inspector AS first_inspector, w.name AS first_name, t.inspector AS second_inspector, v.name AS second_name,"
    " a.result AS first, b.result AS second, a.facts AS first_facts, b.facts AS second_facts,"
    " a.note AS first_note, b.note AS second_note, a.photo AS first_photo, b.photo AS second_photo"
    " FROM sheet t JOIN sheet s ON s.id = t.again_of JOIN point p ON p.code = t.point_code"
    " JOIN person w ON w.code = s.inspector JOIN person v ON v.code = t.inspector"
    " JOIN observation a ON a.sheet_id = s.id JOIN observation b ON b.sheet_id = t.id"
    " AND b.standard_code = a.standard_code"
    " WHERE t.round_id = :id AND t.filled_at IS NOT NULL ORDER BY p.code, a.standard_code"
)


class Look(StrEnum):
    """Which of the two looks counts."""

    FIRST = "first"
    SECOND = "second"


@dataclass(frozen=True)
class Difference:
    """One standard on which two looks differ, in the result or in what was counted. `chosen`: what was decided."""

    first_id: int
    second_id: int
    standard: str
    point: str
    point_name: str
    first_inspector: str
    first_name: str
    second_inspector: str
    second_name: str
    first: str
    second: str
    first_facts: dict[str, Any]
    second_facts: dict[str, Any]
    first_note: str
    second_note: str
    first_photo: str | None
    second_photo: str | None
    chosen: Look | None = None


@dataclass(frozen=True)
class Agreement:
    """How often the second look came to the same result. `rate` is a share of 1."""

    code: str
    name: str
    compared: int
    same: int

    @property
    def rate(self) -> float:
        return self.same / self.compared


@dataclass(frozen=True)
class Agreements:
    """By the inspector of the first look, by standard, and in all (None before the first second look)."""

    inspectors: Sequence[Agreement]
    standards: Sequence[Agreement]
    whole: Agreement | None


def differences(session: Session, round_: Round) -> list[Difference]:
    """Everything that differs on sheets that are full a second time."""
    chosen = _chosen(session, round_)
    return [
        Difference(**row, chosen=chosen.get(row["first_id"]))
        for row in _pairs(session, round_)
        if (row["first"], row["first_facts"]) != (row["second"], row["second_facts"])
    ]


def agreements(session: Session, round_: Round) -> Agreements:
    """How often both looks came to the same result, whatever was decided afterwards."""
    pairs = list(_pairs(session, round_))
    whole = _counted(("", "", row) for row in pairs)
    return Agreements(
        inspectors=_counted((row["first_inspector"], row["first_name"], row) for row in pairs),
        standards=_counted((row["standard"], "", row) for row in pairs),
        whole=whole[0] if whole else None,
    )


def _counted(keyed: Iterable[tuple[str, str, Any]]) -> list[Agreement]:
    compared: Counter[tuple[str, str]] = Counter()
    same: Counter[tuple[str, str]] = Counter()
    for code, name, row in keyed:
        compared[code, name] += 1
        same[code, name] += row["first"] == row["second"]
    return [Agreement(*key, compared[key], same[key]) for key in sorted(compared)]


def _pairs(session: Session, round_: Round) -> list[Any]:
    return list(session.connection().execute(_PAIRS, {"id": round_.id}).mappings())


def _chosen(session: Session, round_: Round) -> dict[int, Look]:
    """The last decision on each first look."""
    query = select(RoundEvent.facts).where(RoundEvent.round_id == round_.id, RoundEvent.act == RoundAct.DECIDED)
    return {facts["first"]: Look(facts["chosen"]) for facts in session.exec(query.order_by(text("id")))}


def decide(
    session: Session, number: str, *, first_id: int, look: Look, by: Actor, now: datetime, why: str
) -> Difference:
    """Say which of two looks counts, with a reason; until the round is published somebody may say otherwise.

    Raises NotFound, ActionNotAllowed, NotHeld, PublishedAlready, MissingInput, OwnLook.
    """
    round_ = steered(session, number, by=by)
    must_be_held(round_)
    if not why.strip():
        raise MissingInput(action="decide", missing="why")
    found = next((one for one in differences(session, round_) if one.first_id == first_id), None)
    if found is None:
        raise NotFound(what="difference", code=first_id)
    if by.code in (found.first_inspector, found.second_inspector):
        raise OwnLook
    _count(session, round_, found, look, by=by, now=now)
    facts = {"point": found.point, "standard": found.standard, "first": first_id, "chosen": look.value}
    note(session, round_, RoundAct.DECIDED, by=by, now=now, why=why, facts=facts)
    return found


def _count(session: Session, round_: Round, found: Difference, look: Look, *, by: Actor, now: datetime) -> None:
    """Let that look count. What may not wait for the publication becomes an issue now."""
    first, second = session.get_one(Observation, found.first_id), session.get_one(Observation, found.second_id)
    first.counted, second.counted = look is Look.FIRST, look is Look.SECOND
    session.add_all((first, second))
    session.flush()
    standard = session.get_one(Standard, (round_.version_code, found.standard))
    urgent = second.counted and second.result is Result.NOT_MET and audit_issues.due_now(session, round_, standard)
    if urgent and first.issue_id is None and second.issue_id is None:
        sheet = session.get_one(Sheet, second.sheet_id)
        audit_issues.make(session, round_, [(second, sheet, standard)], by=by, now=now)
