"""Who may issue a paper, who may print one again, and that an altered one is not printed."""

import pytest
from sqlmodel import Session

from models.errors import ActionNotAllowed, NotFound
from models.paper import PaperKind
from services import issues
from services.papers.errors import NotAsIssued
from services.papers.reading import listing, printable
from tests.cast import (
    DEPUTY,
    DIRECT,
    DISTRICT_OFFICE,
    DUTY,
    HANDLER,
    INSPECTOR,
    MONDAY,
    OFFICE,
    OUTSIDER,
    PRINCIPAL,
    STRANGER,
    VERIFIER,
    an_issue,
    who,
)
from tests.corners.verbs import MARKETS, assign, give_back, run
from tests.services.papers.rounds import a_round, noticed, round_id
from tests.services.papers.shelf import issued, page_text, word_text

ADMINISTRATOR, SPONSOR, HEADQUARTERS, PERFORMANCE = "R00005", "R00019", "R00020", "R00021"
OFFICES = (OFFICE, DUTY, HEADQUARTERS, DISTRICT_OFFICE)
READERS = (HANDLER, DIRECT, DEPUTY, PRINCIPAL, SPONSOR, PERFORMANCE)
NOBODY_HERE = (INSPECTOR, VERIFIER, ADMINISTRATOR, OUTSIDER, STRANGER, MARKETS)


@pytest.mark.parametrize("by", OFFICES)
def test_the_offices_over_the_place_issue_and_print(city: Session, by: str) -> None:
    paper = issued(city, an_issue(city, state="assigned"), by=by).paper

    assert printable(city, paper.number, by=who(city, by)).paper.id == paper.id


@pytest.mark.parametrize("by", READERS)
def test_the_unit_and_the_leaders_print_but_do_not_issue(city: Session, by: str) -> None:
    key = an_issue(city, state="assigned")
    with pytest.raises(ActionNotAllowed):
        issued(city, key, by=by)
    paper = issued(city, key).paper

    assert paper.number in word_text(city, paper, by=by)
    assert paper.number in page_text(city, paper, by=by)


@pytest.mark.parametrize("by", READERS)
def test_asking_again_for_a_paper_that_is_there_is_issuing_too(city: Session, by: str) -> None:
    key = an_issue(city, state="assigned")
    issued(city, key)
    with pytest.raises(ActionNotAllowed):
        issued(city, key, by=by)


@pytest.mark.parametrize("by", NOBODY_HERE)
def test_nobody_else_does_either(city: Session, by: str) -> None:
    key = an_issue(city, state="assigned")
    with pytest.raises(ActionNotAllowed):
        issued(city, key, by=by)
    paper = issued(city, key).paper
    with pytest.raises(ActionNotAllowed):
        printable(city, paper.number, by=who(city, by))


def test_who_may_not_is_not_told_how_far_the_ladder_is(city: Session) -> None:
    with pytest.raises(ActionNotAllowed):
        issued(city, an_issue(city, state="assigned"), PaperKind.SUPERVISION_ORDER_3, by=OUTSIDER)


def test_an_assisting_unit_prints_what_it_assists_with(city: Session) -> None:
    key = an_issue(city)
    assign(city, key, assisting=["D-SCJGJ"])
    paper = issued(city, key).paper

    assert paper.content["assisting"] == ["自贡市市场监督管理局"]
    assert printable(city, paper.number, by=who(city, MARKETS)).paper.id == paper.id


def test_the_next_owner_has_papers_of_its_own_and_not_those_of_the_last(city: Session) -> None:
    key = an_issue(city, state="assigned")
    first = issued(city, key).paper
    give_back(city, key)
    assign(city, key, to="D-SCJGJ")
    second = issued(city, key).paper

    assert printable(city, first.number, by=who(city, HANDLER)).paper.id == first.id
    assert printable(city, second.number, by=who(city, MARKETS)).paper.id == second.id
    for number, other in ((first.number, MARKETS), (second.number, HANDLER)):
        with pytest.raises(ActionNotAllowed):
            printable(city, number, by=who(city, other))


def test_a_notice_is_printed_by_its_unit_alone(city: Session) -> None:
    number = a_round(city)
    paper = noticed(city, number).paper

    assert printable(city, paper.number, by=who(city, HANDLER)).paper.id == paper.id
    with pytest.raises(ActionNotAllowed):
        printable(city, paper.number, by=who(city, MARKETS))


def test_a_district_does_not_issue_or_print_the_notice_of_two_districts(city: Session) -> None:
    number = a_round(city)
    with pytest.raises(ActionNotAllowed):
        noticed(city, number, by=DISTRICT_OFFICE)
    paper = noticed(city, number).paper
    with pytest.raises(ActionNotAllowed):
        printable(city, paper.number, by=who(city, DISTRICT_OFFICE))
    with pytest.raises(ActionNotAllowed):
        noticed(city, number, by=DISTRICT_OFFICE)


def test_a_district_issues_and_prints_the_notice_of_its_own_place(city: Session) -> None:
    paper = noticed(city, a_round(city), unit="D-SCJGJ", by=DISTRICT_OFFICE).paper

    assert printable(city, paper.number, by=who(city, DISTRICT_OFFICE)).paper.id == paper.id


@pytest.mark.parametrize(
    "alteration",
    [
        "UPDATE paper SET content = jsonb_set(content, '{unit}', '\"别的单位\"')",
        "UPDATE paper SET content = jsonb_set(content, '{unit}', '\"别的单位\"'), content_sha256 = 'ab'",
        "UPDATE paper_template SET body = body || 'x'",
        "UPDATE paper SET word_template = page_template",
        "UPDATE paper SET number = '自交〔2026〕7号'",
    ],
)
def test_what_somebody_altered_is_not_printed(city: Session, alteration: str) -> None:
    paper = issued(city, an_issue(city, state="assigned")).paper
    for table in ("paper", "paper_template"):
        run(city, f"ALTER TABLE {table} DISABLE TRIGGER append_only")
    run(city, alteration)
    city.expire_all()
    with pytest.raises(NotAsIssued):
        printable(city, paper.number, by=who(city, OFFICE))


def test_an_altered_notice_is_not_printed(city: Session) -> None:
    paper = noticed(city, a_round(city)).paper
    run(city, "ALTER TABLE paper DISABLE TRIGGER append_only")
    run(city, "UPDATE paper SET content = jsonb_set(content, '{count}', '9')")
    city.expire_all()
    with pytest.raises(NotAsIssued):
        printable(city, paper.number, by=who(city, OFFICE))


def test_a_paper_that_is_not_there_is_not_found(city: Session) -> None:
    with pytest.raises(NotFound):
        printable(city, "自交〔2026〕1号", by=who(city, OFFICE))


def test_papers_are_listed_newest_first_by_issue_unit_and_kind(city: Session) -> None:
    key, other = an_issue(city, state="assigned"), an_issue(city, state="assigned")
    issues.comment(city, issue_ids=[key], by=who(city, OFFICE), now=MONDAY, text="看")
    for one in (key, other):
        issued(city, one)
    number = a_round(city)
    noticed(city, number)

    assert [line.about for line in listing(city)] == [number, "ZG-2026-000002", "ZG-2026-000001"]
    assert [line.about for line in listing(city, issue_id=key)] == ["ZG-2026-000001"]
    assert [line.about for line in listing(city, kind=PaperKind.RECTIFICATION_NOTICE)] == [number]
    assert listing(city, unit="D-SCJGJ") == []
    assert round_id(city, number)
