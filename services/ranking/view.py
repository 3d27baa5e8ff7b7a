"""What a reader sees of a month: its table, where it stands on the way to publication, and what they may do there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

import sqlalchemy
from sqlmodel import Session

from models.area import Area
from models.publication import Publication, PublicationAct, PublicationEvent, PublicationState
from models.rights import Actor
from services import publications
from services.bulk import table_of
from services.people import city_day
from services.ranking import drafting
from services.ranking.editions import KIND, appeals_until, current
from services.ranking.live import path_of
from services.ranking.months import Month
from services.ranking.seeing import OF_THE_AREA, may, units_seen
from services.ranking.table import Table, from_content
from services.rulebook import the_city


class MonthStanding(StrEnum):
    """Where a month stands: its figures of today, or on the way to publication."""

    LIVE = "live"
    DRAFT = "draft"
    APPROVED = "approved"
    PUBLISHED = "published"


class MonthAct(StrEnum):
    """What may be done to a month."""

    DRAFT = "draft"
    AGAIN = "again"
    APPROVE = "approve"
    BACK = "back"
    PUBLISH = "publish"
    WITHDRAW = "withdraw"
    CORRECT = "correct"


ACTS: Mapping[MonthStanding, Sequence[tuple[MonthAct, PublicationAct]]] = {
    MonthStanding.LIVE: ((MonthAct.DRAFT, PublicationAct.DRAFTED),),
    MonthStanding.DRAFT: (
        (MonthAct.AGAIN, PublicationAct.CHANGED),
        (MonthAct.APPROVE, PublicationAct.APPROVED),
        (MonthAct.WITHDRAW, PublicationAct.WITHDRAWN),
    ),
    MonthStanding.APPROVED: (
        (MonthAct.PUBLISH, PublicationAct.PUBLISHED),
        (MonthAct.BACK, PublicationAct.SENT_BACK),
        (MonthAct.WITHDRAW, PublicationAct.WITHDRAWN),
    ),
    MonthStanding.PUBLISHED: ((MonthAct.CORRECT, PublicationAct.DRAFTED),),
}


@dataclass(frozen=True)
class MonthView:
    """A month for one reader. `table` holds the lines that they may see; `whole`: all of them.
    `in_boards`: the units whose own pages the reader may open.

    `seen` is the hash of what is shown. `waiting`: appeals that nobody has decided. `other`: there is another edition
    beside the one that is shown, a draft beside what was published or the other way round.
    """

    month: Month
    area_code: str
    area_name: str
    standing: MonthStanding
    table: Table
    whole: bool
    in_boards: frozenset[str]
    acts: frozenset[MonthAct]
    seen: str = ""
    publication: Publication | None = None
    until: datetime | None = None
    window_open: bool = False
    waiting: int = 0
    other: bool = False
    history: Sequence[tuple[PublicationEvent, str]] = ()


def month_view(
    session: Session,
    month: Month,
    *,
    reader: Actor,
    now: datetime,
    area_code: str = "",
    draft: bool = False,
    unit: str = "",
) -> MonthView:
    """What was published; else the draft; else today's figures. `draft`: a draft goes before what was published.
    `unit`: whose cases are wanted, of figures that are made now; what was kept has all of them.

    Raises ActionNotAllowed for who sees no boards, NotFound for an area that is none.
    """
    area = area_code or the_city(session).code
    path_of(session, area)
    newest, shown = _editions(session, month, area, draft=draft and _works_on_it(session, reader, area))
    table = (
        from_content(shown.content)
        if shown
        else drafting.table_now(session, month=month, area_code=area, now=now, detail={unit})
    )
    standing = MonthStanding(shown.state.value) if shown else MonthStanding.LIVE
    in_boards = units_seen(session, reader, [row.code for row in table.rows])
    seen = frozenset(row.code for row in table.rows) if standing is MonthStanding.PUBLISHED else in_boards
    visible = replace(table, rows=tuple(row for row in table.rows if row.code in seen))
    view = MonthView(
        month=month,
        area_code=area,
        area_name=_area_name(session, area),
        standing=standing,
        table=visible,
        whole=len(visible.rows) == len(table.rows),
        in_boards=in_boards,
        acts=_acts(session, reader, area, standing, shown, over=month.last < city_day(session, now)),
    )
    return _with_edition(session, view, shown, newest, reader, now=now) if shown else view


def _editions(
    session: Session, month: Month, area: str, *, draft: bool
) -> tuple[Publication | None, Publication | None]:
    """The newest edition, and the one to show."""
    newest = current(session, month, area_code=area)
    published = current(session, month, area_code=area, published=True)
    return newest, newest if draft else published or newest


def _works_on_it(session: Session, reader: Actor, area: str) -> bool:
    leads = bool(reader.all_posts) and any(may(session, reader, right, area) for right in OF_THE_AREA)
    return leads or any(post.owner_kind == "unit" for post in reader.all_posts)


def _acts(
    session: Session, reader: Actor, area: str, standing: MonthStanding, shown: Publication | None, *, over: bool
) -> frozenset[MonthAct]:
    """What the reader may do as it stands: nobody is offered to approve their own draft."""
    if standing is MonthStanding.LIVE and not over:
        return frozenset()
    city, path = the_city(session).code, path_of(session, area)
    open_ = publications.open_acts(session, shown, by=reader, city=city, area_path=path) if shown else frozenset()
    if publications.may(reader, PublicationAct.DRAFTED, city=city, area_path=path):
        open_ |= {PublicationAct.DRAFTED}
    return frozenset(act for act, needs in ACTS[standing] if needs in open_)


def _with_edition(
    session: Session,
    view: MonthView,
    shown: Publication,
    newest: Publication | None,
    reader: Actor,
    *,
    now: datetime,
) -> MonthView:
    until = appeals_until(shown.content)
    is_draft = view.standing is MonthStanding.DRAFT
    both = newest is not None and newest.id != shown.id
    other = both or (shown.edition > 1 and view.standing is not MonthStanding.PUBLISHED)
    return replace(
        view,
        acts=view.acts - {MonthAct.CORRECT} if both else view.acts,
        seen=shown.content_sha256,
        publication=shown,
        until=until,
        window_open=is_draft and now <= until,
        waiting=len(drafting.undecided(session, shown)) if is_draft else 0,
        other=other and _works_on_it(session, reader, view.area_code),
        history=publications.named_history(session, shown.id or 0),
    )


def _area_name(session: Session, code: str) -> str:
    return session.get_one(Area, code).name


@dataclass(frozen=True)
class MonthLine:
    """A month in the list: `of` units have a place; `red` and `black` are names. Nothing of it while it is live."""

    month: Month
    standing: MonthStanding
    edition: int = 0
    published_at: datetime | None = None
    until: datetime | None = None


def months(session: Session, *, now: datetime, area_code: str = "") -> list[MonthLine]:
    """Every month that was drafted or published, and the running and the last one; the newest first."""
    area = area_code or the_city(session).code
    path_of(session, area)
    table = table_of(Publication).c
    until = table.content["appeals_until"].astext
    query = sqlalchemy.select(table.period_from, table.state, table.edition, table.published_at, until).where(
        table.kind == KIND,
        table.area_code == area,
        table.subject == "",
        table.state != PublicationState.WITHDRAWN,
    )
    found: dict[Month, MonthLine] = {}
    for line in (_line(*row) for row in session.connection().execute(query.order_by(table.edition))):
        known = found.get(line.month)
        if known is None or known.standing is not MonthStanding.PUBLISHED or line.standing is MonthStanding.PUBLISHED:
            found[line.month] = line
    today = Month.of(city_day(session, now))
    for month in (today, today.before):
        found.setdefault(month, MonthLine(month, MonthStanding.LIVE))
    return [found[month] for month in sorted(found, reverse=True)]


def _line(day: date, state: PublicationState, edition: int, at: datetime | None, until: str) -> MonthLine:
    return MonthLine(Month.of(day), MonthStanding(state.value), edition, at, datetime.fromisoformat(until))
