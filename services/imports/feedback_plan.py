"""What importing a superior's feedback would do: its rows, which are wrong, which problems are open here already."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from pathlib import Path

from sqlmodel import Session, col, select

from models.area import Area
from models.errors import BadRow, NotFound, WrongValue
from models.issue import FoundLevel, Issue
from models.lifecycle import OPEN
from models.permissions import Right, must_hold
from models.rights import Actor
from services import people, rulebook
from services.exports.register import read_register
from services.imports.feedback_rows import Entry, entries, read_feedback
from services.imports.turns import wait_for_turn

LEVELS = (FoundLevel.PROVINCE, FoundLevel.CENTRAL)
OLDEST = timedelta(days=366)


class Known(StrEnum):
    """What becomes of a row whose problem is an open issue already."""

    NEW = "new"
    LINK = "link"


@dataclass(frozen=True)
class FeedbackOrder:
    """Whose feedback, about what place, of which day."""

    level: FoundLevel
    area_code: str
    on_date: date
    known: Known = Known.LINK


@dataclass(frozen=True)
class Plan:
    """What importing would do. With anything in `bad`, nothing is imported. `sha256`: that of the file."""

    file: str
    sha256: str
    entries: Sequence[Entry] = ()
    bad: Sequence[BadRow] = ()
    ignored: Sequence[str] = field(default=())

    @property
    def known(self) -> Sequence[Entry]:
        """The rows whose problem is open here already."""
        return [one for one in self.entries if one.known]


def plan(session: Session, path: Path, order: FeedbackOrder, *, by: Actor, now: datetime) -> Plan:
    """Read the file and compare; writes nothing. Waits for other imports.

    Raises UnreadableFile, ActionNotAllowed, NotFound, WrongValue; bad rows are in the plan.
    """
    check(session, order, by=by, now=now)
    tables = read_feedback(path)
    wait_for_turn(session)
    register = read_register(session, now=now)
    rules = rulebook.rules(session, rulebook.the_city(session).rule_set_code or "")
    bad: list[BadRow] = []
    found = [one for table in tables for one in entries(table, register, rules, on=order.on_date, bad=bad)]
    _check_once(found, bad)
    _check_inside(session, found, order, bad)
    if not found and not bad:
        bad.append(BadRow(tables[0].sheet, tables[0].header_row + 1, "-", "", "at least one row"))
    return Plan(
        file=path.name,
        sha256=sha256(path.read_bytes()).hexdigest(),
        entries=_compared(session, found),
        bad=sorted(bad, key=lambda one: (one.place, one.row)),
        ignored=tuple(dict.fromkeys(heading for table in tables for heading in table.ignored)),
    )


def check(session: Session, order: FeedbackOrder, *, by: Actor, now: datetime) -> Area:
    if order.level not in LEVELS:
        raise WrongValue(field="level", value=order.level, expected=", ".join(LEVELS))
    today = people.city_day(session, now)
    if not today - OLDEST <= order.on_date <= today:
        raise WrongValue(field="on", value=order.on_date, expected="a day within the last year")
    area = session.get(Area, order.area_code) if "\x00" not in order.area_code else None
    if area is None:
        raise NotFound(what="area", code=order.area_code)
    must_hold(by, Right.START_AUDIT, city=area.path.split("/")[0], area_path=area.path)
    return area


def _check_once(found: Sequence[Entry], bad: list[BadRow]) -> None:
    """A sheet says one thing about a standard: two faults of it are told in one row."""
    first: dict[tuple[str, ...], Entry] = {}
    for one in found:
        what = one.edition.code if one.edition else one.description
        here = first.setdefault((one.point or one.area, one.address, what), one)
        if here is not one:
            bad.append(BadRow(one.place, one.row, "-", what[:60], f"once for each place; see row {here.row}"))


def _check_inside(session: Session, found: Sequence[Entry], order: FeedbackOrder, bad: list[BadRow]) -> None:
    codes = {one.area for one in found}
    query = select(Area.code, Area.path).where(col(Area.code).in_(codes))
    paths: Mapping[str, str] = dict(session.exec(query).all())
    for one in found:
        if order.area_code not in paths[one.area].split("/"):
            bad.append(BadRow(one.place, one.row, "-", one.point or one.area, f"a place within {order.area_code}"))


def _compared(session: Session, found: Sequence[Entry]) -> list[Entry]:
    """Each with the oldest open issue of the same standard, else of the same words, at the same point."""
    points = {one.point for one in found if one.point}
    query = select(Issue.point_code, Issue.standard_code, Issue.description, Issue.number)
    query = query.where(col(Issue.point_code).in_(points), col(Issue.state).in_(OPEN)).order_by(col(Issue.id).desc())
    by_standard: dict[tuple[str | None, str | None], str] = {}
    by_words: dict[tuple[str | None, str], str] = {}
    for point, standard, words, number in session.exec(query):
        by_standard[point, standard] = number
        by_words[point, words] = number
    return [
        replace(one, known=by_standard.get((one.point, one.edition.code)))
        if one.edition
        else replace(one, known=by_words.get((one.point, one.description)))
        for one in found
    ]
