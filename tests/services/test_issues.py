"""The verbs, good and bad: who may, what is missing, what is done all or not at all."""

from datetime import timedelta

import pytest
from sqlmodel import Session, select

from models.errors import (
    ActionNotAllowed,
    ActionNotPossible,
    ConditionsNotMet,
    MissingInput,
    NoOpenOrder,
    NotFound,
    SomebodyWasFaster,
    WrongValue,
)
from models.issue import SupervisionOrder
from services import issues
from services.findings import Finding
from tests.cast import (
    HANDLER,
    INSPECTOR,
    OFFICE,
    OUTSIDER,
    PHOTO,
    STRANGER,
    VERIFIER,
    an_issue,
    at,
    messages,
    read,
    trail,
    who,
)

NOW = at("2026-11-02 10:00")


def find(city: Session, by: str = INSPECTOR, **finding: object):
    given = {"description": "垃圾桶满溢", "point": "P-0001", **finding}
    return issues.find(city, findings=[Finding(**given)], by=who(city, by), now=NOW)


class TestFind:
    def test_completes_the_issue_from_its_point_and_standard(self, city: Session) -> None:
        (outcome,) = find(city, standard="01-02")

        issue = read(city, outcome.issue_id)
        assert (issue.number, issue.severity, issue.category_code) == ("ZG-2026-000001", "S2", "01")
        assert issue.area_path == "5103/510302/510302001/510302001002/510302001002001"

    def test_many_at_once_get_numbers_without_gaps(self, city: Session) -> None:
        findings = [Finding(description=f"问题{n}", point="P-0001") for n in range(30)]
        outcomes = issues.find(city, findings=findings, by=who(city, INSPECTOR), now=NOW)

        assert [o.number for o in outcomes] == [f"ZG-2026-{n:06d}" for n in range(1, 31)]

    def test_the_same_key_twice_is_one_issue(self, city: Session) -> None:
        (first,), (second,) = find(city, key="phone-7"), find(city, key="phone-7")

        assert (second.issue_id, second.repeated) == (first.issue_id, True)

    @pytest.mark.parametrize(
        ("finding", "error"),
        [
            ({"point": "P-9999"}, NotFound),
            ({"standard": "99-01"}, NotFound),
            ({"point": None}, MissingInput),
            ({"point": None, "area": "999"}, NotFound),
            ({"description": "   "}, MissingInput),
            ({"description": "x" * 2001}, WrongValue),
            ({"description": "a\x00b"}, WrongValue),
            ({"severity": "S7"}, NotFound),
            ({"standard": "12-01"}, WrongValue),
        ],
    )
    def test_bad_input_is_named_and_nothing_is_written(self, city: Session, finding, error) -> None:
        with pytest.raises(error):
            find(city, **finding)

    def test_a_stranger_may_not_report_here(self, city: Session) -> None:
        with pytest.raises(ActionNotAllowed):
            find(city, by=STRANGER)


class TestAssign:
    def test_without_a_unit_the_suggested_one_gets_it(self, city: Session) -> None:
        key = an_issue(city)
        issues.assign(city, issue_ids=[key], by=who(city, OFFICE), now=NOW)

        assert read(city, key).lead_unit == "D-CGJ"

    def test_to_a_unit_that_is_not_there(self, city: Session) -> None:
        with pytest.raises(NotFound):
            issues.assign(city, issue_ids=[an_issue(city)], by=who(city, OFFICE), now=NOW, to="D-NONE")

    def test_all_of_a_list_or_none(self, city: Session) -> None:
        one, two = an_issue(city), an_issue(city, state="assigned")
        city.commit()
        with pytest.raises(ActionNotPossible):
            issues.assign(city, issue_ids=[one, two], by=who(city, OFFICE), now=NOW, to="D-CGJ")
        city.rollback()

        assert read(city, one).state == "found"

    def test_the_direct_leader_gets_a_copy_of_what_is_urgent_only(self, city: Session) -> None:
        urgent, plain = an_issue(city, state="assigned", severity="S1"), an_issue(city, state="assigned")

        assert ("assigned", "D-CGJ:direct_leader") in messages(city, urgent)
        assert ("assigned", "D-CGJ:direct_leader") not in messages(city, plain)


class TestConcurrency:
    def test_who_decides_on_an_old_version_is_refused(self, city: Session) -> None:
        key = an_issue(city, state="assigned")
        version = read(city, key).version
        issues.sign_in(city, issue_ids=[key], by=who(city, HANDLER), now=NOW, version=version)

        with pytest.raises(SomebodyWasFaster):
            issues.comment(city, issue_ids=[key], by=who(city, HANDLER), now=NOW, text="?", version=version)

    def test_the_same_command_twice_is_done_once(self, city: Session) -> None:
        key = an_issue(city, state="assigned")
        issues.sign_in(city, issue_ids=[key], by=who(city, HANDLER), now=NOW, key="tap-1")
        (again,) = issues.sign_in(city, issue_ids=[key], by=who(city, HANDLER), now=NOW, key="tap-1")

        assert again.repeated
        assert trail(city, key).count("sign_in") == 1


class TestSubmit:
    def test_needs_a_photo_of_the_place_after_the_work(self, city: Session) -> None:
        key = an_issue(city, state="rectifying")

        with pytest.raises(MissingInput, match="after photo"):
            issues.submit(city, issue_ids=[key], by=who(city, HANDLER), now=NOW, result="done")

    def test_a_before_photo_does_not_serve(self, city: Session) -> None:
        key = an_issue(city, state="rectifying")
        before = [{**PHOTO, "kind": "before"}]

        with pytest.raises(MissingInput):
            issues.submit(city, issue_ids=[key], by=who(city, HANDLER), now=NOW, result="done", evidence=before)

    def test_a_standard_that_asks_for_no_proof_needs_none(self, city: Session) -> None:
        key = an_issue(city, point="P-0002", standard="12-02")
        issues.assign(city, issue_ids=[key], by=who(city, OFFICE), now=NOW, to="D-SCJGJ")
        issues.sign_in(city, issue_ids=[key], by=who(city, "R00023"), now=NOW)
        issues.submit(city, issue_ids=[key], by=who(city, "R00023"), now=NOW, result="done")

        assert read(city, key).state == "rectified"

    def test_another_unit_may_not(self, city: Session) -> None:
        key = an_issue(city, state="rectifying")

        with pytest.raises(ActionNotAllowed):
            issues.submit(city, issue_ids=[key], by=who(city, OUTSIDER), now=NOW, result="x", evidence=[PHOTO])


class TestCloseOut:
    def test_a_public_report_waits_for_the_call_back(self, city: Session, tick) -> None:
        key = an_issue(city, state="verified", source="hotline_12345")
        with pytest.raises(ConditionsNotMet, match="call_back"):
            issues.close_out(city, issue_ids=[key], by=who(city, OFFICE), now=NOW)
        city.rollback()

    def test_closes_by_itself_once_the_public_is_satisfied(self, city: Session, tick) -> None:
        key = an_issue(city, state="verified", source="hotline_12345")
        tick(NOW)
        assert read(city, key).state == "verified"
        issues.call_back(city, issue_ids=[key], by=who(city, OFFICE), now=NOW, answer="fairly_satisfied")
        tick(NOW)

        assert read(city, key).state == "closed"

    def test_a_dissatisfied_public_sends_it_back(self, city: Session) -> None:
        key = an_issue(city, state="verified", source="hotline_12345")
        issues.call_back(city, issue_ids=[key], by=who(city, OFFICE), now=NOW, answer="dissatisfied", note="还脏")

        assert (read(city, key).state, trail(city, key)[-2:]) == ("rectifying", ["call_back", "dispute"])

    def test_waits_for_the_reply_to_a_supervision_order(self, city: Session, tick) -> None:
        key = an_issue(city, state="rectifying")
        late = at("2026-11-10 17:00")
        tick(late)
        order = city.exec(select(SupervisionOrder)).one()
        assert (order.degree, order.unit_code) == (1, "D-CGJ")
        issues.submit(city, issue_ids=[key], by=who(city, HANDLER), now=late, result="ok", evidence=[PHOTO])
        issues.pass_verification(city, issue_ids=[key], by=who(city, VERIFIER), now=late)
        tick(late)
        assert read(city, key).state == "verified"
        issues.reply_order(city, issue_ids=[key], by=who(city, "R00009"), now=late, reply="已整改并通报")
        tick(late)

        assert read(city, key).state == "closed"

    def test_a_reply_without_an_open_order_is_refused(self, city: Session) -> None:
        key = an_issue(city, state="rectifying")

        with pytest.raises(NoOpenOrder, match="No supervision order on issue ZG-2026-000001"):
            issues.reply_order(city, issue_ids=[key], by=who(city, HANDLER), now=NOW, reply="已整改")
        assert "reply_order" not in trail(city, key)

    def test_waits_for_the_same_fault_sweep_where_it_was_asked_for(self, city: Session, tick) -> None:
        key = an_issue(city)
        issues.assign(city, issue_ids=[key], by=who(city, OFFICE), now=NOW, sweep=True)
        issues.sign_in(city, issue_ids=[key], by=who(city, HANDLER), now=NOW)
        issues.submit(city, issue_ids=[key], by=who(city, HANDLER), now=NOW, result="ok", evidence=[PHOTO])
        issues.pass_verification(city, issue_ids=[key], by=who(city, VERIFIER), now=NOW)
        tick(NOW)
        assert read(city, key).state == "verified"
        issues.report_sweep(city, issue_ids=[key], by=who(city, HANDLER), now=NOW, checked=12, found=1)
        tick(NOW)

        assert read(city, key).state == "closed"


class TestMergeAndVoid:
    def test_a_duplicate_ends_in_the_other(self, city: Session, tick) -> None:
        one, two = an_issue(city), an_issue(city)
        tick(NOW)
        issues.merge(city, issue_ids=[two], by=who(city, OFFICE), now=NOW, into=one)

        assert (read(city, two).state, read(city, two).merged_into) == ("void", one)

    def test_nothing_is_merged_into_itself(self, city: Session) -> None:
        key = an_issue(city)

        with pytest.raises(WrongValue):
            issues.merge(city, issue_ids=[key], by=who(city, OFFICE), now=NOW, into=key)

    def test_an_ended_issue_is_not_looked_at_again(self, city: Session, tick) -> None:
        key = an_issue(city)
        issues.void(city, issue_ids=[key], by=who(city, OFFICE), now=NOW, reason="误报")

        assert read(city, key).next_step_at is None


class TestDeputies:
    def test_who_fills_in_may_act_and_the_record_says_for_whom(self, city: Session) -> None:
        from models.issue import IssueEvent
        from services import appointments

        key = an_issue(city, state="assigned")
        appointments.substitute(
            city,
            by=who(city, OFFICE),
            person_code=HANDLER,
            deputy_code=STRANGER,
            start=NOW.date(),
            end=NOW.date(),
            now=NOW,
        )
        issues.sign_in(city, issue_ids=[key], by=who(city, STRANGER), now=NOW)

        event = city.exec(select(IssueEvent).where(IssueEvent.action == "sign_in")).one()
        assert (event.actor, event.on_behalf_of) == (STRANGER, HANDLER)

    def test_only_on_those_days(self, city: Session) -> None:

        from services import appointments

        key = an_issue(city, state="assigned")
        day = NOW.date() - timedelta(days=1)
        appointments.substitute(
            city, by=who(city, OFFICE), person_code=HANDLER, deputy_code=STRANGER, start=day, end=day, now=NOW
        )

        with pytest.raises(ActionNotAllowed):
            issues.sign_in(city, issue_ids=[key], by=who(city, STRANGER), now=NOW)


class TestLookBack:
    def test_a_severe_issue_is_looked_at_again_after_a_week_to_a_month(self, city: Session, tick) -> None:
        key = an_issue(city, state="closed", severity="S1")
        due = read(city, key).stage_due_at
        assert at("2026-11-09 10:00") <= due <= at("2026-12-02 10:00")
        tick(due - timedelta(minutes=1))
        assert trail(city, key)[-1] == "close_out"
        tick(due)

        assert trail(city, key)[-1] == "escalate B1-0"
        assert ("look_back_due", "510302:office") in messages(city, key)

    def test_once_looked_at_nobody_is_asked_any_more(self, city: Session, tick) -> None:
        key = an_issue(city, state="closed", severity="S1")
        issues.look_back(city, issue_ids=[key], by=who(city, INSPECTOR), now=NOW)
        tick(at("2026-12-30 10:00"))

        assert trail(city, key)[-1] == "look_back"

    def test_of_ordinary_issues_about_a_fifth_is_drawn(self, city: Session) -> None:
        keys = [an_issue(city, state="closed", severity="S3") for _ in range(60)]
        drawn = [key for key in keys if read(city, key).next_step == "B1"]

        assert 5 <= len(drawn) <= 20
