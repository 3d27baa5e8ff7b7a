"""What stands on a paper, frozen as plain values when it is issued: names, dates and words as they are today.

Every kind has the same names, so that any template may use any of them: `issue` is there on the paper of one issue,
`round` and `groups` on that of a round. Source: domain 9d and 9e.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from itertools import groupby, takewhile
from typing import Any, cast
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from models import terms
from models.area import Area
from models.audit import Round
from models.city import City
from models.deadlines import due
from models.issue import Issue, SupervisionOrder
from models.lifecycle import Role
from models.paper import DEGREES, PaperKind
from models.point import Point
from models.rights import ROLES_OF, Actor, HeldPost, covers
from models.rules import Rules
from models.standard import Category, Standard
from models.unit import Person, Post, PostKind, Unit
from services import people, rulebook
from services.exports.words import limit_words
from services.papers.stationery import Stationery
from services.papers.words import PROVISIONAL, clean, day, late, moment

LEADERS = (PostKind.HANDLER, PostKind.DIRECT_LEADER, PostKind.DEPUTY_LEADER, PostKind.PRINCIPAL_LEADER)
DEGREE_WORDS = ("", "一", "二", "三")
Content = dict[str, Any]


@dataclass(frozen=True)
class Desk:
    """Who issues at what time, for which city, on what paper."""

    session: Session
    by: Actor
    now: datetime
    stationery: Stationery
    city: City

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.city.timezone)


@dataclass(frozen=True)
class Interview:
    """When and where an interview is; what is left open is filled in by hand."""

    when: str = ""
    place: str = ""


def of_issue(
    desk: Desk,
    issue: Issue,
    *,
    kind: PaperKind,
    rules: Rules,
    step: str,
    copied_to: Sequence[str],
    order: SupervisionOrder | None = None,
    interview: Interview | None = None,
) -> Content:
    """The content of a paper of one issue. A supervision order speaks of the day on which the ladder issued it."""
    at = order.issued_at if order else desk.now
    degree = DEGREES.get(kind, 0)
    item = item_of(desk, issue, rules=rules, at=at)
    heading = head(desk, kind, unit=str(issue.lead_unit), at=at, signs_over=issue)
    return {
        **heading,
        "number": order.number if order else "",
        "assisting": [_name(desk, Unit, code) for code in issue.assisting_units],
        "assisting_codes": list(issue.assisting_units),
        "degree": degree,
        "degree_words": DEGREE_WORDS[degree],
        "step": _step(rules, step),
        "copied_to": [title for title in copied_to if title != heading["office"]],
        "reply_due": reply_due(desk, at, order),
        "interview": {name: clean(value) for name, value in vars(interview or Interview()).items()},
        "area_path": issue.area_path,
        "point_code": issue.point_code,
        "issue": item,
        "round": None,
        "groups": [],
        "count": 1,
    }


def of_round(desk: Desk, round_: Round, issues: Sequence[Issue], *, unit: str, rules: Mapping[int, Rules]) -> Content:
    """The content of the notice of one round to one unit: its issues, grouped by point in their order."""
    items = [item_of(desk, issue, rules=rules[issue.id or 0], at=desk.now) for issue in issues]
    area = desk.session.get(Area, round_.area_code)
    return {
        **head(desk, PaperKind.RECTIFICATION_NOTICE, unit=unit, at=desk.now, signs_over=issues[0]),
        "number": "",
        "assisting": [],
        "assisting_codes": [],
        "degree": 0,
        "degree_words": "",
        "step": "",
        "copied_to": [],
        "reply_due": reply_due(desk, desk.now, None),
        "interview": vars(Interview()),
        "area_path": _above_all(issues),
        "point_code": None,
        "issue": None,
        "round": {
            "number": round_.number,
            "kind": terms.term(terms.ROUNDS, round_.kind, "zh-CN"),
            "area": clean(area.name if area else round_.area_code),
            "on_date": f"{round_.on_date.year}年{round_.on_date.month}月{round_.on_date.day}日",
        },
        "groups": by_point(items),
        "count": len(items),
    }


def by_point(items: Sequence[Content]) -> list[Content]:
    """Several issues, numbered, in the order of their points."""
    ordered = sorted(items, key=lambda item: (item["point_code"] or "~", item["place"], item["number"]))
    numbered = [{**item, "n": n} for n, item in enumerate(ordered, start=1)]
    return [
        {"point": point, "place": place, "issues": list(those)}
        for (point, place), those in groupby(numbered, key=lambda item: (item["point"], item["place"]))
    ]


def head(desk: Desk, kind: PaperKind, *, unit: str, at: datetime, signs_over: Issue) -> Content:
    """Who writes to whom, and when."""
    title = _signing_title(desk, signs_over)
    return {
        "kind": kind.value,
        "title": terms.term(terms.PAPERS, kind, "zh-CN"),
        "title_en": terms.term(terms.PAPERS, kind, "en").capitalize(),
        "city": clean(desk.city.name),
        "office": title,
        "unit": _name(desk, Unit, unit),
        "people": {post.value: _holders(desk, f"{unit}:{post}") for post in LEADERS},
        "issued_on": day(at, zone=desk.zone),
        "issued_by": _name(desk, Person, desk.by.code),
        "contact": clean(desk.stationery.contact),
        "phone": clean(desk.stationery.phone),
    }


def item_of(desk: Desk, issue: Issue, *, rules: Rules, at: datetime) -> Content:
    """One issue as a paper writes it."""
    zone = desk.zone
    point = desk.session.get(Point, issue.point_code) if issue.point_code else None
    severity = rules.severity(issue.severity)
    mark = PROVISIONAL if issue.due_provisional and issue.due_at else ""
    places = _places(desk, issue.area_path)
    moved = issue.original_due_at != issue.due_at
    return {
        "number": issue.number,
        "point_code": issue.point_code or "",
        "point": clean(point.name if point else ""),
        "place": "".join(places),
        "address": _beyond(clean(issue.address or (point.address if point else "")), places),
        "category": _category(desk, issue, point),
        "standard": _standard(desk, issue),
        "description": clean(issue.description),
        "severity": clean(f"{severity.code} {severity.name}"),
        "source": terms.term(terms.SOURCES, issue.source, "zh-CN"),
        "found_on": day(issue.found_at, zone=zone),
        "deduction": f"{issue.deduction.normalize():f}",
        "limit": limit_words(issue.limit or "", lang="zh-CN"),
        "assigned_on": day(issue.assigned_at, zone=zone),
        "sign_in_due": moment(issue.sign_in_due_at, zone=zone),
        "due": moment(issue.due_at, zone=zone) + mark,
        "original_due": moment(issue.original_due_at, zone=zone) if moved else "",
        "overdue": late(issue.due_at, until=at),
        "state": terms.term(terms.STATES, issue.state, "zh-CN"),
        "rework": issue.rework,
        "measure": clean(issue.measure),
    }


def _name(desk: Desk, table: type[Unit | Person], code: str) -> str:
    row = cast(Unit | Person | None, desk.session.get(table, code))
    return clean(row.name) if row else code


def _holders(desk: Desk, post: str) -> str:
    """Who holds a post today; empty where it is vacant."""
    today = people.city_day(desk.session, desk.now)
    return "、".join(_name(desk, Person, code) for code in people.holders(desk.session, post, today=today))


def _signing_title(desk: Desk, issue: Issue) -> str:
    """The title of the post by which the actor may issue here; the highest, where there are several."""
    fitting = [post for post in desk.by.all_posts if covers(post, issue) and _may_issue(post)]
    first = min(fitting, key=lambda post: (post.level, post.kind is not PostKind.OFFICE), default=None)
    row = desk.session.get(Post, f"{first.owner_code}:{first.kind}") if first else None
    return clean(row.title) if row and row.title else f"{clean(desk.city.name)}创建办"


def _may_issue(post: HeldPost) -> bool:
    return bool(ROLES_OF[post.kind] & {Role.DISPATCHER, Role.SUPERVISOR})


def _places(desk: Desk, path: str) -> list[str]:
    """The places above, below the city: 自流井区, 五星街街道, 高山井社区."""
    codes = path.split("/")[1:]
    query = select(Area.code, Area.name).where(col(Area.code).in_(codes))
    names = dict(desk.session.exec(query).all())
    return [clean(names.get(code, "")) for code in codes]


def _beyond(address: str, places: Sequence[str]) -> str:
    """An address without the places that stand before it already: 高山井社区120号."""
    return reduce(str.removeprefix, places, address).strip()


def _above_all(issues: Sequence[Issue]) -> str:
    """The path of the lowest area in which all of these issues lie."""
    levels = zip(*(issue.area_path.split("/") for issue in issues), strict=False)
    return "/".join(codes[0] for codes in takewhile(lambda codes: len(set(codes)) == 1, levels))


def _category(desk: Desk, issue: Issue, point: Point | None) -> str:
    code = issue.category_code or (point.category_code if point else None)
    category = desk.session.get(Category, code) if code else None
    return clean(category.name) if category else ""


def _standard(desk: Desk, issue: Issue) -> str:
    if not issue.standard_code:
        return ""
    standard = desk.session.get(Standard, (issue.version_code, issue.standard_code))
    return clean(f"{issue.standard_code} {standard.text}" if standard else issue.standard_code)


def _step(rules: Rules, code: str) -> str:
    return f"{code} {rules.step(code).name}" if code else ""


def reply_due(desk: Desk, at: datetime, order: SupervisionOrder | None) -> str:
    """Until when a written reply is asked for."""
    if order and order.reply_due_at:
        return moment(order.reply_due_at, zone=desk.zone)
    calendar = rulebook.calendar(desk.session, desk.city.calendar_version or 0)
    end = due(calendar, start=at, limit=desk.stationery.reply_within)
    return moment(end.at, zone=desk.zone) + (PROVISIONAL if end.provisional else "")
