"""The list page: who sees what, what stands in the address, what hostile addresses get."""

import re
from html import unescape

import httpx
import pytest
from sqlmodel import Session, select

from models.issue import Issue
from models.lifecycle import OPEN
from runtime import clock
from services import sight
from services.saved_views import views_of
from tests.cast import DISTRICT_OFFICE, HANDLER, INSPECTOR, OFFICE, OUTSIDER, STRANGER, who
from tests.services.crowd import a_crowd, plain
from tests.web.lists.reader import listed, numbers
from tests.web.visitor import log_in


@pytest.fixture
def crowd(city: Session) -> Session:
    a_crowd(city)
    city.commit()
    return city


def named(session: Session, holds) -> list[str]:
    return [session.get(Issue, key).number for key in plain(session, holds)]


@pytest.mark.parametrize("person", [OFFICE, HANDLER, INSPECTOR, DISTRICT_OFFICE, OUTSIDER, "R00018", "R00031"])
async def test_everybody_lists_what_they_may_see(crowd: Session, client: httpx.AsyncClient, person: str) -> None:
    log_in(crowd, client, person)
    actor = who(crowd, person)
    assert await listed(client, "/issues") == named(crowd, lambda one: sight.sees(actor, one))


async def test_a_stranger_has_no_list_and_nobody_none_without_logging_in(crowd: Session, client) -> None:
    assert (await client.get("/issues")).status_code == 303
    log_in(crowd, client, STRANGER)
    assert (await client.get("/issues")).status_code == 403


@pytest.mark.parametrize("sort", ["newest", "oldest", "due", "step", "severity"])
async def test_pages_lead_through_every_order(crowd: Session, client, monkeypatch, sort: str) -> None:
    monkeypatch.setattr("services.listing.PAGE", 7)
    log_in(crowd, client, OFFICE)
    seen = await listed(client, f"/issues?sort={sort}&open=1")
    assert sorted(seen) == sorted(named(crowd, lambda one: one.state in OPEN))


async def test_filters_stand_in_the_address_and_in_the_form(crowd: Session, client) -> None:
    log_in(crowd, client, OFFICE)
    page = (await client.get("/issues?state=found&unit=城市管理局&severity=S1&from=2026-10-01")).text
    assert "没有编号为“城市管理局”的单位" in page
    page = (await client.get("/issues?state=rectifying&unit=自贡市城市管理局&q=垃圾")).text
    expected = named(
        crowd, lambda one: one.state == "rectifying" and one.lead_unit == "D-CGJ" and "垃圾" in one.description
    )
    assert numbers(page) == expected
    assert 'value="rectifying" checked' in page
    assert 'value="垃圾"' in page


@pytest.mark.parametrize(
    ("query", "numbered"),
    [("000012", True), ("ZG-2026-00001", True), ("12345 热线", False), ("垃圾", False)],
)
async def test_what_looks_like_a_number_is_searched_among_numbers(crowd, client, query: str, numbered: bool) -> None:
    log_in(crowd, client, OFFICE)
    seen = numbers((await client.get("/issues", params={"q": query})).text)
    expected = named(crowd, lambda one: query in (one.number if numbered else one.description))
    assert seen == expected[:50]


HOSTILE = (
    *(
        "sort=id;drop table issue",
        "sort=due&after=9999999999999999999.1",
        "after=-1",
        "after=1.1",
        "after=99999999999999999999",
    ),
    *(
        "sort=due&after=999999999999999999.1",
        "sort=step&after=77.1",
        "sort=severity&after=5",
        "state=nothing",
        "severity=S1' OR 1=1",
    ),
    *("step=E9", "step=Ⅸ", "min_step=-1", "from=2026-13-45", "to=0001-01-01", "from=99999-01-01", "unit=' OR ''='"),
    *("area=%00", "point=../../etc/passwd", "category=zz", "source=x", "mine=R00001", "round=%27", "area=%ff%fe"),
)


@pytest.mark.parametrize("query", HOSTILE)
async def test_a_hostile_address_is_answered_with_a_sentence(crowd: Session, client, query: str) -> None:
    log_in(crowd, client, OFFICE)
    answer = await client.get(f"/issues?{query}")
    assert answer.status_code in (200, 400)
    if query not in ("area=%00",):
        assert answer.status_code == 400
        assert 'role="alert"' in answer.text
        assert numbers(answer.text) == []


async def test_what_was_typed_stays_in_the_form_and_is_never_markup(crowd: Session, client) -> None:
    log_in(crowd, client, OFFICE)
    answer = await client.get("/issues", params={"unit": '"><script>alert(1)</script>', "q": "<b>'\x00垃圾"})
    assert answer.status_code == 400
    assert "<script>alert" not in answer.text
    assert "&lt;script&gt;alert(1)" in answer.text
    assert "&lt;b&gt;&#39;垃圾" in answer.text


async def test_unknown_names_and_floods_are_left_out(crowd: Session, client) -> None:
    log_in(crowd, client, OFFICE)
    flood = "&".join(f"state={n}" for n in range(3000))
    assert (await client.get(f"/issues?{flood}")).status_code == 400
    assert (await client.get("/issues?limit=1000000&scope=all&person=R00099")).status_code == 200


async def test_words_of_an_issue_are_never_markup(city: Session, client) -> None:
    a_crowd(city, many=1)
    one = city.exec(select(Issue)).one()
    one.description, one.address = "<img src=x onerror=alert(1)>", "<i>"
    city.commit()
    log_in(city, client, OFFICE)
    for page in ("/issues", "/map"):
        text = (await client.get(page)).text
        assert "<img src=x" not in text
    answer = (await client.get(f"/bulk?issue={one.number}:{one.version}")).text
    assert "<img src=x" not in answer


async def test_more_than_ten_thousand_are_not_counted(crowd: Session, client, monkeypatch) -> None:
    monkeypatch.setattr("services.listing.PAGE", 5)
    monkeypatch.setattr("web.lists.page.MOST", 20)
    log_in(crowd, client, OFFICE)
    assert "more than 20 issues" in (await client.get("/issues?lang=en")).text
    page = (await client.get("/issues?lang=en&state=found")).text
    assert f"{len(named(crowd, lambda one: one.state == 'found'))} issues" in page


async def test_a_view_is_kept_found_again_and_deleted(crowd: Session, client) -> None:
    log_in(crowd, client, HANDLER)
    kept = await client.post("/views", data={"name": "我的", "query": "overdue=1&after=5&evil=1&state=rectifying"})
    assert (kept.status_code, kept.headers["location"]) == (303, "/issues?state=rectifying&overdue=1")
    page = (await client.get("/issues")).text
    assert '<a class="chip" href="/issues?state=rectifying&amp;overdue=1">我的</a>' in page
    (view,) = views_of(crowd, HANDLER)
    gone = await client.post(f"/views/{view.id}/forget", data={"query": "https://evil.example/"})
    assert gone.headers["location"] == "/issues"
    assert "我的</a>" not in (await client.get("/issues")).text


@pytest.mark.parametrize(
    "data", [{"name": "x", "query": "state=none"}, {"name": "", "query": "open=1"}, {"name": "长" * 300, "query": ""}]
)
async def test_a_view_that_cannot_be_used_is_not_kept(crowd: Session, client, data: dict) -> None:
    log_in(crowd, client, OFFICE)
    answer = await client.post("/views", data=data)
    assert answer.status_code == 400
    assert f'value="{data["name"]}"' in answer.text
    assert views_of(crowd, OFFICE) == []


async def test_a_form_from_another_site_is_refused(crowd: Session, client) -> None:
    log_in(crowd, client, OFFICE)
    answer = await client.post("/views", data={"name": "x", "query": ""}, headers={"Origin": "https://evil.example"})
    assert answer.status_code == 403


async def test_a_page_shows_times_in_the_citys_time_and_says_what_is_overdue(city: Session, client) -> None:
    a_crowd(city, many=8)
    one = city.exec(select(Issue).where(Issue.state == "rectifying")).first()
    one.due_at = clock.now(city)
    city.commit()
    log_in(city, client, OFFICE)
    page = unescape((await client.get("/issues?state=rectifying")).text)
    shown = one.due_at.astimezone().isoformat() is not None
    assert shown
    assert re.search(r'class="due late"><time datetime="[^"]+">\d{4}-\d\d-\d\d \d\d:\d\d</time> 逾期', page)
