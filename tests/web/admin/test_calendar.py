"""The calendar in the browser: a year is looked at, a notice is looked through, then taken in."""

import httpx
import pytest
from sqlmodel import Session, col, func, select

from models.issue import IssueEvent
from models.rule import CalendarVersion
from tests.cast import DISTRICT_OFFICE, HANDLER, OFFICE, an_issue
from tests.web.visitor import log_in

NOTICE = "date,kind,name\n2027-01-01,放假,元旦\n2027-01-03,调休上班,元旦\n2027-02-08,holiday,春节\n"
SOURCE = "国务院办公厅关于2027年部分节假日安排的通知"


def versions(session: Session) -> int:
    session.rollback()
    return session.exec(select(func.count(col(CalendarVersion.version)))).one()


def a_file(text: str, name: str = "2027.csv") -> dict[str, tuple[str, bytes, str]]:
    return {"file": (name, text.encode(), "text/csv")}


async def test_a_year_shows_every_day_and_says_whether_it_is_sure(city: Session, client: httpx.AsyncClient) -> None:
    log_in(city, client, OFFICE)
    sure = (await client.get("/admin/calendar?year=2026")).text
    assert sure.count("<caption>") == 12
    assert "make_up" in sure
    assert "尚无" not in sure
    unsure = (await client.get("/admin/calendar?year=2028&lang=en")).text
    assert "No notice for 2028 yet" in unsure


async def test_a_notice_is_looked_at_before_it_is_taken_in(city: Session, client: httpx.AsyncClient) -> None:
    log_in(city, client, OFFICE)
    before = versions(city)
    page = await client.post("/admin/calendar/notice?lang=en", data={"source": SOURCE}, files=a_file(NOTICE))
    assert page.status_code == 200, page.text
    assert "newly published: 365" in page.text
    assert versions(city) == before
    form = {"source": SOURCE, "notice": NOTICE, "sure": "1"}
    done = await client.post("/admin/calendar/notice", data=form)
    assert done.status_code == 303
    assert done.headers["location"] == "/admin/calendar?year=2027&taken=1"
    assert versions(city) == before + 1
    assert "2027-01-03" in (await client.get(done.headers["location"])).text


async def test_a_double_tap_takes_a_notice_in_once(city: Session, client: httpx.AsyncClient) -> None:
    log_in(city, client, OFFICE)
    before = versions(city)
    form = {"source": SOURCE, "notice": NOTICE, "sure": "1"}
    assert [(await client.post("/admin/calendar/notice", data=form)).status_code for _ in range(2)] == [303, 303]
    assert versions(city) == before + 1


async def test_issues_under_way_are_told_before_and_recomputed_after(city: Session, client: httpx.AsyncClient) -> None:
    key = an_issue(city, state="assigned")
    city.commit()
    log_in(city, client, OFFICE)
    one = {"source": "市政府通知", "day-date": "2026-11-04", "day-kind": "holiday", "day-name": "大风停工"}
    page = (await client.post("/admin/calendar/notice", data=one)).text
    assert "ZG-2026-000001" in page
    carried = "date,kind,name\n2026-11-04,holiday,大风停工\n"
    assert carried in page
    await client.post("/admin/calendar/notice", data={"source": "市政府通知", "notice": carried, "sure": "1"})
    city.rollback()
    actions = city.exec(select(IssueEvent.action).where(IssueEvent.issue_id == key)).all()
    assert "recompute" in actions


@pytest.mark.parametrize(
    ("form", "file"),
    [
        ({"source": SOURCE}, None),
        ({"source": ""}, NOTICE),
        ({"source": SOURCE}, "date,kind,name\n2027-01-01,lazy,元旦\n"),
        ({"source": SOURCE}, "date,kind,name\n2027-13-01,holiday,元旦\n"),
        ({"source": SOURCE}, "date,kind,name\n2027-01-04,make_up,元旦\n"),
        ({"source": SOURCE}, "\x00\x01"),
        ({"source": SOURCE}, "date,kind\n"),
        ({"source": SOURCE, "day-date": "soon", "day-kind": "holiday"}, None),
        ({"source": SOURCE, "notice": "x" * 300_000, "sure": "1"}, None),
    ],
)
async def test_a_notice_that_cannot_be_used_changes_nothing_and_keeps_what_was_typed(
    city: Session, client: httpx.AsyncClient, form: dict[str, str], file: str | None
) -> None:
    log_in(city, client, OFFICE)
    before = versions(city)
    answer = await client.post("/admin/calendar/notice", data=form, files=a_file(file) if file else None)
    assert answer.status_code == 400
    assert 'role="alert"' in answer.text
    assert form["source"] in answer.text
    assert versions(city) == before


async def test_bytes_that_are_no_text_are_refused(city: Session, client: httpx.AsyncClient) -> None:
    log_in(city, client, OFFICE)
    files = {"file": ("<b>.csv", b"\xff\xfe\x00\x00", "text/csv")}
    answer = await client.post("/admin/calendar/notice", data={"source": SOURCE}, files=files)
    assert answer.status_code == 400
    assert "<b>" not in answer.text


@pytest.mark.parametrize("person", [HANDLER, DISTRICT_OFFICE])
async def test_the_calendar_is_the_citys(city: Session, client: httpx.AsyncClient, person: str) -> None:
    log_in(city, client, person)
    for address in ("/admin/calendar", "/admin/calendar/notice"):
        assert (await client.get(address)).status_code == 403
    assert (await client.post("/admin/calendar/notice", data={"source": "x", "notice": NOTICE})).status_code == 403
