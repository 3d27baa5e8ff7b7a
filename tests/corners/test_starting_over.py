"""What belongs to one unit or one cycle does not follow the issue into the next."""

from sqlmodel import Session

from models.issue import Issue, RequestKind, Source
from services import issues
from services.rulebook import the_city
from tests.cast import HANDLER, MONDAY, OFFICE, an_issue, at, read, trail, who
from tests.corners.verbs import (
    MARKETS,
    add_rules,
    ask_extension,
    assign,
    fail,
    finish,
    give_back,
    grant,
    sign_in,
    submit,
    take_back,
    verify,
)


class TestAnotherUnit:
    def test_may_ask_for_more_time_of_its_own(self, city: Session) -> None:
        key = an_issue(city, state="rectifying")
        ask_extension(city, key)
        grant(city, key, RequestKind.EXTENSION)
        take_back(city, key)
        assign(city, key, to="D-SCJGJ")

        ask_extension(city, key, by=MARKETS)

        assert trail(city, key)[-1] == "ask_extension"

    def test_does_not_owe_the_reply_to_the_order_of_the_first(self, city: Session, tick) -> None:
        key = an_issue(city, state="rectifying")
        late = at("2026-11-10 18:00")
        tick(late)
        assert read(city, key).orders_unanswered == 1

        take_back(city, key, now=late)
        assign(city, key, to="D-SCJGJ", now=late)

        assert read(city, key).orders_unanswered == 0

    def test_does_not_get_the_helpers_of_the_first(self, city: Session) -> None:
        key = an_issue(city)
        assign(city, key, assisting=["T510302001"])
        give_back(city, key)

        assign(city, key, to="D-SCJGJ")

        assert read(city, key).assisting_units == []

    def test_does_not_jump_at_its_first_failed_check(self, city: Session) -> None:
        key = an_issue(city, state="rectified")
        fail(city, key)
        take_back(city, key)
        assign(city, key, to="D-SCJGJ")
        sign_in(city, key, by=MARKETS)
        submit(city, key, by=MARKETS)

        fail(city, key)

        assert trail(city, key)[-1] == "fail"

    def test_is_chosen_by_a_person_after_a_return_even_where_assigning_is_automatic(self, city: Session, tick) -> None:
        add_rules(city, "auto", lambda rules: rules["policy"].update(auto_assign=True))
        the_city(city).rule_set_code = "auto"
        key = an_issue(city)
        tick(MONDAY)
        give_back(city, key)

        tick(MONDAY)

        assert (read(city, key).state, trail(city, key).count("assign")) == ("found", 1)


class TestAnotherCycle:
    def test_owes_no_reply_to_an_order_of_the_one_before(self, city: Session) -> None:
        key = an_issue(city, state="closed")
        row = city.get_one(Issue, key)
        row.orders_unanswered = 1  # closed all the same: by a city whose rules do not ask for the reply
        city.commit()

        issues.reopen(city, issue_ids=[key], by=who(city, OFFICE), now=MONDAY, reason="未彻底")

        assert read(city, key).orders_unanswered == 0

    def test_does_not_jump_at_its_first_failed_check(self, city: Session) -> None:
        key = an_issue(city, state="rectified")
        fail(city, key)
        finish(city, key)
        issues.reopen(city, issue_ids=[key], by=who(city, OFFICE), now=MONDAY, reason="未彻底")
        submit(city, key)

        fail(city, key)

        assert trail(city, key)[-1] == "fail"

    def test_needs_a_sweep_of_its_own(self, city: Session) -> None:
        key = an_issue(city)
        assign(city, key, sweep=True)
        sign_in(city, key)
        issues.report_sweep(city, issue_ids=[key], by=who(city, HANDLER), now=MONDAY, checked=3)
        finish(city, key)

        issues.relapse(city, issue_ids=[key], by=who(city, OFFICE), now=MONDAY, reason="反弹")

        assert read(city, key).sweep_checked is None


def test_an_answer_of_the_public_from_before_a_dispute_does_not_close_the_issue(city: Session, tick) -> None:
    key = an_issue(city, state="rectified", source=Source.HOTLINE)
    issues.call_back(city, issue_ids=[key], by=who(city, OFFICE), now=MONDAY, answer="satisfied")
    verify(city, key)
    issues.dispute(city, issue_ids=[key], by=who(city, OFFICE), now=MONDAY, reason="还脏")
    submit(city, key)
    verify(city, key)

    tick(MONDAY)

    assert read(city, key).state == "verified"
