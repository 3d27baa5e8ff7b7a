"""What waits for people beside issues, for the morning's list: one statement for each kind, however large the city."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import RowMapping, text
from sqlmodel import Session

from models.errand import ErrandKind
from models.rights import Actor
from services.people import city_day
from services.work_errand_kinds import SOURCES, Source
from services.work_errands import asked

SILENT = frozenset({ErrandKind.INSTRUCTION})
"""What a leader wrote is told by a message of its own, which says no more than that there is something to read."""


DISCREET = frozenset({ErrandKind.MEASURE, ErrandKind.SECOND, ErrandKind.INTERVIEW, ErrandKind.OUTCOME})
"""The list leaves by chat too: of these it says the number, and not the unit."""


LAST_DAYS = timedelta(days=2)
"""The list is not sent on days off: on Friday it tells what ends on Sunday."""


@dataclass(frozen=True)
class Told:
    """One thing for one person. `number`: by which it is called, or its own with a `#` before it."""

    kind: ErrandKind
    number: str
    name: str
    due_at: datetime | None
    person: str


@dataclass(frozen=True)
class _One:
    """One thing before it is known who hears of it: a person, or the holders of the first of these sets of posts of
    which somebody holds one; nobody in `against`.
    """

    kind: ErrandKind
    row: RowMapping
    posts: Sequence[Sequence[str]]

    @property
    def against(self) -> frozenset[str]:
        return frozenset(self.row["against"] or ()) - {None, ""}


def errands_told(session: Session, *, now: datetime) -> Iterator[Told]:
    """Every errand for everybody who is told of it."""
    found = list(_every(session, now))
    codes = {post for one in found for several in one.posts for post in several}
    holders = _holders(session, codes, now)
    for one in found:
        for person in sorted(_people(one, holders) - one.against):
            yield _told(one, person)


def _told(one: _One, person: str) -> Told:
    number = one.row["ref"] or ("" if one.kind is ErrandKind.PATROL else f"#{one.row['key']}")
    name = "" if one.kind in DISCREET else one.row["name"] or ""
    return Told(one.kind, number, name, one.row["due_at"], person)


def _every(session: Session, now: datetime) -> Iterator[_One]:
    known = {**asked(session, Actor(""), now=now), "me": ""}
    for kind, source in SOURCES.items():
        if kind not in SILENT:
            rows = session.connection().execute(text(source.sql), known).mappings()
            yield from (_One(kind, row, _posts(source, row)) for row in rows if _is_told(kind, row, session, now))


def _is_told(kind: ErrandKind, row: RowMapping, session: Session, now: datetime) -> bool:
    """A patrol on its last days only; of material that has become an issue, the issue is on the list."""
    if kind is ErrandKind.PATROL:
        return city_day(session, row["due_at"]) - city_day(session, now) <= LAST_DAYS
    return not (kind is ErrandKind.FILE and row["facts"]["issue"])


def _posts(source: Source, row: RowMapping) -> Sequence[Sequence[str]]:
    """What nobody of a place can do goes to the place above."""
    if row["person"]:
        return ()
    if row["post"]:
        return [[row["post"]]]
    if source.in_turn:
        return [[f"{row['unit']}:{kind}"] for kind in source.tell]
    owners = [row["unit"]] if row["unit"] else row["area_path"].split("/")[::-1]
    return [[f"{owner}:{kind}" for kind in source.tell] for owner in owners]


def _people(one: _One, holders: Mapping[str, frozenset[str]]) -> frozenset[str]:
    if one.row["person"]:
        return frozenset({one.row["person"]})
    sets = (frozenset().union(*(holders.get(post, frozenset()) for post in posts)) for posts in one.posts)
    return next((people for people in sets if people - one.against), frozenset())


def _holders(session: Session, codes: Iterable[str], now: datetime) -> Mapping[str, frozenset[str]]:
    known: dict[str, Any] = {"codes": sorted(codes), "today": city_day(session, now)}
    found: dict[str, set[str]] = {}
    for post, person in session.connection().execute(text(HOLDERS), known):
        found.setdefault(post, set()).add(person)
    return {post: frozenset(people) for post, people in found.items()}


HOLDERS = """
SELECT DISTINCT post_code, person_code FROM tenure
 WHERE post_code = ANY(:codes) AND valid_from <= :today AND (valid_to IS NULL OR valid_to >= :today)
"""
