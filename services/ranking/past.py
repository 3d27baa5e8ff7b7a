"""What was published of the months before, and what follows from it: changes, black lists in a row, proposals by rule.

Only what was published counts: live figures and drafts make nobody's row longer. Of several editions the last counts.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlmodel import Session

from models.publication import Publication, PublicationKind, PublicationState
from models.scoring.changes import changes
from models.scoring.lists import Period, consequence, in_a_row, listed
from services.bulk import table_of
from services.ranking.live import Live
from services.ranking.making import Beside
from services.ranking.months import Month
from services.ranking.table import BLACK, Row, places_of, read_names, read_rows
from services.rulebook import the_city

KIND = PublicationKind.APPRAISAL


@dataclass(frozen=True)
class Past:
    """A month as it was published: the lines of its table. `publication`: its id; `formula`: the version behind it."""

    month: Month
    publication: int
    formula: str
    rows: Sequence[Row]

    def row(self, unit: str) -> Row | None:
        return next((row for row in self.rows if row.code == unit), None)

    def period_of(self, unit: str) -> Period:
        """What the month was for a unit."""
        row = self.row(unit)
        return Period(row is not None and row.rank is not None, row is not None and row.listed == BLACK)


@dataclass(frozen=True)
class Proposal:
    """What the rules propose for a unit after so many black lists in a row. A person decides (domain 9c, E8).

    `code` is the consequence, `name` its words (Chinese, English); `months` those of the row, oldest first;
    `publication` the id of the appraisal that made it due.
    """

    unit: str
    unit_name: str
    times: int
    code: str
    name: tuple[str, str]
    months: tuple[Month, ...]
    publication: int


def published(session: Session, area_code: str, *, before: Month | None = None) -> list[Past]:
    """The last published edition of each month, oldest month first. Cases and number trees are not read."""
    table = table_of(Publication).c
    query = select(table.period_from, table.id, table.formula, table.content["units"]).where(
        table.kind == KIND,
        table.area_code == area_code,
        table.subject == "",
        table.state == PublicationState.PUBLISHED,
    )
    if before is not None:
        query = query.where(table.period_from < before.first)
    found = session.connection().execute(query.order_by(table.period_from, table.edition))
    by_month = {Month.of(day): (key, formula, rows) for day, key, formula, rows in found}
    return [Past(month, key, formula, read_rows(rows)) for month, (key, formula, rows) in by_month.items()]


def beside(session: Session, live: Live) -> Beside:
    """What the table of live places shows beside them, from the months published before."""
    past = published(session, live.area_code, before=live.month)
    places = list(live.field.places.values())
    lists = listed(places, rules=live.rules.lists)
    now = {place.entry.code: Period(place.rank is not None, place.entry.code in lists.black) for place in places}
    times = {unit: _times(unit, past, now[unit], live) for unit in now}
    due = {unit: code for unit in lists.black if (code := consequence(times[unit], rules=live.rules.lists))}
    last = next((one for one in past if one.month == live.month.before), None)
    compared = (
        changes(places, before=places_of(last.rows), version=live.rules.version, version_before=last.formula)
        if last
        else ()
    )
    return Beside({one.code: one for one in compared}, lists, times, due)


def _times(unit: str, past: Iterable[Past], now: Period, live: Live) -> int:
    """How many black lists in a row, this one counted; 0 for who is not on it."""
    periods = [*(one.period_of(unit) for one in past), now]
    return in_a_row(periods, gap=live.rules.lists.gap) if now.black else 0


def proposals_due(session: Session, month: Month, *, area_code: str | None = None) -> list[Proposal]:
    """What the published appraisal of a month makes due, by group and place; nothing where it is not published.

    Of the whole city unless an area is named. Nothing is written, and nothing decided.
    """
    past = published(session, area_code or the_city(session).code)
    there = next((one for one in past if one.month == month), None)
    if there is None:
        return []
    table = table_of(Publication).c
    written = session.connection().execute(select(table.content["names"]).where(table.id == there.publication))
    names = read_names(written.scalar_one())
    before = [one for one in past if one.month <= month]
    return [_proposal(row, before, there.publication, names) for row in there.rows if row.proposed]


def _proposal(row: Row, past: Sequence[Past], publication: int, names: Mapping[str, tuple[str, str]]) -> Proposal:
    black = [one.month for one in past if one.period_of(row.code).black]
    return Proposal(
        unit=row.code,
        unit_name=row.name,
        times=row.in_a_row,
        code=row.proposed,
        name=names.get(row.proposed, (row.proposed, row.proposed)),
        months=tuple(black[-row.in_a_row :]),
        publication=publication,
    )
