"""Looking back: the draw can be drawn again, is fair and spread, and somebody independent goes."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from typing import cast

import pytest
from sqlmodel import Session, select

from models.closing import look_back_draw, lot_of
from models.errors import ActionNotAllowed, NotIndependent, SameEyes
from models.issue import Issue, IssueEvent
from models.lifecycle import Action
from models.rules import parse_rules
from services import issues, look_backs, work
from services.filters import Scope
from tests.cast import (
    DISTRICT_VERIFIER,
    HANDLER,
    INSPECTOR,
    MONDAY,
    OFFICE,
    VERIFIER,
    an_issue,
    read,
    trail,
    who,
)
from tests.small_city import rule_content

DAY = timedelta(days=1)
RULES = parse_rules("real", rule_content())
MANY = 20_000


def like(place: int, severity: str = "S3") -> Issue:
    given = {"number": f"ZG-2026-{place:06d}", "cycle": 1, "seal": f"{place:064x}", "severity": severity}
    return cast(Issue, SimpleNamespace(**given))


@pytest.fixture(scope="module")
def draws():
    return [look_back_draw(like(place), rules=RULES) for place in range(MANY)]


class TestTheDraw:
    def test_takes_all_severe_ones(self) -> None:
        drawn = [look_back_draw(like(place, "S1"), rules=RULES).at(MONDAY) for place in range(500)]
        assert None not in drawn

    def test_takes_a_fifth_of_the_others(self, draws) -> None:
        share = sum(one.at(MONDAY) is not None for one in draws) / MANY
        assert abs(share - 0.2) < 5 * (0.2 * 0.8 / MANY) ** 0.5

    def test_is_spread_over_the_seventh_to_the_thirtieth_day(self, draws) -> None:
        days = Counter((one.at(MONDAY) - MONDAY).days for one in draws if one.at(MONDAY))
        each = sum(days.values()) / 24
        assert sorted(days) == list(range(7, 31))
        assert all(abs(count - each) < 5 * each**0.5 for count in days.values())

    def test_has_nothing_to_do_with_the_day(self, draws) -> None:
        drawn = [one.days for one in draws if one.at(MONDAY)]
        left = [one.days for one in draws if one.at(MONDAY) is None]
        assert abs(sum(drawn) / len(drawn) - sum(left) / len(left)) < 0.6

    def test_cannot_be_known_from_the_number_alone(self) -> None:
        lots = {lot_of("ZG-2026-000001", cycle=1, seal=f"{seal:064x}") < 0.2 for seal in range(60)}
        assert lots == {True, False}

    def test_where_last_comes_before_first_all_are_looked_at_on_the_first_day(self) -> None:
        odd = replace(RULES, policy={"look_back": {**RULES.policy["look_back"], "to_days": 3}})
        assert {look_back_draw(like(place), rules=odd).days for place in range(50)} == {7}

    def test_without_a_policy_there_is_none(self) -> None:
        assert look_back_draw(like(1), rules=replace(RULES, policy={})) is None

    def test_can_be_drawn_again_from_the_record(self, city: Session) -> None:
        key = an_issue(city, state="closed")
        event = city.exec(select(IssueEvent).where(IssueEvent.action == Action.CLOSE_OUT)).one()
        draw, issue = event.facts["look_back"], read(city, key)
        lot = lot_of(issue.number, cycle=1, seal=event.previous_hash)

        assert draw["seed"] == event.previous_hash
        assert float(draw["lot"]) == round(lot, 6)
        assert (issue.stage_due_at is not None) == (lot < float(draw["share"]))

    def test_by_time_is_the_same_as_by_hand(self, city: Session, tick) -> None:
        an_issue(city, state="verified", severity="S1")
        tick(MONDAY)
        event = city.exec(select(IssueEvent).where(IssueEvent.action == Action.CLOSE_OUT)).one()
        assert (event.actor, event.facts["look_back"]["seed"]) == ("system", event.previous_hash)


class TestWhoGoes:
    def test_neither_the_unit_nor_whoever_works_for_it(self, city: Session) -> None:
        key = an_issue(city, state="closed", severity="S1")
        with pytest.raises(ActionNotAllowed):
            looked(city, key, by=HANDLER)
        appoint(city, INSPECTOR, "D-CGJ:direct_leader")
        with pytest.raises(NotIndependent):
            looked(city, key, by=INSPECTOR)

    def test_not_whoever_worked_on_it_even_with_another_post_today(self, city: Session) -> None:
        key = an_issue(city, state="closed", severity="S1")
        city.connection().exec_driver_sql(f"DELETE FROM tenure WHERE person_code = '{HANDLER}'")
        appoint(city, HANDLER, "5103:inspector")
        with pytest.raises(NotIndependent):
            looked(city, key, by=HANDLER)

    def test_not_whoever_passed_it(self, city: Session) -> None:
        key = an_issue(city, state="closed", severity="S1")
        with pytest.raises(SameEyes, match="ZG-2026-000001"):
            looked(city, key, by=VERIFIER)

    @pytest.mark.parametrize("person", [INSPECTOR, DISTRICT_VERIFIER])
    def test_an_inspector_or_another_verifier(self, city: Session, person: str) -> None:
        key = an_issue(city, state="closed", severity="S1")
        looked(city, key, by=person)
        assert trail(city, key)[-1] == "look_back"

    def test_whoever_passed_it_may_still_say_that_it_came_back(self, city: Session) -> None:
        key = an_issue(city, state="closed", severity="S1")
        issues.relapse(city, issue_ids=[key], by=who(city, VERIFIER), now=MONDAY, reason="反弹")
        assert read(city, key).state == "rectifying"


class TestThePile:
    def test_has_what_is_due_where_one_inspects_though_the_nearer_post_is_vacant(self, city: Session, tick) -> None:
        key = an_issue(city, state="closed", severity="S1")
        due = read(city, key).stage_due_at
        assert pile(city, INSPECTOR, due - DAY) == []
        tick(due)

        assert pile(city, INSPECTOR, due) == [key]
        assert pile(city, OFFICE, due) == []

    def test_has_nothing_that_one_has_passed_oneself(self, city: Session) -> None:
        key = an_issue(city, state="closed", severity="S1")
        city.connection().exec_driver_sql(f"UPDATE issue SET verified_by = '{INSPECTOR}' WHERE id = {key}")
        assert pile(city, INSPECTOR, MONDAY + 31 * DAY) == []

    def test_what_is_in_it_may_be_looked_back_at(self, city: Session) -> None:
        key = an_issue(city, state="closed", severity="S1")
        now = MONDAY + 31 * DAY
        for person in (INSPECTOR, VERIFIER, DISTRICT_VERIFIER, HANDLER):
            for one in pile(city, person, now):
                looked(city, one, by=person, now=now)
        assert trail(city, key)[-1] == "look_back"


class TestRelapses:
    def test_are_counted_and_each_doubles_the_deduction(self, city: Session) -> None:
        key = an_issue(city, state="closed")
        issues.relapse(city, issue_ids=[key], by=who(city, INSPECTOR), now=MONDAY, reason="一")
        assert (read(city, key).relapses, read(city, key).deduction) == (1, 1)
        city.connection().exec_driver_sql(f"UPDATE issue SET state = 'closed' WHERE id = {key}")
        issues.relapse(city, issue_ids=[key], by=who(city, INSPECTOR), now=MONDAY, reason="二")

        assert (read(city, key).relapses, read(city, key).deduction) == (2, 2)

    def test_an_issue_opened_again_because_it_was_closed_too_early_is_none(self, city: Session) -> None:
        key = an_issue(city, state="closed")
        issues.reopen(city, issue_ids=[key], by=who(city, OFFICE), now=MONDAY, reason="过早")
        assert (read(city, key).relapses, str(read(city, key).deduction)) == (0, "0.5")


class TestTheOverview:
    def test_has_what_is_awaited_the_longest_due_first(self, city: Session) -> None:
        keys = [an_issue(city, state="closed", severity="S1") for _ in range(4)]
        keys.sort(key=lambda key: read(city, key).stage_due_at)
        found, total = look_backs.awaited(city, now=read(city, keys[1]).stage_due_at)

        assert [one.number for one in found] == [read(city, key).number for key in keys]
        assert total == 4
        assert found[1].due
        assert found[0].place == "高山井社区大道"

    def test_has_nothing_that_was_looked_at_or_came_back(self, city: Session) -> None:
        looked(city, an_issue(city, state="closed", severity="S1"), by=INSPECTOR)
        back = an_issue(city, state="closed", severity="S1")
        issues.relapse(city, issue_ids=[back], by=who(city, INSPECTOR), now=MONDAY, reason="反弹")

        assert look_backs.awaited(city, now=MONDAY) == ([], 0)

    def test_counts_what_was_drawn_held_and_came_back(self, city: Session) -> None:
        held, back, _ = [an_issue(city, state="closed", severity="S1") for _ in range(3)]
        looked(city, held, by=INSPECTOR)
        issues.relapse(city, issue_ids=[back], by=who(city, INSPECTOR), now=MONDAY, reason="反弹")
        (severe,) = look_backs.draws(city, now=MONDAY)

        assert (severe.severity, severe.closed, severe.drawn, severe.expected) == ("S1", 3, 3, 3.0)
        assert (severe.held, severe.relapsed, severe.wrong) == (1, 1, 0)

    def test_tells_a_lot_that_the_record_does_not_bear_out(self, city: Session) -> None:
        an_issue(city, state="closed", severity="S1")
        city.connection().exec_driver_sql("ALTER TABLE issue_event DISABLE TRIGGER USER")
        city.connection().exec_driver_sql(
            "UPDATE issue_event SET facts = jsonb_set(facts, '{look_back,lot}', '0.999') WHERE action = 'close_out'"
        )
        assert [one.wrong for one in look_backs.draws(city, now=MONDAY)] == [1]

    def test_of_a_scope_has_only_its_own(self, city: Session) -> None:
        an_issue(city, state="closed", severity="S1")
        elsewhere = Scope(areas=frozenset({"510303"}), counted=True)
        own = Scope(units=frozenset({"D-CGJ"}), counted=True)

        assert look_backs.awaited(city, now=MONDAY, scope=elsewhere) == ([], 0)
        assert look_backs.draws(city, now=MONDAY, scope=elsewhere) == []
        assert look_backs.draws(city, now=MONDAY, scope=own)[0].closed == 1


def looked(session: Session, key: int, *, by: str, now=MONDAY) -> None:
    issues.look_back(session, issue_ids=[key], by=who(session, by, now=now), now=now)


def pile(session: Session, person: str, now) -> list[int]:
    heaps = work.desk(session, who(session, person, now=now), now=now)
    return [card.issue.id for heap in heaps if heap.pile.value == "look_back" for card in heap.cards]


def appoint(session: Session, person: str, post: str) -> None:
    session.connection().exec_driver_sql(
        f"INSERT INTO tenure (post_code, person_code, valid_from) VALUES ('{post}', '{person}', '2024-01-01')"
    )
