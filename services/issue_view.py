"""One issue as a reader sees it on its page: what, where, whose, until when, what happened, and what hangs on it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from models.area import Area
from models.closing import applies, missing_conditions
from models.evidence import Video
from models.filing import item_of
from models.issue import Evidence, EvidenceKind, Issue, IssueEvent, Request, SupervisionOrder
from models.lifecycle import State
from models.point import Point
from models.rules import Rules
from models.standard import Category, Standard
from models.unit import Person, Post, Unit
from services import queries, rulebook
from services.photos import IMAGES
from services.time_left import Running, running

WAITS = frozenset({State.RECTIFYING, State.RECTIFIED, State.VERIFIED})


@dataclass(frozen=True)
class Pair:
    """A photo before and one after the work: keys of evidence; either may be missing."""

    before: int | None
    after: int | None


@dataclass(frozen=True)
class Condition:
    """One condition of the close-out, and whether it holds by now."""

    code: str
    holds: bool


@dataclass(frozen=True)
class IssueView:
    """Everything that the page tells. `names` gives a name for each code that occurs in it.

    `pairs`: photos of this cycle side by side; `films`: videos, with what is known of each; `others`: evidence that is
    neither. `running`: the clock that runs.
    """

    issue: Issue
    timezone: str
    demo: bool
    rules: Rules
    overdue: bool
    running: Running | None
    point: Point | None
    standard: Standard | None
    category: Category | None
    places: Sequence[str]
    events: Sequence[IssueEvent]
    requests: Sequence[Request]
    orders: Sequence[SupervisionOrder]
    pairs: Sequence[Pair]
    films: Sequence[tuple[Evidence, Video]]
    others: Sequence[Evidence]
    conditions: Sequence[Condition]
    merged_into: str | None
    names: Mapping[str, str]

    def name(self, code: str | None) -> str:
        """The name of a person, unit, place or post; the code where there is none, nothing for nothing."""
        return self.names.get(code or "", code or "")


def view(session: Session, issue: Issue, *, now: datetime) -> IssueView:
    """What is told of an issue; whether the reader may see it is for services/sight.py to say."""
    found = queries.detail(session, issue.id or 0, now=now)
    city = rulebook.the_city(session)
    rules = rulebook.rules(session, issue.rule_set_code or city.rule_set_code or "")
    names = {**found.names, **_more_names(session, found, known=found.names)}
    films = _films(session, found.evidence)
    filmed = {piece.id for piece, _ in films}
    pairs, others = _photos(issue, [piece for piece in found.evidence if piece.id not in filmed])
    standard = session.get(Standard, (issue.version_code, issue.standard_code)) if issue.standard_code else None
    other = session.get(Issue, issue.merged_into) if issue.merged_into else None
    return IssueView(
        issue=issue,
        timezone=city.timezone,
        demo=city.demo,
        rules=rules,
        overdue=found.overdue,
        running=running(session, issue, now=now),
        point=session.get(Point, issue.point_code) if issue.point_code else None,
        standard=standard,
        category=session.get(Category, issue.category_code) if issue.category_code else None,
        places=[names.get(code, code) for code in issue.area_path.split("/")],
        events=found.events,
        requests=found.requests,
        orders=found.orders,
        pairs=pairs,
        films=films,
        others=others,
        conditions=_conditions(issue, rules, found.evidence, standard),
        merged_into=other.number if other else None,
        names=names,
    )


def _more_names(session: Session, found: queries.Detail, *, known: Mapping[str, str]) -> dict[str, str]:
    """Names of the units, persons and posts that only events, orders and evidence speak of."""
    codes = {str(code) for event in found.events for code in _codes(event.facts)}
    codes |= {code for order in found.orders for code in (order.replied_by, order.unit_code) if code}
    codes |= {piece.added_by for piece in found.evidence}
    codes -= set(known)
    names: dict[str, str] = {}
    for table, column in ((Unit, Unit.name), (Person, Person.name), (Post, Post.title), (Area, Area.name)):
        rows = session.exec(select(col(table.code), col(column)).where(col(table.code).in_(codes))) if codes else ()
        names |= {code: name for code, name in rows if name}
    return names


CODES = ("lead_unit", "suggested_unit", "returned_by", "handler", "submitted_by", "verified_by", "post", "person")


def _codes(facts: Mapping[str, Any]) -> Iterable[str]:
    yield from (facts[name] for name in CODES if facts.get(name))
    yield from facts.get("assisting_units") or ()
    yield from facts.get("told") or ()


def _films(session: Session, evidence: Sequence[Evidence]) -> list[tuple[Evidence, Video]]:
    """Those that can be shown, or were withheld."""
    query = select(Video).where(col(Video.sha256).in_({piece.sha256 for piece in evidence}), Video.fault == "")
    known = {video.sha256: video for video in session.exec(query)} if evidence else {}
    return [(piece, known[piece.sha256]) for piece in evidence if piece.sha256 in known]


def _photos(issue: Issue, evidence: Sequence[Evidence]) -> tuple[list[Pair], list[Evidence]]:
    """The first photo before with the last one after, and so on; what is left over goes with the rest."""
    shown = [piece for piece in evidence if piece.media_type in IMAGES]
    before = [piece for piece in shown if piece.kind == EvidenceKind.BEFORE]
    after = [piece for piece in shown if piece.kind == EvidenceKind.AFTER and piece.cycle == issue.cycle]
    length = max(min(len(before), len(after)), 1)
    pairs = [
        Pair(_key(before, place), _key(after, place))
        for place in range(length)
        if place < len(before) or place < len(after)
    ]
    paired = {key for pair in pairs for key in (pair.before, pair.after)}
    return pairs, [piece for piece in evidence if piece.id not in paired]


def _key(pieces: Sequence[Evidence], place: int) -> int | None:
    return pieces[place].id if place < len(pieces) else None


def _conditions(issue: Issue, rules: Rules, evidence: Sequence[Evidence], standard: Standard | None) -> list[Condition]:
    """What the close-out waits for, as long as there is something to wait for (models/closing.py)."""
    if issue.state not in WAITS:
        return []
    there = frozenset(piece.kind.value for piece in evidence if piece.cycle == issue.cycle)
    proof = (standard is None or standard.evidence != "none") and not item_of(issue)
    missing = missing_conditions(issue, rules=rules, evidence=there, evidence_wanted=proof)
    wanted = [row["code"] for row in rules.close_out if applies(row, issue) and (proof or row["code"] != "after_photo")]
    return [Condition(code, code not in missing) for code in wanted]
