"""Shorthand for these tests: verbs by the people whose work they are, and what no verb would write.

Times are city time; where none is given everything happens on MONDAY at ten.
"""

import copy
from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlmodel import Session

from models.issue import RequestKind
from models.rule import RuleSet
from services import issues, requests
from tests.cast import HANDLER, MONDAY, OFFICE, PHOTO, VERIFIER, at, who
from tests.small_city import rule_content

DUE = at("2026-11-05 17:00")  # of an S3 issue assigned on MONDAY
MARKETS = "R00023"  # handler of D-SCJGJ


def assign(city: Session, key: int, *, to: str = "D-CGJ", now: datetime = MONDAY, **more: Any) -> None:
    issues.assign(city, issue_ids=[key], by=who(city, OFFICE, now=now), now=now, to=to, **more)


def sign_in(city: Session, key: int, *, by: str = HANDLER, now: datetime = MONDAY) -> None:
    issues.sign_in(city, issue_ids=[key], by=who(city, by, now=now), now=now)


def give_back(city: Session, key: int, *, by: str = HANDLER, now: datetime = MONDAY) -> None:
    issues.give_back(city, issue_ids=[key], by=who(city, by, now=now), now=now, reason="非本单位")


def submit(city: Session, key: int, *, by: str = HANDLER, now: datetime = MONDAY) -> None:
    issues.submit(city, issue_ids=[key], by=who(city, by, now=now), now=now, result="已清理", evidence=[PHOTO])


def verify(city: Session, key: int, *, by: str = VERIFIER, now: datetime = MONDAY) -> None:
    issues.pass_verification(city, issue_ids=[key], by=who(city, by, now=now), now=now)


def fail(city: Session, key: int, *, now: datetime = MONDAY) -> None:
    issues.fail_verification(city, issue_ids=[key], by=who(city, VERIFIER, now=now), now=now, reason="不合格")


def finish(city: Session, key: int, *, now: datetime = MONDAY) -> None:
    """From rectifying to closed."""
    submit(city, key, now=now)
    verify(city, key, now=now)
    issues.close_out(city, issue_ids=[key], by=who(city, OFFICE, now=now), now=now)


def comment(city: Session, key: int, *, words: str = "请抓紧", now: datetime = MONDAY) -> None:
    issues.comment(city, issue_ids=[key], by=who(city, OFFICE, now=now), now=now, text=words)


def merge(city: Session, key: int, *, into: int, now: datetime = MONDAY) -> None:
    issues.merge(city, issue_ids=[key], by=who(city, OFFICE, now=now), now=now, into=into)


def reapply(city: Session, key: int, *, now: datetime = MONDAY, **more: Any) -> None:
    issues.reapply_rules(city, issue_ids=[key], by=who(city, OFFICE, now=now), now=now, **more)


def ask_extension(
    city: Session, key: int, amount: str = "1 working_days", *, by: str = HANDLER, now: datetime = MONDAY
) -> None:
    by_whom = who(city, by, now=now)
    requests.ask_extension(city, issue_ids=[key], by=by_whom, now=now, reason="雨", amount=amount)


def ask_shelving(city: Session, key: int, *, milestone: datetime, now: datetime = MONDAY) -> None:
    by = who(city, HANDLER, now=now)
    requests.ask_shelving(city, issue_ids=[key], by=by, now=now, reason="待财政", milestone=milestone)


def grant(city: Session, key: int, kind: RequestKind, *, by: str = OFFICE, now: datetime = MONDAY, **more: Any) -> None:
    requests.grant(city, issue_ids=[key], by=who(city, by, now=now), now=now, kind=kind, **more)


def shelve(city: Session, key: int, *, now: datetime, until: datetime) -> None:
    """Shelved at one time and resumed at another, before its milestone."""
    ask_shelving(city, key, milestone=at("2027-01-20 10:00"), now=now)
    grant(city, key, RequestKind.SHELVING, now=now)
    issues.resume(city, issue_ids=[key], by=who(city, OFFICE, now=until), now=until)


def take_back(city: Session, key: int, *, now: datetime = MONDAY) -> None:
    """The unit asks, after signing in, that somebody else answers, and is heard."""
    requests.ask_return(city, issue_ids=[key], by=who(city, HANDLER, now=now), now=now, reason="权属不清")
    grant(city, key, RequestKind.RETURN, now=now)


def run(city: Session, statement: str, **values: Any) -> None:
    """A statement past every verb: what a fault, or somebody at the database, would leave."""
    city.connection().execute(text(statement), values)


def nobody_got(city: Session, kind: str, *posts: str) -> None:
    """The waiting messages of a kind, to these posts or to all, found nobody in their post."""
    run(
        city,
        "UPDATE message SET state = 'failed', failure = 'vacant'"
        " WHERE kind = :kind AND state = 'pending' AND (post_code = ANY(:posts) OR cardinality(:posts) = 0)",
        kind=kind,
        posts=list(posts),
    )


def add_rules(city: Session, code: str, change: Callable[[dict[str, Any]], None]) -> None:
    """Another rule set beside the one in force: the same, but for a change."""
    content = copy.deepcopy(rule_content())
    change(content)
    city.add(RuleSet(code=code, content=content, created_at=MONDAY))
    city.flush()
