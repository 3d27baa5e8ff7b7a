"""My work: what waits for whom, in which order, and that every card can be acted on by who sees it."""

from datetime import date, timedelta

import pytest
from sqlalchemy import text

from models.audit import Round, RoundKind, Sheet
from models.lifecycle import Action
from services import issues, requests, work
from services.offers import offers
from services.work_piles import PILES, Pile
from tests.cast import (
    DIRECT,
    DISTRICT_OFFICE,
    DISTRICT_VERIFIER,
    HANDLER,
    INSPECTOR,
    MONDAY,
    OFFICE,
    OUTSIDER,
    STRANGER,
    VERIFIER,
    an_issue,
    at,
    read,
    who,
)

HOUR = timedelta(hours=1)
EVERYBODY = [f"R000{n:02}" for n in (*range(1, 25), 30, 31, 99)]


def piles(session, person: str, *, now=MONDAY) -> dict[str, list[int]]:
    """The ids on each pile of somebody's desk."""
    found = work.desk(session, who(session, person, now=now), now=now)
    return {heap.pile.value: [card.issue.id for card in heap.cards] for heap in found}


@pytest.mark.parametrize(
    ("state", "person", "pile"),
    [
        ("found", OFFICE, "assign"),
        ("found", DISTRICT_OFFICE, "assign"),
        ("assigned", HANDLER, "sign_in"),
        ("rectifying", HANDLER, "rectify"),
        ("rectified", VERIFIER, "verify"),
        ("rectified", DISTRICT_VERIFIER, "verify"),
        ("verified", DISTRICT_OFFICE, "close_out"),
    ],
)
def test_each_stage_waits_for_those_whose_turn_it_is(city, state, person, pile):
    key = an_issue(city, state=state)
    assert piles(city, person) == {pile: [key]}
    assert piles(city, OUTSIDER) == piles(city, STRANGER) == {}


def test_what_is_overdue_lies_on_top_and_no_longer_with_the_rest(city):
    key = an_issue(city, state="rectifying")
    assert piles(city, HANDLER, now=MONDAY + timedelta(days=10)) == {"overdue": [key]}


def test_a_pile_is_in_the_order_of_its_clock(city):
    late = an_issue(city, state="assigned", now=MONDAY + HOUR)
    soon = an_issue(city, state="assigned", now=MONDAY)
    urgent = an_issue(city, state="assigned", now=MONDAY + HOUR, severity="S1")
    assert piles(city, HANDLER, now=MONDAY + HOUR)["sign_in"] == [urgent, soon, late]


def test_while_the_handlers_post_is_vacant_the_work_is_the_leaders(city):
    key = an_issue(city, state="assigned")
    assert piles(city, DIRECT) == {}
    city.connection().execute(text("DELETE FROM tenure WHERE post_code = 'D-CGJ:handler'"))
    assert piles(city, DIRECT) == {"sign_in": [key]}
    assert piles(city, "R00008") == {}


def test_nobody_is_shown_what_they_may_not_verify(city):
    """The district's verifier belongs to the district: what its own unit did is for the city to look at."""
    key = an_issue(city)
    by = who(city, OFFICE)
    issues.assign(city, issue_ids=[key], by=by, now=MONDAY, to="T510302")
    issues.sign_in(city, issue_ids=[key], by=who(city, "R00012"), now=MONDAY)
    proof = [{"kind": "after", "sha256": "ab" * 32}]
    issues.submit(city, issue_ids=[key], by=who(city, "R00012"), now=MONDAY, result="r", evidence=proof)
    assert "verify" not in piles(city, DISTRICT_VERIFIER)
    assert piles(city, VERIFIER) == {"verify": [key]}


def test_who_worked_on_it_before_does_not_find_it_to_verify(city):
    key = an_issue(city, state="rectified")
    move = "UPDATE tenure SET post_code = '510302:verifier' WHERE post_code = 'D-CGJ:handler'"
    city.connection().execute(text(move))
    city.connection().execute(text("UPDATE issue SET handler = NULL, submitted_by = NULL"))
    assert "verify" not in piles(city, HANDLER)
    assert piles(city, DISTRICT_VERIFIER) == {"verify": [key]}


def test_requests_wait_for_the_offices_that_may_decide(city):
    key = an_issue(city, state="rectifying")
    by = who(city, HANDLER)
    requests.ask_extension(city, issue_ids=[key], by=by, now=MONDAY, reason="下雨", amount="1 working_days")
    assert piles(city, DISTRICT_OFFICE)["decide"] == piles(city, OFFICE)["decide"] == [key]
    (heap,) = work.desk(city, who(city, DISTRICT_OFFICE), now=MONDAY)
    assert [one.reason for one in heap.cards[0].requests] == ["下雨"]
    requests.refuse(city, issue_ids=[key], by=who(city, OFFICE), now=MONDAY, kind="extension", reason="不行")
    assert piles(city, DISTRICT_OFFICE) == {}


def test_what_climbed_is_shown_to_those_it_climbed_to(city, tick):
    key = an_issue(city, state="rectifying")
    tick(at("2026-11-05 17:30"))
    overdue = at("2026-11-05 17:30")
    assert piles(city, DIRECT, now=overdue) == {"climbed": [key]}
    assert piles(city, "R00014", now=overdue) == {"climbed": [key]}
    assert piles(city, OFFICE, now=overdue) == {}
    tick(at("2026-11-17 17:30"))
    assert piles(city, OFFICE, now=at("2026-11-17 17:30"))["climbed"] == [key]
    assert piles(city, "R00019", now=at("2026-11-17 17:30")) == {"climbed": [key]}


def test_a_late_signature_climbs_only_until_it_is_given(city, tick):
    key = an_issue(city, state="assigned")
    late = at("2026-11-02 16:00")
    tick(late)
    assert piles(city, DIRECT, now=late) == {"climbed": [key]}
    issues.sign_in(city, issue_ids=[key], by=who(city, HANDLER, now=late), now=late)
    assert piles(city, DIRECT, now=late) == {}


def test_orders_wait_for_an_answer_of_the_unit(city, tick):
    key = an_issue(city, state="rectifying")
    tick(at("2026-11-10 17:30"))
    now = at("2026-11-10 17:30")
    assert piles(city, HANDLER, now=now) == {"overdue": [key], "orders": [key]}
    issues.reply_order(city, issue_ids=[key], by=who(city, HANDLER, now=now), now=now, reply="马上办")
    assert piles(city, HANDLER, now=now) == {"overdue": [key]}


def test_a_look_back_waits_for_the_inspector_who_was_told(city, tick):
    key = an_issue(city, state="closed", severity="S2")
    city.connection().execute(
        text("INSERT INTO post VALUES ('510302:inspector', 'inspector', 'area', '510302', '区督查员')")
    )
    insert = (
        "INSERT INTO tenure (post_code, person_code, valid_from) VALUES ('510302:inspector', 'R00002', '2024-01-01')"
    )
    city.connection().execute(text(insert))
    now = at("2026-12-02 11:00")
    tick(now)
    assert piles(city, INSPECTOR, now=now) == {"look_back": [key]}
    issues.look_back(city, issue_ids=[key], by=who(city, INSPECTOR, now=now), now=now)
    assert piles(city, INSPECTOR, now=now) == {}


@pytest.mark.parametrize("state", ["found", "assigned", "rectifying", "rectified", "verified"])
def test_on_every_card_there_is_something_that_its_reader_may_do(city, state):
    key = an_issue(city, state=state)
    for person in EVERYBODY:
        for heap in work.desk(city, who(city, person), now=MONDAY):
            wanted = PILES[heap.pile].actions
            assert not wanted or heap.cards[0].offers, (person, heap.pile)
    verifiers = {person for person in EVERYBODY if "verify" in piles(city, person)}
    may = {person for person in EVERYBODY if _may_pass(city, key, person)}
    assert verifiers == may


def _may_pass(session, key: int, person: str) -> bool:
    found = offers(session, who(session, person), [read(session, key)], now=MONDAY, only=[Action.PASS])[key]
    return any(one.hindrance is None for one in found)


def test_a_pile_is_read_page_by_page(city, monkeypatch):
    monkeypatch.setattr(work, "PAGE", 2)
    keys = [an_issue(city, state="assigned", now=MONDAY + n * HOUR / 60) for n in range(3)]
    by, now = who(city, HANDLER), MONDAY + HOUR
    pages = [work.heap(city, by, Pile.SIGN_IN, page=n, now=now) for n in (1, 2)]
    assert [[card.issue.id for card in page.cards] for page in pages] == [keys[:2], keys[2:]]
    assert [(page.count, page.more) for page in pages] == [(3, True), (3, False)]


def test_counting_stops_where_nobody_counts_any_more(city, monkeypatch):
    monkeypatch.setattr(work, "MOST", 2)
    monkeypatch.setattr(work, "FIRST", 1)
    for _ in range(3):
        an_issue(city, state="assigned")
    (heap,) = work.desk(city, who(city, HANDLER), now=MONDAY)
    assert (heap.count, heap.is_more_than_counted) == (2, True)


def test_an_issue_that_two_posts_bring_lies_there_once(city):
    key = an_issue(city, state="found")
    insert = "INSERT INTO tenure (post_code, person_code, valid_from) VALUES ('510302:office', 'R00001', '2024-01-01')"
    city.connection().execute(text(insert))
    assert piles(city, OFFICE) == {"assign": [key]}


def test_sheets_of_an_audit_wait_for_their_inspector(city):
    round_ = Round(
        number="ZG-A-2026-0001",
        kind=RoundKind.COVERT,
        area_code="5103",
        version_code="CC-2026",
        seed=1,
        wanted=1,
        on_date=date(2026, 11, 3),
        requested_by=OFFICE,
        created_at=MONDAY,
    )
    city.add(round_)
    city.flush()
    city.add(Sheet(round_id=round_.id, point_code="P-0001", inspector=INSPECTOR, position=1))
    city.flush()
    (sheet,) = work.sheets(city, who(city, INSPECTOR))
    assert (sheet.point, sheet.round) == ("高山井社区大道", "ZG-A-2026-0001")
    assert work.sheets(city, who(city, OFFICE)) == []
