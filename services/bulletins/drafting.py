"""Making the draft of a bulletin, and counting it again: figures, the rows behind them, everything that stands beside.

A draft may be made by a timer or by an office; the same period is drafted once. What was published wrongly stays: the
next edition replaces it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, text
from sqlmodel import Session, col, select

from models.area import Area
from models.errors import ActionNotPossible, NotFound, WrongValue
from models.permissions import Right, must_hold
from models.publication import Publication, PublicationAct, PublicationKind, PublicationState
from models.rights import Actor
from models.seal import plain
from models.unit import Post, PostKind
from services import publications, rulebook
from services.bulletins import comparing, counting, parts, words
from services.bulletins.pairs import pairs
from services.bulletins.periods import Period, instants, length, numbered, period_before
from services.bulletins.scores import month_scores
from services.bulletins.telling import tell_of_draft
from services.figures import FORMULA, Ranked, bottom, period_below, ranking, total
from services.people import city_day


@dataclass(frozen=True)
class Drafted:
    """The draft; `repeated`: it was there already."""

    publication: Publication
    repeated: bool


def draft(
    session: Session,
    kind: PublicationKind,
    *,
    on: date,
    by: Actor,
    now: datetime,
    area: str = "",
    corrects: bool = False,
) -> Drafted:
    """The bulletin of the period of that kind that ended last before a day; of the whole city unless an area is named.

    `corrects`: another edition of one that is published. Raises ActionNotAllowed, NotFound, WrongValue for a day that
    has not come, ActionNotPossible where there is nothing to correct.
    1. Find the edition that is there: that is it.
    2. Count the period; freeze the figures, with the version of the formulae, and the rows.
    3. Tell those who word and approve it.
    """
    if on > city_day(session, now):
        raise WrongValue(field="on", value=on.isoformat(), expected="a day that has come")
    place, period = _area(session, area), period_before(kind, on)
    _may(session, by, place)
    key = f"bulletin/{kind}/{place.code}/{period[0]}"
    session.connection().execute(text("SELECT pg_advisory_xact_lock(hashtext(:key))"), {"key": key})
    edition = _edition(session, kind, place, period, corrects=corrects)
    there = publications.edition_of(session, kind=kind, area_code=place.code, period=period, edition=edition)
    if there is not None:
        return Drafted(there, repeated=True)
    content, ranked = _counted(session, kind, place, period, now=now)
    content["texts"] = words.texts(content, ranked)
    made = publications.draft(
        session,
        kind=kind,
        area_code=place.code,
        period_from=period[0],
        period_to=period[1],
        content=content,
        by=by,
        now=now,
        formula=FORMULA,
        edition=edition,
    )
    counting.keep_rows(session, made.id or 0)
    tell_of_draft(session, made, area=place, now=now)
    return Drafted(made, repeated=False)


def count_again(session: Session, publication: Publication, *, by: Actor, seen: str, now: datetime) -> Publication:
    """Count a draft anew, as things stand now. Its texts stay. Raises as `publications.change` does."""
    if publication.state is not PublicationState.DRAFT:
        raise ActionNotPossible(action=PublicationAct.CHANGED, state=publication.state)
    place, period = _area(session, publication.area_code), (publication.period_from, publication.period_to)
    old = publication.content
    content, _ranked = _counted(session, publication.kind, place, period, now=now)
    hidden = {pair["number"] for pair in old["pairs"] if not pair["shown"]}
    content["pairs"] = [{**pair, "shown": pair["number"] not in hidden} for pair in content["pairs"]]
    content["texts"] = old["texts"]
    changed = publications.change(
        session, publication.id or 0, content=content, by=by, seen=seen, now=now, formula=FORMULA
    )
    counting.keep_rows(session, changed.id or 0)
    return changed


def _may(session: Session, by: Actor, place: Area) -> None:
    """Before anything is counted."""
    if not by.is_system:
        must_hold(by, Right.PREPARE_PUBLICATION, city=rulebook.the_city(session).code, area_path=place.path)


def _area(session: Session, code: str) -> Area:
    """Raises NotFound."""
    found = session.get(Area, code or rulebook.the_city(session).code) if "\x00" not in code else None
    if found is None:
        raise NotFound(what="area", code=code)
    return found


def _edition(session: Session, kind: PublicationKind, place: Area, period: Period, *, corrects: bool) -> int:
    """The last edition that is not withdrawn, or the one after it where it is published and a correction is wanted."""
    query = select(func.max(Publication.edition)).where(
        Publication.kind == kind,
        Publication.area_code == place.code,
        Publication.period_from == period[0],
        Publication.period_to == period[1],
        col(Publication.state) != PublicationState.WITHDRAWN,
    )
    last: int = session.exec(query).one() or 0
    if not corrects:
        return max(last, 1)
    there = publications.edition_of(session, kind=kind, area_code=place.code, period=period, edition=last)
    if there is None:
        raise ActionNotPossible(action=PublicationAct.DRAFTED, state="–")
    return last + 1 if there.state is PublicationState.PUBLISHED else last


def _counted(
    session: Session, kind: PublicationKind, place: Area, period: Period, *, now: datetime
) -> tuple[dict[str, Any], list[Ranked]]:
    """Everything that a bulletin says but for its free texts."""
    city = rulebook.the_city(session)
    bound = period_below(**instants(period, city.timezone), area_path=place.path)
    figures = counting.count(session, start=bound["start"], end=bound["end"], area_path=place.path)
    ranked, sums = ranking(figures), counting.written(total(figures))
    before = comparing.last_before(session, kind, area_code=place.code, period=period)
    late, worst = parts.worst(session, place, now=now)
    content = {
        **_head(session, kind, place, period, now=now),
        "total": sums,
        "units": [{"rank": one.rank, **counting.written(one.figures)} for one in ranked],
        "bottom": [{"code": one.unit_code, "name": one.unit_name} for one in bottom(ranked)],
        "scores": month_scores(session, kind, area_code=place.code, period=period),
        "previous": comparing.compared(before, sums, formula=FORMULA),
        "areas": counting.by_area(session, level=place.level + 1),
        "days": parts.days(session, period, place),
        "categories": parts.categories(session, bound),
        "late": late,
        "worst": worst,
        "hotspots": parts.hot(session, place, now=now),
        "sponsored": list(parts.sponsored(session, bound, now=now)),
        "pairs": pairs(session, bound),
        "rows": True,
    }
    document: dict[str, Any] = plain(content)
    return document, ranked


def _head(session: Session, kind: PublicationKind, place: Area, period: Period, *, now: datetime) -> Mapping[str, Any]:
    """Whose bulletin it is, of what, counted when."""
    city = rulebook.the_city(session)
    year, n = numbered(kind, period)
    office = session.get(Post, f"{place.code}:{PostKind.OFFICE}")
    return {
        "kind": kind,
        "year": year,
        "n": n,
        "city": city.name,
        "area": place.name,
        "office": office.title if office and office.title else f"{place.name}创建办",
        "as_of": f"{now.astimezone(ZoneInfo(city.timezone)):%Y-%m-%d %H:%M}",
        "period": {"from": period[0], "to": period[1], "days": length(period)},
        "formula": FORMULA,
    }
