"""One issue as a page tells it."""

from datetime import timedelta

import pytest
from sqlmodel import select

from models.issue import Evidence
from models.paper import PaperKind
from services import issues
from services.issue_papers import issuable, papers_of
from services.issue_view import view
from services.time_left import running
from tests.cast import HANDLER, INSPECTOR, MONDAY, OFFICE, VERIFIER, an_issue, at, read, who


def piece(kind: str, name: str, media: str = "image/jpeg") -> dict:
    return {"kind": kind, "sha256": name * 64, "file_name": f"{name}.jpg", "media_type": media, "size": 1}


def test_photos_before_and_after_stand_side_by_side(city):
    key = an_issue(city, evidence=(piece("before", "a"), piece("before", "b")))
    for state, step in (("to", OFFICE), ("sign", HANDLER)):
        by = who(city, step)
        verb = issues.assign if state == "to" else issues.sign_in
        verb(city, issue_ids=[key], by=by, now=MONDAY, **({"to": "D-CGJ"} if state == "to" else {}))
    given = [piece("after", "c"), piece("other", "d", "application/pdf")]
    issues.submit(city, issue_ids=[key], by=who(city, HANDLER), now=MONDAY, result="r", evidence=given)
    shown = view(city, read(city, key), now=MONDAY)
    ids = {one.file_name[0]: one.id for one in city.exec(_evidence(key))}
    assert [(pair.before, pair.after) for pair in shown.pairs] == [(ids["a"], ids["c"])]
    assert [one.id for one in shown.others] == [ids["b"], ids["d"]]


def _evidence(key: int):

    return select(Evidence).where(Evidence.issue_id == key)


def test_everybody_who_did_something_has_a_name(city):
    key = an_issue(city, state="rectified")
    shown = view(city, read(city, key), now=MONDAY)
    assert {shown.name(event.actor) for event in shown.events} == {"丁怀琪", "曹慕舟", "何景行"}
    assert shown.name("D-CGJ") == "自贡市城市管理局"
    assert (shown.name(None), shown.name("D-NONE")) == ("", "D-NONE")


def test_the_conditions_are_those_of_the_rules(city):
    key = an_issue(city, state="verified", source="hotline_12345")
    found = {one.code: one.holds for one in view(city, read(city, key), now=MONDAY).conditions}
    assert found["call_back"] is False
    assert found["after_photo"] is found["independent_verifier"] is True
    assert view(city, read(city, an_issue(city)), now=MONDAY).conditions == []


@pytest.mark.parametrize(
    ("state", "due", "minutes"),
    [
        ("found", "2026-11-02 15:00", 240),
        ("assigned", "2026-11-02 15:00", 240),
        ("rectifying", "2026-11-05 17:00", 1620),
    ],
)
def test_the_clock_that_runs_is_that_of_the_state(city, state, due, minutes):
    found = running(city, read(city, an_issue(city, state=state)), now=MONDAY)
    assert (found.due_at, found.left.minutes, found.late) == (at(due), minutes, False)


def test_after_hours_a_deadline_has_passed_though_no_working_time_has(city):
    found = running(city, read(city, an_issue(city, state="rectifying")), now=at("2026-11-05 19:00"))
    assert (found.late, found.left.minutes) == (True, 0)


def test_a_void_issue_has_no_clock(city):
    key = an_issue(city)
    issues.void(city, issue_ids=[key], by=who(city, OFFICE), now=MONDAY, reason="重复")
    assert running(city, read(city, key), now=MONDAY) is None


def test_papers_can_be_issued_by_the_office_as_far_as_the_ladder_has_come(city, tick):
    key = an_issue(city, state="rectifying")
    assert issuable(city, read(city, key), who(city, OFFICE)) == [PaperKind.ASSIGNMENT_SLIP]
    assert issuable(city, read(city, key), who(city, HANDLER)) == ()
    late = MONDAY + timedelta(days=8, hours=8)
    tick(late)
    kinds = issuable(city, read(city, key), who(city, OFFICE))
    assert kinds == [PaperKind.ASSIGNMENT_SLIP, PaperKind.REMINDER_NOTICE, PaperKind.SUPERVISION_ORDER_1]
    for person in (INSPECTOR, VERIFIER):
        assert papers_of(city, read(city, key), who(city, person)) == []
