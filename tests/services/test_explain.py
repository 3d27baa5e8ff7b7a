"""Why a deadline is when it is: told from the record, day by day."""

import pytest
from sqlmodel import Session

from models.deadline_lines import DayNote
from models.errors import NotFound
from models.issue import IssueEvent, RequestKind
from models.lifecycle import Action, State
from services import issues, requests
from services.explain import runs, why
from tests.cast import HANDLER, OFFICE, VERIFIER, an_issue, at, shown, who
from tests.small_city import a_city

TUESDAY = at("2026-09-29 10:00")


@pytest.fixture
def city(session: Session) -> Session:
    a_city(session)
    return session


def test_every_day_of_the_deadline_is_told(city: Session) -> None:
    told = why(city, an_issue(city, state="rectifying", now=TUESDAY))
    assert shown(told.due_at) == "2026-10-09 17:00"
    assert [(f"{line.date:%m-%d}", line.note.value, line.counted) for line in told.now_running.lines] == [
        ("09-29", "not_counted_issue_day", 0),
        ("09-30", "counted", 420),
        *[(f"10-0{day}", "weekend" if day == 4 else "holiday", 0) for day in range(1, 8)],
        ("10-08", "counted", 420),
        ("10-09", "counted", 420),
    ]


def test_it_names_the_rule_and_the_calendar_it_came_from(city: Session) -> None:
    told = why(city, an_issue(city, state="rectifying", now=TUESDAY))
    assert (told.severity, told.severity_name, told.calendar_version, told.calendar_source) == (
        "S3",
        "一般",
        1,
        "tests",
    )
    assert (told.now_running.limit, told.provisional, told.running) == ("3 working_days", False, True)


def test_a_found_issue_has_no_deadline_to_explain(city: Session) -> None:
    told = why(city, an_issue(city, now=TUESDAY))
    assert (told.state, told.due_at, told.clocks, told.now_running) == (State.FOUND, None, (), None)
    assert shown(told.stage_due_at) == "2026-09-29 15:00"


def test_shelved_days_do_not_count(city: Session) -> None:
    key = an_issue(city, state="rectifying", now=at("2026-11-02 10:00"))
    ask = {"issue_ids": [key], "now": at("2026-11-03 12:00")}
    requests.ask_shelving(city, by=who(city, HANDLER), reason="待料", milestone=at("2026-11-20 09:00"), **ask)
    requests.grant(city, by=who(city, OFFICE), kind=RequestKind.SHELVING, **ask)
    assert sum(line.counted for line in why(city, key).now_running.lines) == 180
    issues.resume(city, issue_ids=[key], by=who(city, HANDLER), now=at("2026-11-09 09:00"))
    (clock,) = why(city, key).clocks
    assert [(shown(a), shown(b)) for a, b in clock.pauses] == [("2026-11-03 12:00", "2026-11-09 09:00")]
    assert shown(clock.due_at) == "2026-11-11 14:00"
    assert sum(line.counted for line in clock.lines) == 3 * 420
    assert [line.date.day for line in clock.lines if line.note is DayNote.SHELVED] == [3, 4, 5, 6]


def test_granted_time_is_a_move_with_old_and_new_date(city: Session) -> None:
    key = an_issue(city, state="rectifying", now=at("2026-11-02 10:00"))
    ask = {"issue_ids": [key], "now": at("2026-11-03 12:00")}
    requests.ask_extension(city, by=who(city, HANDLER), reason="雨", amount="2 working_days", **ask)
    requests.grant(city, by=who(city, OFFICE), kind=RequestKind.EXTENSION, **ask)
    (move,) = why(city, key).now_running.moves
    assert (move.action, move.amount) == (Action.GRANT_EXTENSION, "2 working_days")
    assert (shown(move.old_due_at), shown(move.new_due_at)) == ("2026-11-05 17:00", "2026-11-09 17:00")


def test_a_failed_check_starts_a_second_clock_at_half_the_limit(city: Session) -> None:
    key = an_issue(city, state="rectified", now=at("2026-11-02 10:00"))
    now = at("2026-11-04 09:00")
    issues.fail_verification(city, issue_ids=[key], by=who(city, VERIFIER), now=now, reason="未清")
    first, second = why(city, key).clocks
    assert (first.started_by, first.limit) == (Action.ASSIGN, "3 working_days")
    assert (second.started_by, second.limit, shown(second.due_at)) == (
        Action.FAIL,
        "1.5 working_days",
        "2026-11-06 13:30",
    )


def test_a_comment_shows_nothing(city: Session) -> None:
    key = an_issue(city, state="rectifying", now=TUESDAY)
    before = why(city, key)
    issues.comment(city, issue_ids=[key], by=who(city, HANDLER), now=at("2026-09-30 10:00"), text="已到场")
    assert why(city, key) == before


def test_an_unknown_issue_is_refused(city: Session) -> None:
    with pytest.raises(NotFound):
        why(city, 99)


def test_an_issue_taken_over_without_a_clock_has_none_to_explain(city: Session) -> None:
    started = {"clock_started_at": None, "limit": None, "due_at": "2026-11-05T09:00:00+00:00"}
    event = IssueEvent(issue_id=1, seq=1, cycle=1, action=Action.TAKE_OVER, to_state=State.ASSIGNED, facts=started)
    assert runs([event]) == []
