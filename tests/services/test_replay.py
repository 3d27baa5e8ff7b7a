"""Another policy over past issues: hand-made pasts first, then one read from the record."""

from dataclasses import replace
from datetime import UTC, datetime, time

import pytest
from sqlmodel import Session

from models.calendar import Calendar, Span
from models.calendar_sources import seed_days
from models.deadlines import Limit
from models.issue import RequestKind
from models.lifecycle import Action
from models.rules import Rules, parse_rules
from services import issues, requests, sweeps
from services.replay import replay
from services.replaying import Fate, Happened, Past, as_it_was, replayed
from tests.cast import HANDLER, OFFICE, VERIFIER, an_issue, at, who
from tests.small_city import a_city, rule_content

RULES = parse_rules("now", rule_content())
DAYS = {day.date: day for day in seed_days([2026])}
CALENDAR = Calendar(1, "Asia/Shanghai", (Span(time(9), time(12)), Span(time(13), time(17))), DAYS)
ASSIGNED = Happened(Action.ASSIGN, at("2026-11-02 10:00"), due_at=at("2026-11-05 17:00"))
SIGNED = Happened(Action.SIGN_IN, at("2026-11-02 11:00"))
END = at("2026-12-01 00:00")


def past(*events: Happened, severity: str = "S3") -> Past:
    return Past(severity, CALENDAR, events)


def with_limit(limit: str, rules: Rules = RULES) -> Rules:
    s3 = replace(rules.severities["S3"], limit=Limit.parse(limit))
    return replace(rules, code="other", severities={**rules.severities, "S3": s3})


def fired(fate: Fate) -> list[str]:
    return sorted(fate.steps.elements())


def test_the_same_rules_give_what_the_same_rules_gave() -> None:
    late = past(ASSIGNED, SIGNED, Happened(Action.SUBMIT, at("2026-11-09 10:00")))
    fate = replayed(late, rules=RULES, until=END)
    assert (fired(fate), fate.late) == (["E2", "E3", "E4"], True)


def test_a_shorter_limit_makes_a_punctual_issue_late() -> None:
    punctual = past(ASSIGNED, SIGNED, Happened(Action.SUBMIT, at("2026-11-04 10:00")))
    assert as_it_was(punctual, until=END) == Fate()
    fate = replayed(punctual, rules=with_limit("1 working_days"), until=END)
    assert (fired(fate), fate.late) == (["E2", "E3"], True)


def test_nobody_signing_in_fires_the_first_step() -> None:
    fate = replayed(
        past(ASSIGNED, Happened(Action.SIGN_IN, at("2026-11-02 16:00"))), rules=RULES, until=at("2026-11-03 09:00")
    )
    assert fired(fate) == ["E1"]


def test_what_is_still_open_climbs_until_the_end() -> None:
    fate = replayed(past(ASSIGNED, SIGNED), rules=RULES, until=END)
    assert fired(fate) == ["E2", "E3", "E4", "E5", "E6", "E7", "E8"]


def test_shelved_time_does_not_count() -> None:
    shelved = [Happened(Action.GRANT_SHELVING, at("2026-11-03 12:00")), Happened(Action.RESUME, at("2026-11-23 09:00"))]
    fate = replayed(past(ASSIGNED, SIGNED, *shelved), rules=RULES, until=at("2026-11-24 18:00"))
    assert (fired(fate), fate.late) == (["E2"], False)


def test_granted_time_comes_on_top_of_the_other_limit() -> None:
    granted = Happened(Action.GRANT_EXTENSION, at("2026-11-02 12:00"), minutes=420)
    fate = replayed(past(ASSIGNED, SIGNED, granted), rules=with_limit("1 working_days"), until=at("2026-11-04 16:59"))
    assert fate.late is False
    assert replayed(past(ASSIGNED, SIGNED), rules=with_limit("1 working_days"), until=at("2026-11-04 16:59")).late


def test_a_second_failed_check_jumps_as_the_other_rules_say() -> None:
    failures = [
        event
        for day in (3, 4)
        for event in (
            Happened(Action.SUBMIT, at(f"2026-11-0{day} 10:00")),
            Happened(Action.FAIL, at(f"2026-11-0{day} 11:00")),
        )
    ]
    twice = past(ASSIGNED, SIGNED, *failures)
    assert fired(replayed(twice, rules=RULES, until=at("2026-11-04 12:00"))) == ["E3"]
    thrice = replace(RULES, jump=replace(RULES.jump, failed_checks=3))
    assert fired(replayed(twice, rules=thrice, until=at("2026-11-04 12:00"))) == []


def test_a_step_counts_again_in_a_new_cycle() -> None:
    closed = [Happened(Action.SUBMIT, at("2026-11-06 10:00")), Happened(Action.CLOSE_OUT, at("2026-11-06 11:00"))]
    again = Happened(Action.REOPEN, at("2026-11-09 10:00"))
    fate = replayed(past(ASSIGNED, SIGNED, *closed, again), rules=RULES, until=at("2026-11-12 17:00"))
    assert fate.steps == {"E2": 2, "E3": 2}


@pytest.fixture
def city(session: Session) -> Session:
    a_city(session)
    return session


def played(session: Session, rules: Rules):
    return replay(session, rules, start=datetime(2026, 11, 1, tzinfo=UTC), end=datetime(2026, 12, 1, tzinfo=UTC))


def test_the_rules_in_force_would_have_done_what_they_did(city: Session, engine) -> None:
    key = an_issue(city, state="rectifying", now=at("2026-11-02 10:00"))
    ask = {"issue_ids": [key], "now": at("2026-11-03 12:00")}
    requests.ask_extension(city, by=who(city, HANDLER), reason="雨", amount="1 working_days", **ask)
    requests.grant(city, by=who(city, OFFICE), kind=RequestKind.EXTENSION, **ask)
    for moment in ("2026-11-05 14:00", "2026-11-06 17:01", "2026-11-09 17:01"):
        city.commit()
        sweeps.tick(lambda: Session(engine), now=at(moment))
    by = who(city, HANDLER)
    proof = [{"kind": "after", "sha256": "ab" * 32}]
    issues.submit(city, issue_ids=[key], by=by, now=at("2026-11-10 09:30"), result="完成", evidence=proof)
    issues.fail_verification(city, issue_ids=[key], by=who(city, VERIFIER), now=at("2026-11-10 10:00"), reason="不行")
    issues.submit(city, issue_ids=[key], by=by, now=at("2026-11-10 11:00"), result="完成", evidence=proof)
    counts = played(city, RULES)
    assert counts.all.steps == {"E2": (1, 1), "E3": (1, 1), "E4": (1, 1)}
    assert (counts.all.issues, counts.all.late_then, counts.all.late_now) == (1, 1, 1)


def test_another_limit_is_counted_by_severity(city: Session) -> None:
    key = an_issue(city, state="rectifying", now=at("2026-11-02 10:00"))
    an_issue(city, state="closed", now=at("2026-11-02 10:00"), severity="S4")
    proof = [{"kind": "after", "sha256": "ab" * 32}]
    issues.submit(
        city, issue_ids=[key], by=who(city, HANDLER), now=at("2026-11-04 10:00"), result="完成", evidence=proof
    )
    counts = played(city, with_limit("1 working_days"))
    assert (counts.by_severity["S3"].late_then, counts.by_severity["S3"].late_now) == (0, 1)
    assert counts.by_severity["S3"].steps == {"E2": (0, 1), "E3": (0, 1)}
    assert (counts.by_severity["S4"].issues, counts.by_severity["S4"].late_now) == (1, 0)


def test_a_severity_that_the_other_rules_lack_is_counted_apart(city: Session) -> None:
    an_issue(city, state="rectifying", now=at("2026-11-02 10:00"))
    without = {code: rule for code, rule in RULES.severities.items() if code != "S3"}
    counts = played(city, replace(RULES, severities=without))
    assert (counts.unknown, counts.all.issues) == (1, 0)


def test_issues_assigned_outside_the_period_are_left_out(city: Session) -> None:
    an_issue(city, state="rectifying", now=at("2026-10-20 10:00"))
    assert played(city, RULES).all.issues == 0
