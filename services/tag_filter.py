"""Issues that carry tags (六大攻坚 and other sets), as conditions: those that services/tasks/progress.py counts.

An issue carries the tags of its category, unless the year's table names others of the same set for its point; and those
of its standard.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Text, and_, any_, cast, false, func, not_, or_
from sqlalchemy import select as columns
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Session, col

from models.card import IssueCard
from models.errors import NotFound
from models.issue import Issue
from models.point import Task
from services import rulebook
from services.pack_files import files_in_force
from services.tasks.settings import FILE, Tag, TagSet, TaskSettings, read_settings
from services.tasks.tagging import tags_of

Points = dict[str, list[str]]
"""Category → points of it."""


def tag_settings(session: Session) -> TaskSettings:
    """The city's tags. None for a city that was loaded before its files were kept. Raises as `read_settings`."""
    return read_settings((files_in_force(session) or {}).get(FILE, b""))


def carry(session: Session, codes: Sequence[str], *, year: int | None, now: datetime) -> Iterable[ColumnElement[bool]]:
    """What carries any of the tags named of each set. Raises NotFound for a tag that the city does not have.

    `year`: whose table is read; the newest that has begun where none is named.
    """
    settings = tag_settings(session)
    for code in codes:
        if code not in settings.tags:
            raise NotFound(what="tag", code=code)
    year = year if year is not None else _newest(session, now)
    for several in settings.tag_sets:
        if wanted := {tag.code for tag in several.tags} & set(codes):
            yield _carries(session, several, wanted, year)


def _newest(session: Session, now: datetime) -> int:
    this = now.astimezone(ZoneInfo(rulebook.the_city(session).timezone)).year
    query = columns(func.max(Task.year)).where(col(Task.year) <= this)
    return session.connection().execute(query).scalar_one() or this


def _carries(session: Session, several: TagSet, wanted: set[str], year: int) -> ColumnElement[bool]:
    """All that decides stands on the card, with values written out: the database knows how rare it is."""
    tags = [tag for tag in several.tags if tag.code in wanted]
    by_category = {category for tag in tags for category in tag.categories}
    by_standard = {standard for tag in tags for standard in tag.standards}
    more: Points = {}
    less: Points = {}
    for category, campaign, points in _said(session, year):
        theirs = any(tag.code in wanted for tag in _tags(several, category, campaign))
        if theirs is not (category in by_category):
            (more if theirs else less).setdefault(category, []).extend(points)
    category = col(IssueCard.category_code)
    ways: list[ColumnElement[bool]] = [_there(one, points) for one, points in more.items()]
    if by_category:
        ways.append(and_(category.in_(sorted(by_category)), *(not_(_there(*one)) for one in less.items())))
    if by_standard:
        ways.append(col(IssueCard.standard_code).in_(sorted(by_standard)))
    return col(Issue.id).in_(columns(col(IssueCard.issue_id)).where(or_(*ways))) if ways else false()


def _tags(several: TagSet, category: str, campaign: str) -> Sequence[Tag]:
    return tags_of(TaskSettings(tag_sets=(several,)), category=category, campaign=campaign)


def _said(session: Session, year: int) -> Sequence[Any]:
    """Category, what the year's table says of single points, and of which."""
    there = (col(Task.category_code), col(Task.campaign))
    query = columns(*there, func.array_agg(col(Task.point_code))).group_by(*there)
    where = (col(Task.year) == year, col(Task.point_code).is_not(None), col(Task.campaign) != "")
    return session.connection().execute(query.where(*where)).all()


def _there(category: str, points: Sequence[str]) -> ColumnElement[bool]:
    """Of that category at one of these points."""
    at = func.coalesce(col(IssueCard.point_code), "")
    return and_(col(IssueCard.category_code) == category, at == any_(cast(sorted(points), ARRAY(Text))))
