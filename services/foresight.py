"""Who will be told, when and how, if nobody acts: the steps ahead of one issue, up to the city."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlmodel import Session

from models.calendar import Calendar
from models.errors import NotFound
from models.issue import Issue
from models.ladder import Due, schedule, stage_step
from models.lifecycle import RUNNING, Action
from models.routing import superiors
from models.rules import Rules
from notifications.audience import Told, audience
from services import people, rulebook


@dataclass(frozen=True)
class PostAhead:
    """A post that will be told, and who holds it today. Vacant: `instead` is the post that is told in its place.

    `exists` is false for a post that there is not at this place (a community has no deputy leader): it is stepped over.
    """

    code: str
    title: str
    why: str
    holders: tuple[str, ...]
    exists: bool
    instead: "PostAhead | None" = None

    @property
    def vacant(self) -> bool:
        return not self.holders


@dataclass(frozen=True)
class Foreseen:
    """One step ahead. `told` is false where it is already due together with a higher one, which alone is told."""

    step: str
    name: str
    name_en: str
    at: datetime
    provisional: bool
    level: int
    paper: str
    channels: tuple[str, ...]
    person_decides: bool
    told: bool
    posts: tuple[PostAhead, ...]


def preview(session: Session, issue_id: int, *, now: datetime) -> list[Foreseen]:
    """The steps that time alone will bring to an issue as it stands, soonest first. Raises NotFound."""
    issue = session.get(Issue, issue_id)
    if issue is None:
        raise NotFound(what="issue", code=issue_id)
    city = rulebook.the_city(session)
    rules = rulebook.rules(session, issue.rule_set_code or city.rule_set_code or "")
    calendar = rulebook.calendar(session, issue.calendar_version or city.calendar_version or 0)
    ahead = schedule(issue, rules=rules, calendar=calendar)
    told = {step.code: _audience(step, issue, rules) for step in ahead}
    posts = _Posts(session, (one for group in told.values() for one in group), issue, city=city.code, now=now)
    overdue = [step.code for step in ahead if step.at <= now]
    return [
        _foreseen(step, issue, rules, calendar, now, posts.of(told[step.code]), told=step.code not in overdue[:-1])
        for step in ahead
    ]


def _audience(step: Due, issue: Issue, rules: Rules) -> list[Told]:
    facts = {"paper": rules.step(step.code).paper} if issue.state in RUNNING else {}
    return audience(Action.ESCALATE, issue=issue, step=step.code, facts=facts, rules=rules, told=())


def _foreseen(
    due: Due, issue: Issue, rules: Rules, calendar: Calendar, now: datetime, posts: tuple[PostAhead, ...], *, told: bool
) -> Foreseen:
    step = rules.step(due.code) if issue.state in RUNNING else stage_step(due.code, rules)
    return Foreseen(
        step=due.code,
        name=getattr(step, "name", step.code),
        name_en=getattr(step, "name_en", step.code),
        at=due.at,
        provisional=_is_provisional(due, issue, rules, calendar, now),
        level=step.level,
        paper=step.paper,
        channels=step.channels,
        person_decides=getattr(step, "person_decides", False),
        told=told,
        posts=posts,
    )


def _is_provisional(due: Due, issue: Issue, rules: Rules, calendar: Calendar, now: datetime) -> bool:
    """Whether a day that no notice has published lies on the way there, and working days are counted."""
    start = min(issue.due_at or issue.stage_due_at or due.at, due.at)
    if issue.due_provisional and issue.state in RUNNING and issue.due_at and due.at >= issue.due_at:
        return True
    step = rules.step(due.code) if issue.state in RUNNING else stage_step(due.code, rules)
    counts = rules.offset(step, severity=issue.severity).clock.is_working
    first, last = calendar.local(max(start, min(now, due.at))).date(), calendar.local(due.at).date()
    return counts and not calendar.is_published(first, last)


class _Posts:
    """The posts that come into question and who holds them today, in two statements."""

    def __init__(self, session: Session, told: Iterable[Told], issue: Issue, *, city: str, now: datetime) -> None:
        self.issue, self.city = issue, city
        codes = {one.post for one in told if one.post}
        codes |= {above for code in codes for above in self._above(code)}
        connection, known = session.connection(), {"codes": sorted(codes), "today": people.city_day(session, now)}
        titles = connection.execute(text("SELECT code, title FROM post WHERE code = ANY(:codes)"), known)
        self.titles: Mapping[str, str] = {row.code: row.title for row in titles}
        self.holders: dict[str, tuple[str, ...]] = {}
        for code, name in connection.execute(text(HELD), known):
            self.holders[code] = (*self.holders.get(code, ()), name)

    def of(self, told: Sequence[Told]) -> tuple[PostAhead, ...]:
        return tuple(self._ahead(one.post, one.why) for one in told if one.post)

    def _ahead(self, code: str, why: str) -> PostAhead:
        instead = None if self.holders.get(code) else self._instead(code, why)
        return self._plain(code, why, instead)

    def _plain(self, code: str, why: str, instead: PostAhead | None = None) -> PostAhead:
        title, holders = self.titles.get(code, code), self.holders.get(code, ())
        return PostAhead(code, title or code, why, holders, exists=code in self.titles, instead=instead)

    def _instead(self, code: str, why: str) -> PostAhead | None:
        filled = (above for above in self._above(code) if self.holders.get(above))
        return next((self._plain(above, why) for above in filled), None)

    def _above(self, code: str) -> list[str]:
        return superiors(code, area_path=self.issue.area_path, city=self.city)


# Whoever fills in for a holder today is told too, and named after them.
HELD = """
SELECT t.post_code, p.name FROM tenure t JOIN person p ON p.code = t.person_code
 WHERE t.post_code = ANY(:codes) AND t.valid_from <= :today AND (t.valid_to IS NULL OR t.valid_to >= :today)
UNION
SELECT t.post_code, p.name FROM tenure t
  JOIN deputy d ON d.person_code = t.person_code AND d.valid_from <= :today AND d.valid_to >= :today
  JOIN person p ON p.code = d.deputy_code
 WHERE t.post_code = ANY(:codes) AND t.valid_from <= :today AND (t.valid_to IS NULL OR t.valid_to >= :today)
"""
