"""What stands on a paper: everything filled in, frozen, in Chinese form; text of others stays text."""

import pytest
from sqlalchemy import text
from sqlmodel import Session

from models.paper import PaperKind
from models.unit import Person, Unit
from services.exports.paper_page import page_file
from services.exports.paper_word import word_file
from services.papers.content import Interview
from services.papers.samples import sample
from services.papers.stationery import PAGE, WORD, Stationery
from services.papers.words import clean
from tests.cast import MONDAY, an_issue, at
from tests.corners.verbs import run
from tests.services.papers.rounds import a_round, noticed
from tests.services.papers.shelf import (
    CITYS,
    KINDS,
    OURS,
    TOP,
    at_the_top,
    braces,
    issued,
    markup_of,
    page_text,
    text_of,
    word_bytes,
    word_text,
)

HOSTILE = (
    "<script>alert(1)</script>",
    "<w:t>假</w:t></w:r>",
    "{{ 7 * 7 }} {% for x in y %}",
    "{{ cycler.__init__.__globals__ }}",
    "{_{ a }_} {_% b %_}",
    "a & b < c > d \"e\" 'f'",
    "]]> <!-- <![CDATA[ &lt; &#65;",
    "=1+1",
    "很" * 2000,
)


@pytest.fixture(params=[CITYS, OURS], ids=["the city's templates", "our own"])
def stationery(request: pytest.FixtureRequest) -> Stationery:
    return request.param


class TestEveryPlace:
    @pytest.mark.parametrize("kind", KINDS)
    def test_is_filled_in_on_the_paper_of_an_issue(self, city: Session, tick, kind, stationery) -> None:
        key = at_the_top(city, tick, description="三处破损")
        paper = issued(city, key, kind, now=TOP, stationery=stationery).paper
        for written in (word_text(city, paper), page_text(city, paper)):
            assert braces(written) == []
            for said in (paper.number, "自贡市城市管理局", "2026年11月5日17时", "三处破损", "ZG-2026-000001"):
                assert said in written

    def test_is_filled_in_on_the_notice_of_a_round(self, city: Session, stationery) -> None:
        paper = noticed(city, a_round(city), stationery=stationery).paper
        for written in (word_text(city, paper), page_text(city, paper)):
            assert braces(written) == []
            for said in (paper.number, "自贡市城市管理局", "2026年11月5日17时", "三辆车占道", "长征大道", "3件"):
                assert said in written.replace(" ", "")

    @pytest.mark.parametrize("kind", [*KINDS, PaperKind.RECTIFICATION_NOTICE])
    def test_is_one_that_a_template_may_name(self, city: Session, tick, kind: PaperKind) -> None:
        """The sample that templates are tried out with has exactly the names of a real paper."""
        if kind is PaperKind.RECTIFICATION_NOTICE:
            paper = noticed(city, a_round(city)).paper
        else:
            paper = issued(city, at_the_top(city, tick), kind, now=TOP).paper

        assert _names(sample(kind)) == _names(paper.content)


def _names(content: object) -> object:
    if isinstance(content, dict):
        return {name: _names(value) for name, value in sorted(content.items()) if name != "assisting_codes"}
    return [_names(content[0])] if isinstance(content, list) and content and isinstance(content[0], dict) else None


def _own(page: str) -> Stationery:
    return Stationery(files={"assignment_slip.html": page.encode()}, forms=CITYS.forms)


class TestFrozen:
    def test_later_names_and_dates_change_nothing(self, city: Session) -> None:
        key = an_issue(city, state="rectifying")
        paper = issued(city, key).paper
        before = (word_text(city, paper), page_text(city, paper))
        run(city, "UPDATE issue SET due_at = due_at + interval '9 days', description = '别的' WHERE id = :id", id=key)
        for row, name in ((city.get_one(Unit, "D-CGJ"), "改名局"), (city.get_one(Person, "R00001"), "改名人")):
            row.name = name
        city.commit()
        city.expire_all()

        assert (word_text(city, paper), page_text(city, paper)) == before

    def test_later_templates_change_nothing(self, city: Session) -> None:
        first, later = (_own(f"{word} {{{{ number }}}}") for word in "甲乙")
        paper = issued(city, an_issue(city, state="assigned"), stationery=first).paper

        other = issued(city, an_issue(city, state="assigned"), stationery=later).paper
        assert page_text(city, paper) == f"甲 {paper.number}"
        assert page_text(city, other) == f"乙 {other.number}"


class TestHostileText:
    @pytest.mark.parametrize("hostile", HOSTILE, ids=range(len(HOSTILE)))
    def test_stays_text_letter_for_letter(self, city: Session, hostile: str, stationery) -> None:
        paper = issued(city, an_issue(city, state="assigned", description=hostile), stationery=stationery).paper
        file, page = word_bytes(city, paper), page_text(city, paper)

        assert hostile in text_of(file)
        assert "<script" not in page
        assert "<w:t>假" not in markup_of(file)
        assert '<td class="text">' in page

    def test_is_escaped_in_the_page(self, city: Session) -> None:
        paper = issued(city, an_issue(city, state="assigned", description="<b onclick='x'>{{ 7*7 }}</b>")).paper

        assert "&lt;b onclick=&#39;x&#39;&gt;{{ 7*7 }}&lt;/b&gt;" in page_text(city, paper)

    def test_on_several_lines_keeps_its_lines(self, city: Session) -> None:
        paper = issued(city, an_issue(city, state="assigned", description="一\n二\r\n三")).paper

        assert paper.content["issue"]["description"] == "一\n二\n三"
        assert markup_of(word_bytes(city, paper)).count("<w:br/>") == 2

    @pytest.mark.parametrize("trick", ["\x07", "\x0c", "\x0b", "\x1b", "\u202e", "\u2066", "\x85", "\ufffe"])
    def test_loses_characters_that_play_tricks(self, city: Session, trick: str) -> None:
        paper = issued(city, an_issue(city, state="assigned", description=f"前{trick}后")).paper

        assert paper.content["issue"]["description"] == "前后"
        assert "前后" in word_text(city, paper)

    def test_in_the_interview_is_text_too(self, city: Session, tick) -> None:
        key = at_the_top(city, tick)
        told = Interview(when="<b>{{ kind }}</b>", place="a\x07&b")
        paper = issued(city, key, PaperKind.INTERVIEW_NOTICE, now=TOP, interview=told).paper

        assert "<b>{{ kind }}</b>" in word_text(city, paper)
        assert "a&amp;b" in page_text(city, paper)


class TestSaid:
    def test_a_deadline_that_was_moved_tells_both(self, city: Session) -> None:
        key = an_issue(city, state="rectifying")
        run(city, "UPDATE issue SET due_at = due_at + interval '1 day 30 minutes' WHERE id = :id", id=key)
        item = issued(city, key).paper.content["issue"]

        assert (item["due"], item["original_due"]) == ("2026年11月6日17时30分", "2026年11月5日17时")

    def test_a_deadline_on_unpublished_days_says_so(self, city: Session) -> None:
        key = an_issue(city, state="rectifying")
        run(city, "UPDATE issue SET due_provisional = true WHERE id = :id", id=key)

        assert issued(city, key).paper.content["issue"]["due"] == "2026年11月5日17时（暂定）"

    def test_an_order_speaks_of_the_day_on_which_the_ladder_issued_it(self, city: Session, tick) -> None:
        key = at_the_top(city, tick)
        content = issued(city, key, PaperKind.SUPERVISION_ORDER_1, now=TOP).paper.content

        assert content["issued_on"] == "2026年11月11日"
        assert content["issue"]["overdue"] == "5天17小时"
        assert content["reply_due"] == "2026年11月16日17时"

    def test_an_order_leaves_room_for_a_leaders_instruction_and_stores_none(self, city: Session, tick) -> None:
        key = at_the_top(city, tick)
        paper = issued(city, key, PaperKind.SUPERVISION_ORDER_1, now=TOP).paper

        assert "批示" in word_text(city, paper)
        assert "批示" not in str(paper.content)

    def test_a_copy_goes_to_whom_the_step_tells_but_not_to_the_sender(self, city: Session, tick) -> None:
        key = at_the_top(city, tick)

        assert issued(city, key, PaperKind.SUPERVISION_ORDER_1, now=TOP).paper.content["copied_to"] == [
            "自流井区创建办",
            "城管局主要领导",
        ]
        assert issued(city, key, PaperKind.SUPERVISION_ORDER_3, now=TOP).paper.content["copied_to"] == []

    def test_a_place_is_not_said_twice_before_an_address(self, city: Session) -> None:
        key = an_issue(city, state="assigned", address="自流井区五星街街道富台山路120号")

        said = issued(city, key).paper.content["issue"]
        assert said["place"].startswith("自流井区五星街")
        assert said["address"].endswith("富台山路120号")
        assert "自流井区" not in said["address"]

    def test_a_district_signs_as_itself(self, city: Session) -> None:
        key = an_issue(city, state="assigned")

        assert issued(city, key, by="R00010").paper.content["office"] == "自流井区创建办"

    def test_the_page_takes_nothing_from_elsewhere_and_runs_nothing(self, city: Session) -> None:
        page = page_text(city, issued(city, an_issue(city, state="assigned")).paper)

        assert "default-src 'none'" in page
        assert not [bad for bad in ("<script", "<link", "<img", "http:", "https:", "@import", "url(") if bad in page]
        assert "size: A4" in page

    @pytest.mark.parametrize("kind", list(PaperKind))
    @pytest.mark.parametrize("stationery", [CITYS, OURS], ids=["city", "ours"])
    def test_english_readers_find_their_way_on_the_page(self, kind: PaperKind, stationery: Stationery) -> None:
        page = page_file(stationery.template(kind, suffix=PAGE).body, sample(kind), name="page")

        assert sample(kind)["title_en"] in page
        assert "Deadline" in page

    @pytest.mark.parametrize("kind", [kind for kind in PaperKind if kind is not PaperKind.TRANSFER_PROPOSAL])
    def test_a_paper_that_wants_an_answer_has_a_reply_part(self, kind: PaperKind) -> None:
        written = text_of(word_file(CITYS.template(kind, suffix=WORD).body, sample(kind), name="word"))

        assert "回执" in written

    def test_clean_keeps_lines_and_tabs(self) -> None:
        assert clean(" a\tb\r\nc\x00 ") == "a\tb\nc"

    def test_nothing_is_asked_of_the_database_that_is_not_there(self, city: Session) -> None:
        key = an_issue(city, state="assigned", point=None, area="510302001002", standard=None, severity="S3")
        paper = issued(city, key, now=MONDAY).paper

        assert (paper.content["issue"]["point"], paper.content["issue"]["standard"]) == ("", "")
        assert "自流井区五星街街道高山井社区" in word_text(city, paper)
        assert city.connection().execute(text("SELECT count(*) FROM paper")).scalar() == 1
        assert at("2026-11-02 10:00") == MONDAY
