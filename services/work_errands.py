"""What waits for somebody beside issues, most urgent first: what is due soonest, then what waits longest.

One statement for each kind to which somebody's posts give the right; whoever has none of them pays for none. An issue
is on a pile (services/work.py), a sheet of an audit with the sheets.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import RowMapping, text
from sqlmodel import Session

from models.errand import ErrandKind
from models.permissions import PERMISSIONS, Right, held
from models.rights import Actor, units_of
from models.unit import UNIT_POSTS, OwnerKind
from services.audit_view import LEVEL_OF
from services.patrols.recording import chief_posts
from services.people import city_day
from services.rulebook import the_city
from services.work_desk import daily_work
from services.work_errand_kinds import SOURCES, Lies, Source

EACH = 50
"""So many of a kind are read; its own page has all."""
SHOWN = 6
"""On the desk itself."""
SOON = timedelta(days=30)
"""Material is asked for in January and due in autumn: it waits for the unit from so long before."""
_NARROWED: Mapping[Lies, str] = {
    Lies.AREA: "string_to_array(x.area_path, '/') && CAST(:areas AS text[])",
    Lies.STEERED: "(string_to_array(x.area_path, '/') && CAST(:areas AS text[]) OR x.person = :me)",
    Lies.UNIT: "x.unit = ANY(CAST(:units AS text[]))",
    Lies.PERSON: "x.person = :me",
    Lies.POST: "x.post = ANY(CAST(:posts AS text[]))",
}
_MINE = """
SELECT * FROM ({sql}) AS x WHERE {narrowed} AND NOT x.against && CAST(:acting AS text[])
   AND (x.barred_unit IS NULL OR NOT x.barred_unit = ANY(CAST(:own AS text[])))
 ORDER BY x.due_at NULLS LAST, x.since NULLS LAST, x.key LIMIT :most
"""


@dataclass(frozen=True)
class Errand:
    """One thing to do. `ref`: the number by which people call it; `name`: whose or where it is; `detail`: of which
    kind; `key` and `facts` lead to its page. `due_at` is None where nobody has set a time; `since`: it waits.
    """

    kind: ErrandKind
    key: str
    ref: str
    name: str
    detail: str
    due_at: datetime | None
    since: datetime | None
    late: bool
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Errands:
    """All of them. `counts`: of each kind, which stops at EACH."""

    every: Sequence[Errand]
    counts: Mapping[ErrandKind, int]

    @property
    def first(self) -> Sequence[Errand]:
        return self.every[:SHOWN]

    @property
    def cut(self) -> bool:
        """Whether there may be more of a kind than were read."""
        return any(count >= EACH for count in self.counts.values())

    @property
    def late(self) -> int:
        """How many are past their time."""
        return sum(one.late for one in self.every)


def errands(session: Session, actor: Actor, *, now: datetime, without: Collection[ErrandKind] = ()) -> Errands:
    """What waits for somebody beside issues, most urgent first."""
    known = asked(session, actor, now=now)
    found = [
        one
        for kind, source in SOURCES.items()
        if kind not in without
        for one in _of_kind(session, kind, source, actor, known)
    ]
    order = list(ErrandKind)
    found.sort(key=lambda one: (one.due_at is None, one.due_at or now, order.index(one.kind), one.since or now))
    return Errands(found, Counter(one.kind for one in found))


def asked(session: Session, actor: Actor, *, now: datetime) -> dict[str, Any]:
    """What the statements of all kinds are asked with."""
    city = the_city(session)
    return {
        "me": actor.code,
        "city": city.code,
        "zone": city.timezone,
        "now": now,
        "soon": now + SOON,
        "today": city_day(session, now),
        "most": EACH,
        "acting": sorted({actor.code, *(of for _, of in actor.for_others)}),
        "own": sorted(units_of(actor)),
    }


def _of_kind(
    session: Session, kind: ErrandKind, source: Source, actor: Actor, known: Mapping[str, Any]
) -> Iterator[Errand]:
    scope = _scope(session, kind, source, actor, known)
    if scope is None:
        return
    query = text(_MINE.format(sql=source.sql, narrowed=_NARROWED[source.lies]))
    rows = session.connection().execute(query, {**known, **scope}).mappings()
    yield from (_errand(kind, row, known["now"]) for row in rows if _fits(kind, row, actor, known["city"]))


def _scope(
    session: Session, kind: ErrandKind, source: Source, actor: Actor, known: Mapping[str, Any]
) -> dict[str, Any] | None:
    """Where it may be somebody's; None where it cannot be anywhere, and nothing has to be asked."""
    if source.lies is Lies.PERSON:
        return {}
    if source.lies is Lies.POST:
        posts = [f"{post.owner_code}:{post.kind}" for post in chief_posts(actor)]
        return {"posts": posts} if posts else None
    over = held(actor, source.right, city=known["city"]) if source.right else None
    if source.lies is Lies.STEERED:
        return {"areas": sorted(over.areas) if over else []}
    if source.lies is Lies.AREA:
        return {"areas": sorted(over.areas)} if over and over.areas else None
    units = (over.units if over else frozenset()) & _daily(session, kind, actor, known)
    return {"units": sorted(units)} if units else None


def _daily(session: Session, kind: ErrandKind, actor: Actor, known: Mapping[str, Any]) -> frozenset[str]:
    """Material is the daily work of a unit: its handler's, its leaders' while that post is vacant."""
    if kind is ErrandKind.FILE:
        return daily_work(session, actor, {"today": known["today"]})
    own = (post for post in actor.all_posts if post.owner_kind is OwnerKind.UNIT and post.kind in UNIT_POSTS)
    return frozenset(post.owner_code for post in own)


def _fits(kind: ErrandKind, row: RowMapping, actor: Actor, city: str) -> bool:
    """A round is steered by whoever ordered it, or from the level at which it was (services/audit_acts.py)."""
    if kind is not ErrandKind.RECHECK or row["person"] == actor.code:
        return True
    rule, path = PERMISSIONS[Right.RECORD_FOR_OTHERS], row["area_path"].split("/")
    lowest = LEVEL_OF.get(row["facts"]["organiser"], 1)
    posts = (post for post in actor.all_posts if rule.comes_with(post, city=city))
    return any(post.owner_code in path and post.level <= lowest for post in posts)


def _errand(kind: ErrandKind, row: RowMapping, now: datetime) -> Errand:
    due_at = row["due_at"]
    texts = {name: row[name] or "" for name in ("key", "ref", "name", "detail")}
    return Errand(
        kind, **texts, due_at=due_at, since=row["since"], late=bool(due_at and due_at <= now), facts=row["facts"]
    )
