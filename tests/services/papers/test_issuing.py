"""Papers are issued once, under numbers without gaps, and are on the sealed record."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import Engine, text
from sqlmodel import Session, col, select

from models.errors import ActionNotPossible, MissingInput, SomebodyWasFaster, WrongValue
from models.issue import Issue, IssueEvent, SupervisionOrder
from models.lifecycle import Action
from models.message import Message
from models.paper import Paper, PaperKind, content_hash
from services import issues
from services.commands import Command
from services.papers import drafts
from services.papers.content import Interview
from services.papers.errors import NotReached
from services.papers.issuing import issue_papers
from services.papers.stationery import Stationery
from services.seal import record_lines, verify
from services.transition import apply
from tests.cast import MONDAY, OFFICE, an_issue, at, messages, read, trail, who
from tests.corners.verbs import assign, finish, give_back, sign_in
from tests.services.papers.shelf import CITYS, KINDS, OURS, TOP, at_the_top, issued

SLIP, REMINDER = PaperKind.ASSIGNMENT_SLIP, PaperKind.REMINDER_NOTICE


def event_of(session: Session, key: int) -> IssueEvent:
    query = select(IssueEvent).where(IssueEvent.issue_id == key, IssueEvent.action == Action.ISSUE_PAPER)
    return session.exec(query.order_by(col(IssueEvent.seq).desc())).first()


def numbers(session: Session) -> list[str]:
    return list(session.exec(select(Paper.number).order_by(col(Paper.id))))


class TestNumbers:
    def test_each_kind_counts_in_the_form_that_the_city_gave_it(self, city: Session) -> None:
        first, second = an_issue(city, state="assigned"), an_issue(city, state="assigned", point="P-0003")
        for key in (first, second):
            issued(city, key)

        assert numbers(city) == ["自交〔2026〕1号", "自交〔2026〕2号"]

    def test_papers_of_several_issues_are_numbered_in_their_order(self, city: Session) -> None:
        keys = [an_issue(city, state="assigned", description=f"第{n}个") for n in range(3)]
        done = issue_papers(city, issue_ids=keys[::-1], kind=SLIP, by=who(city, OFFICE), now=MONDAY, stationery=CITYS)

        assert [one.paper.number for one in done] == [f"自交〔2026〕{n}号" for n in (1, 2, 3)]
        assert [one.paper.issue_id for one in done] == keys[::-1]

    def test_kinds_with_the_same_form_count_together(self, city: Session, tick) -> None:
        key = at_the_top(city, tick)
        for kind in (SLIP, REMINDER):
            issued(city, key, kind, now=TOP, stationery=OURS)

        assert numbers(city) == ["〔2026〕1号", "〔2026〕2号"]

    def test_a_new_year_begins_at_one(self, city: Session) -> None:
        key = an_issue(city, state="assigned")
        issued(city, key)
        later = an_issue(city, state="assigned", now=at("2027-01-04 10:00"))

        assert issued(city, later, now=at("2027-01-04 10:00")).paper.number == "自交〔2027〕1号"

    def test_without_a_year_the_numbers_run_on(self, city: Session) -> None:
        endless = Stationery(forms={"assignment_slip": "交{n}号"})
        issued(city, an_issue(city, state="assigned"), stationery=endless)
        later = an_issue(city, state="assigned", now=at("2027-01-04 10:00"))

        assert issued(city, later, now=at("2027-01-04 10:00"), stationery=endless).paper.number == "交2号"

    def test_a_supervision_order_keeps_the_number_that_the_ladder_gave_it(self, city: Session, tick) -> None:
        key = at_the_top(city, tick)
        orders = city.exec(select(SupervisionOrder.number).order_by(col(SupervisionOrder.degree))).all()
        kinds = [kind for kind in KINDS if "order" in kind.value]

        assert [issued(city, key, kind, now=TOP).paper.number for kind in kinds] == list(orders)

    def test_a_paper_that_was_taken_back_leaves_no_gap(self, city: Session) -> None:
        key, other = an_issue(city, state="assigned"), an_issue(city, state="assigned")
        city.commit()
        issued(city, key)
        city.rollback()

        assert issued(city, other).paper.number == "自交〔2026〕1号"

    def test_a_refused_batch_leaves_no_gap_and_no_paper(self, city: Session) -> None:
        key, found = an_issue(city, state="assigned"), an_issue(city)
        with pytest.raises(ActionNotPossible):
            issue_papers(city, issue_ids=[key, found], kind=SLIP, by=who(city, OFFICE), now=MONDAY, stationery=CITYS)

        assert numbers(city) == []
        assert issued(city, key).paper.number == "自交〔2026〕1号"

    def test_the_form_of_supervision_orders_is_not_used_for_other_papers(self, city: Session) -> None:
        key = an_issue(city, state="assigned")
        with pytest.raises(WrongValue):
            issued(city, key, stationery=Stationery(forms={"assignment_slip": "督〔{year}〕{n}号"}))


class TestTwoAtOnce:
    @pytest.fixture
    def issue_in(self, engine: Engine) -> Callable[[int], tuple[str, bool]]:
        """Issues a slip in a session and thread of its own, all starting together."""
        start = threading.Barrier(4, timeout=30)

        def work(key: int) -> tuple[str, bool]:
            with Session(engine, expire_on_commit=False) as session:
                actor = who(session, OFFICE)
                start.wait()
                (one,) = issue_papers(session, issue_ids=[key], kind=SLIP, by=actor, now=MONDAY, stationery=CITYS)
                session.commit()
                return one.paper.number, one.repeated

        return work

    def test_four_issuers_take_four_numbers_without_a_gap(self, city: Session, issue_in) -> None:
        keys = [an_issue(city, state="assigned") for _ in range(4)]
        city.commit()
        with ThreadPoolExecutor(4) as pool:
            got = list(pool.map(issue_in, keys))

        assert sorted(number for number, _ in got) == [f"自交〔2026〕{n}号" for n in (1, 2, 3, 4)]

    def test_four_issuers_of_one_paper_get_the_same_one(self, city: Session, issue_in) -> None:
        key = an_issue(city, state="assigned")
        city.commit()
        with ThreadPoolExecutor(4) as pool:
            got = list(pool.map(issue_in, [key] * 4))

        assert {number for number, _ in got} == {"自交〔2026〕1号"}
        assert sorted(repeated for _, repeated in got) == [False, True, True, True]
        assert trail(city, key).count("issue_paper") == 1

    def test_one_who_gives_up_leaves_the_number_to_the_one_who_waits(self, city: Session, engine: Engine) -> None:
        keys = [an_issue(city, state="assigned") for _ in range(2)]
        city.commit()
        issued(city, keys[0])
        with ThreadPoolExecutor() as pool, Session(engine, expire_on_commit=False) as other:
            waiting = pool.submit(issued, other, keys[1])
            city.rollback()
            assert waiting.result(timeout=30).paper.number == "自交〔2026〕1号"


class TestOnce:
    def test_asked_again_it_is_the_same_paper(self, city: Session) -> None:
        key = an_issue(city, state="assigned")
        first = issued(city, key)
        second = issued(city, key, now=MONDAY + timedelta(days=1))

        assert (second.paper.id, second.repeated) == (first.paper.id, True)
        assert trail(city, key).count("issue_paper") == 1

    def test_another_cycle_has_another_paper(self, city: Session) -> None:
        key = an_issue(city, state="assigned")
        issued(city, key)
        give_back(city, key)
        assign(city, key, to="D-SCJGJ")
        again = issued(city, key)

        assert (again.paper.number, again.paper.unit_code) == ("自交〔2026〕2号", "D-SCJGJ")

    def test_a_change_in_between_is_refused_and_nothing_is_numbered(
        self, city: Session, engine: Engine, monkeypatch
    ) -> None:
        """What was read for the paper is no longer so when the door has the row locked."""
        key = an_issue(city, state="assigned")
        city.commit()
        keep = drafts.keep_templates

        def somebody_signs_in(*given: object) -> dict[str, str]:
            with Session(engine) as other:
                sign_in(other, key)
                other.commit()
            return keep(*given)

        monkeypatch.setattr("services.papers.issuing.keep_templates", somebody_signs_in)
        with pytest.raises(SomebodyWasFaster):
            issued(city, key)
        assert numbers(city) == []


class TestOnRecord:
    def test_number_and_content_are_under_the_seal(self, city: Session) -> None:
        key = an_issue(city, state="assigned")
        paper = issued(city, key).paper
        facts = event_of(city, key).facts

        assert facts["paper_number"] == event_of(city, key).reason == paper.number
        assert facts["paper_sha256"] == paper.content_sha256 == content_hash(paper.content)
        assert facts["paper_word_template"] == paper.word_template
        assert paper.content["number"] == paper.number

    def test_the_record_verifies_and_an_altered_number_is_found(self, city: Session) -> None:
        key = an_issue(city, state="assigned")
        issued(city, key)
        city.commit()
        lines = list(record_lines(city))
        assert verify(lines).alteration is None
        told = next(line for line in lines if line.get("action") == "issue_paper")
        told["facts"]["paper_number"] = "自交〔2026〕9号"
        found = verify(lines).alteration
        assert found is not None
        assert found.what == "altered"

    @pytest.mark.parametrize("table", ["paper", "paper_template"])
    @pytest.mark.parametrize("change", ["DELETE FROM {}", "UPDATE {} SET {} = {}", "TRUNCATE {} CASCADE"])
    def test_the_database_refuses_to_change_a_paper(self, city: Session, table: str, change: str) -> None:
        issued(city, an_issue(city, state="assigned"))
        column = {"paper": "number", "paper_template": "name"}[table]
        with pytest.raises(Exception, match="append-only"):
            city.connection().execute(text(change.format(table, column, column)))

    @pytest.mark.parametrize("state", ["assigned", "rectifying", "rectified", "verified", "closed"])
    def test_it_moves_no_clock_and_no_state(self, city: Session, state: str) -> None:
        key = an_issue(city, state=state)
        before = read(city, key).model_dump()
        issued(city, key, now=MONDAY + timedelta(hours=1))
        after = read(city, key).model_dump()

        changed = {name for name in before if before[name] != after[name]}
        assert changed == {"version", "event_count", "seal"}

    def test_it_tells_nobody(self, city: Session, tick) -> None:
        key = at_the_top(city, tick)
        before = messages(city, key)
        for kind in KINDS:
            issued(city, key, kind, now=TOP)

        assert messages(city, key) == before

    def test_nothing_that_is_printed_lies_in_the_outbox_or_on_the_record(self, city: Session, tick) -> None:
        key = at_the_top(city, tick)
        secret = Interview(when="二〇二六年十一月二十日", place="三楼密谈室")
        issued(city, key, PaperKind.INTERVIEW_NOTICE, now=TOP, interview=secret)
        facts = [str(row) for row in city.exec(select(IssueEvent.facts))]
        sent = [str(row) for row in city.exec(select(Message.facts))]

        assert not [row for row in facts + sent if "密谈室" in row]


class TestWhen:
    @pytest.mark.parametrize("kind", [kind for kind in KINDS if kind is not SLIP])
    def test_a_paper_waits_for_its_step_of_the_ladder(self, city: Session, kind: PaperKind) -> None:
        with pytest.raises(NotReached):
            issued(city, an_issue(city, state="rectifying"), kind)

    def test_each_paper_goes_with_its_step(self, city: Session, tick) -> None:
        key = at_the_top(city, tick)

        assert [issued(city, key, kind, now=TOP).paper.step for kind in KINDS] == ["E0", "E4", "E5", "E6", "E7", "E7"]

    def test_a_step_that_was_passed_over_in_silence_made_no_order(self, city: Session, tick) -> None:
        key = an_issue(city, state="rectifying")
        tick(at("2026-11-18 10:00"))  # nobody looked until E7: E5 and E6 are on record, only E7 was told
        with pytest.raises(NotReached):
            issued(city, key, PaperKind.SUPERVISION_ORDER_1, now=TOP)

        assert issued(city, key, PaperKind.SUPERVISION_ORDER_3, now=TOP).paper.step == "E7"

    @pytest.mark.parametrize("kind", [REMINDER, PaperKind.INTERVIEW_NOTICE])
    def test_nobody_is_asked_for_work_on_what_is_closed(self, city: Session, tick, kind: PaperKind) -> None:
        key = at_the_top(city, tick)
        issues.reply_order(city, issue_ids=[key], by=who(city, "R00006", now=TOP), now=TOP, reply="已整改")
        finish(city, key, now=TOP)
        with pytest.raises(ActionNotPossible):
            issued(city, key, kind, now=TOP)

        assert issued(city, key, PaperKind.SUPERVISION_ORDER_1, now=TOP).paper.number

    def test_a_found_issue_has_no_paper(self, city: Session) -> None:
        with pytest.raises(ActionNotPossible):
            issued(city, an_issue(city))

    def test_a_notice_of_a_round_is_not_asked_for_issue_by_issue(self, city: Session) -> None:
        with pytest.raises(WrongValue):
            issued(city, an_issue(city, state="assigned"), PaperKind.RECTIFICATION_NOTICE)

    def test_the_door_asks_for_the_kind(self, city: Session) -> None:
        key = an_issue(city, state="assigned")
        with pytest.raises(MissingInput):
            apply(city, [Command(Action.ISSUE_PAPER, who(city, OFFICE), key)], now=MONDAY)
        assert city.get_one(Issue, key).version
