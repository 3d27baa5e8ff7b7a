"""The morning's list (每日待办): one message for each person for whom something waits, on working days only.

They leave over some minutes, each person's always at the same moment (`[digest] spread_minutes` of the city's policy).
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast

from sqlalchemy import RowMapping, text
from sqlmodel import Session

from models import terms
from models.errors import DubanError
from models.issue import Issue, RequestKind
from models.lifecycle import RUNNING, State
from models.message import Message
from models.routing import post_for, verifier_posts
from notifications.limits import share_of
from notifications.outbox import wake
from notifications.words import Language, language
from services import bulk, people, rulebook
from services.digest_errands import HOLDERS, SILENT, errands_told
from services.message_rows import message_row
from services.papers.due import due_papers

# What waits, in the order in which it is listed: (zh-CN, en)
WORDS: Mapping[str, tuple[str, str]] = {
    "overdue": ("已逾期", "overdue"),
    "sign_in": ("待签收", "to sign in"),
    "rectify": ("整改中", "to rectify"),
    "verify": ("待复核", "to verify"),
    "assign": ("待交办", "to assign"),
    "decide": ("待审批", "request to decide"),
    "paper": ("待开文书", "paper to issue"),
    **{kind: words for kind, words in terms.ERRANDS.items() if kind not in SILENT},
}
ORDER = tuple(WORDS)
CHANNELS = ("app", "chat")
URGENCY = 6
SPREAD_MINUTES = 5
DISTRICT = 2


@dataclass(frozen=True)
class Waiting:
    """One thing that waits for the holders of a post, or (a handler who signed in) for a person."""

    what: str
    number: str
    place: str
    due_at: datetime | None
    post: str | None = None
    person: str | None = None


def daily_digest(session: Session, *, now: datetime) -> int:
    """Write today's lists; returns how many persons get one. Running it twice on a day adds nothing."""
    city = rulebook.the_city(session)
    today = people.city_day(session, now)
    if not rulebook.calendar(session, city.calendar_version or 0).is_workday(today):
        return 0
    policy = rulebook.rules(session, city.rule_set_code).policy if city.rule_set_code else {}
    papers = _papers(session) if policy.get("papers", {}).get("in_digest", True) else ()
    beside = _errands(session, now)
    by_person = _by_person(session, [*_issues(session, now), *_requests(session), *papers, *beside], now=now)
    languages = _languages(session, list(by_person))
    spread = timedelta(minutes=float(policy.get("digest", {}).get("spread_minutes", SPREAD_MINUTES)))
    rows = [
        message_row(
            key=f"daily-{today}-{person}",
            kind="daily_digest",
            person=person,
            area_path=city.code,
            why="waiting",
            channels=CHANNELS,
            urgency=URGENCY,
            facts=_facts(waiting, languages[person]),
            now=now,
        )
        | {"not_before": now + share_of(person, spread)}
        for person, waiting in sorted(by_person.items())
    ]
    written = bulk.insert(session, Message, rows, or_skip=True)
    if written:
        wake(session)
    return written


def _issues(session: Session, now: datetime) -> Iterator[Waiting]:
    for row in session.connection().execute(text(ISSUES)).mappings():
        issue = cast(Issue, SimpleNamespace(**row))
        one = Waiting("", issue.number, row["place"], issue.due_at)
        if issue.state == State.FOUND:
            yield replace(one, what="assign", post=_office(issue), due_at=issue.stage_due_at)
        elif issue.state == State.RECTIFIED:
            verify = replace(one, what="verify", due_at=issue.stage_due_at)
            yield from (replace(verify, post=post) for post in verifier_posts(issue))
        else:
            yield from _with_the_unit(one, issue, now)


def _with_the_unit(one: Waiting, issue: Issue, now: datetime) -> Iterator[Waiting]:
    """Whoever holds the handler's post today hears of all its issues; the direct leader of those that are overdue."""
    overdue = issue.due_at is not None and issue.due_at < now
    post = post_for("unit.handler", issue)
    if issue.state == State.ASSIGNED:
        yield replace(one, what="sign_in", post=post, due_at=issue.sign_in_due_at)
    else:
        what = "overdue" if overdue else "rectify"
        yield replace(one, what=what, post=post)
    if overdue:
        yield replace(one, what="overdue", post=post_for("unit.direct_leader", issue))


def _office(issue: Issue, level: int = 2) -> str | None:
    return post_for(f"L{level}.office", issue) or post_for("L1.office", issue)


def _requests(session: Session) -> Iterator[Waiting]:
    """A request waits for the office that may decide it: the city where the rules say so, else the district."""
    city = rulebook.the_city(session)
    for row in session.connection().execute(text(REQUESTS)).mappings():
        issue = cast(Issue, SimpleNamespace(**row))
        level = _deciding_level(session, row, row["rule_set_code"] or city.rule_set_code or "")
        yield Waiting("decide", issue.number, row["place"], issue.due_at, post=_office(issue, level))


def _papers(session: Session) -> Iterator[Waiting]:
    """Papers wait for a person's signature: the office that issues them (docs/decisions/0021)."""
    for one in due_papers(session):
        yield Waiting("paper", one.number, one.place, None, post=one.office)


def _errands(session: Session, now: datetime) -> Iterator[Waiting]:
    for one in errands_told(session, now=now):
        yield Waiting(one.kind.value, one.number, one.name, one.due_at, person=one.person)


def _deciding_level(session: Session, row: RowMapping, rules: str) -> int:
    """The level that its rule names. An issue whose rules cannot be read must not cost everybody the list."""
    if row["kind"] != RequestKind.EXTENSION:
        return DISTRICT
    try:
        rule = rulebook.rules(session, rules).severity(row["severity"])
    except (DubanError, LookupError, TypeError, ValueError, ArithmeticError):
        return DISTRICT
    return min(DISTRICT, rule.extension.approver_level)


def _by_person(session: Session, waiting: list[Waiting], *, now: datetime) -> dict[str, list[Waiting]]:
    holders: dict[str, list[str]] = defaultdict(list)
    known = {"codes": sorted({one.post for one in waiting if one.post}), "today": people.city_day(session, now)}
    for post, person in session.connection().execute(text(HOLDERS), known):
        holders[post].append(person)
    found: dict[str, list[Waiting]] = defaultdict(list)
    for one in waiting:
        for person in [one.person] if one.person else holders.get(one.post or "", ()):
            found[person].append(one)
    return {person: _sorted(listed) for person, listed in found.items()}


def _sorted(waiting: list[Waiting]) -> list[Waiting]:
    """What is overdue first, each kind soonest first, each once per kind (a leader may be handler too)."""
    once = {(one.what, one.number, one.person and one.place): one for one in waiting}.values()
    return sorted(once, key=lambda one: (ORDER.index(one.what), one.due_at is None, one.due_at, one.number))


def _facts(waiting: list[Waiting], lang: Language) -> dict[str, Any]:
    """`counts` per kind, and a line for each; by the post for which it waits, its link is one that acts."""
    counts = {what: sum(one.what == what for one in waiting) for what in ORDER}
    word = 0 if lang == "zh-CN" else 1
    lines = [
        {
            "number": one.number,
            "what": f"{WORDS[one.what][word]} {one.place}".strip(),
            "due": one.due_at,
            "post": one.post,
        }
        for one in waiting
    ]
    return {"counts": {what: count for what, count in counts.items() if count}, "lines": lines}


def _languages(session: Session, persons: list[str]) -> dict[str, Language]:
    rows = session.connection().execute(
        text("SELECT code, coalesce(chosen_lang, lang) FROM person WHERE code = ANY(:codes)"), {"codes": persons}
    )
    return {code: language(lang) for code, lang in rows}


UNITS_TURN = ", ".join(f"'{state.value}'" for state in sorted(RUNNING))
PLACE = "coalesce(p.name, nullif(i.address, ''), left(i.description, 20)) AS place"
ISSUES = f"""
SELECT i.number, i.state, i.lead_unit, i.handler, i.area_path, i.point_code, i.due_at, i.sign_in_due_at, i.stage_due_at,
       {PLACE}
  FROM issue i LEFT JOIN point p ON p.code = i.point_code
 WHERE i.state IN ('found', 'rectified', {UNITS_TURN})
"""
REQUESTS = f"""
SELECT r.kind, i.number, i.lead_unit, i.area_path, i.point_code, i.due_at, i.severity, i.rule_set_code, {PLACE}
  FROM request r JOIN issue i ON i.id = r.issue_id LEFT JOIN point p ON p.code = i.point_code
 WHERE r.state = 'asked'
"""
