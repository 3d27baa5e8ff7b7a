"""A covert round is unknown to the units it goes to until it is published: every way in is walked as their people."""

import httpx
import pytest
from sqlalchemy import text
from sqlmodel import Session, select

from models.audit import Result, Round, RoundKind, Sheet
from models.errors import NotFound
from models.issue import Issue, IssueEvent
from models.message import Message
from services import sight
from services.audit_publishing import publish
from services.audit_results import Seen
from services.papers.notices import issue_notice
from tests.cast import DISTRICT_OFFICE, HANDLER, INSPECTOR, MONDAY, OFFICE, OUTSIDER, who
from tests.services.audits.rounds import BAD, GOOD, fill, started
from tests.services.papers.shelf import CITYS
from tests.web.attacks.ways_in import PLAUSIBLE, ways_in
from tests.web.visitor import log_in

UNITS = [HANDLER, DISTRICT_OFFICE, OUTSIDER]
MARKS = (BAD.note, "地面油污")


@pytest.fixture
def round_(city: Session) -> Round:
    """Of the city, in one district, all sheets full; one fault is dangerous."""
    city.connection().execute(text("UPDATE standard SET severity = 'S1' WHERE code = '12-01'"))
    made = started(city, kind=RoundKind.COVERT, points=2, area_code="510302")
    fill(city, made, "P-0001", GOOD, BAD)
    fill(city, made, "P-0002", Seen("12-01", Result.NOT_MET, "电线裸露"), Seen("12-02", Result.NOT_MET, MARKS[1]))
    city.commit()
    return made


@pytest.mark.parametrize("person", UNITS)
async def test_no_way_in_shows_it_or_what_was_seen(
    city: Session, client: httpx.AsyncClient, round_: Round, person: str
) -> None:
    sheets = [str(key) for key in city.exec(select(Sheet.id)).all()]
    log_in(city, client, person)
    ways = [way for way in ways_in(client) if way.method == "GET" and not way.api and "{token}" not in way.path]
    for way in ways:
        asked = [round_.number, PLAUSIBLE["number"]] if "{number}" in way.path else [""]
        for number in asked:
            given = dict.fromkeys(way.parameters, "1") | PLAUSIBLE | {"number": number}
            audit = number == round_.number
            for key in sheets if audit and "{key}" in way.path else ["1"]:
                answer = await client.get(way.address(**{**given, "key": key}), follow_redirects=False)
                assert answer.status_code in (403, 404) or not audit, way.path
                # a page that is not there may repeat what was asked for
                content = answer.content.replace(number.encode(), b"") if audit else answer.content
                assert not [mark for mark in (*MARKS, round_.number) if mark.encode() in content], way.path
    assert len(ways) > 80


@pytest.mark.parametrize("query", ["/issues?q=三辆车占道", "/issues?q=ZG-A-2026", "/issues?source=covert"])
@pytest.mark.parametrize("person", [HANDLER, DISTRICT_OFFICE])
async def test_no_search_finds_it(
    city: Session, client: httpx.AsyncClient, round_: Round, person: str, query: str
) -> None:
    log_in(city, client, person)
    answer = (await client.get(query)).text
    assert "ZG-2026-00" not in answer
    assert round_.number not in answer


async def test_only_its_inspectors_are_told(city: Session, round_: Round) -> None:
    told = city.exec(select(Message)).all()
    about = [one for one in told if round_.number in f"{one.key} {one.facts}"]
    assert {one.person_code for one in about} == {INSPECTOR}


async def test_what_could_not_wait_tells_nothing_of_where_it_comes_from(city: Session, round_: Round) -> None:
    (issue,) = city.exec(select(Issue)).all()
    record = str(issue.model_dump()) + str([one.model_dump() for one in city.exec(select(IssueEvent)).all()])
    assert sight.sees(who(city, DISTRICT_OFFICE), issue)
    assert round_.number not in record
    assert "covert" not in record


@pytest.mark.parametrize("known", [True, False])
async def test_asking_for_its_notice_tells_no_more_than_of_one_that_is_not_there(
    city: Session, round_: Round, known: bool
) -> None:
    given = {"unit_code": "D-CGJ", "by": who(city, DISTRICT_OFFICE), "now": MONDAY, "stationery": CITYS}
    with pytest.raises(NotFound):
        issue_notice(city, round_number=round_.number if known else "ZG-A-2026-0999", **given)


async def test_published_it_is_there_for_the_district(city: Session, client: httpx.AsyncClient, round_: Round) -> None:
    city.refresh(round_)
    publish(city, round_.number, by=who(city, OFFICE), now=MONDAY)
    city.commit()
    log_in(city, client, DISTRICT_OFFICE)
    page = await client.get(f"/audits/{round_.number}")
    assert (page.status_code, BAD.note in page.text) == (200, True)
    assert len(city.exec(select(Issue)).all()) == 3


async def test_its_organiser_and_its_inspectors_see_it(city: Session, client: httpx.AsyncClient, round_: Round) -> None:
    for person in (OFFICE, INSPECTOR):
        log_in(city, client, person)
        assert (await client.get(f"/audits/{round_.number}")).status_code == 200
