"""Reporting by plain forms, as a browser without scripts does it: nothing that was entered gets lost on the way."""

import re
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest
from sqlmodel import Session, select

from models.evidence import Upload
from models.issue import Evidence, Issue
from tests.cast import INSPECTOR, OFFICE, STRANGER, an_issue, read, trail
from tests.web.link_desk import picture
from tests.web.visitor import log_in

KEY = "a-phone-made-this-key"
WHERE = "/report/send?key=" + KEY + "&point=P-0001&standard=01-01"


@pytest.fixture
def visitor(city: Session, client: httpx.AsyncClient) -> httpx.AsyncClient:
    log_in(city, client, INSPECTOR)
    return client


def asked(answer: httpx.Response) -> dict[str, str]:
    """What the address that comes next says."""
    assert answer.status_code == 303, answer.text
    return dict(parse_qsl(urlsplit(answer.headers["location"]).query))


def hidden(page: str) -> list[tuple[str, str]]:
    plain = page.split('class="plain"')[-1]
    return re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', plain)


async def first(client: httpx.AsyncClient, files=(), **texts) -> httpx.Response:
    return await client.post("/report", data=texts, files=[("photos", one) for one in files] or {"taken": ("", b"")})


def only(city: Session) -> Issue:
    city.rollback()
    return city.exec(select(Issue)).one()


async def test_all_three_steps_lead_to_an_issue_with_its_photo(city, visitor):
    answer = await first(visitor, [picture("一.jpg")], key=KEY, place="point:P-0001", go="next")
    page = (await visitor.get(answer.headers["location"])).text
    way = re.search(r'href="(/report/send[^"]*standard=01-02[^"]*)"', page)
    page = (await visitor.get(way[1].replace("&amp;", "&"))).text
    answer = await visitor.post("/report/send", data={**dict(hidden(page)), "description": "商户占道"})

    issue = only(city)
    assert answer.headers["location"] == f"/report/done/{issue.number}"
    assert (issue.point_code, issue.standard_code, issue.description) == ("P-0001", "01-02", "商户占道")
    assert [one.file_name for one in city.exec(select(Evidence))] == ["一.jpg"]
    assert issue.number in (await visitor.get(answer.headers["location"])).text


async def test_places_are_searched_and_photos_stay_meanwhile(city, visitor):
    answer = await first(visitor, [picture()], key=KEY, q="五星街", go="search")
    page = (await visitor.get(answer.headers["location"])).text
    assert 'value="point:P-0002"' in page
    assert [name for name, _ in hidden(page)] == ["key", "upload"]
    assert 'src="/uploads/' in page


async def test_a_photo_that_is_left_out_is_gone_from_the_report(city, visitor):
    given = asked(await first(visitor, [picture()], key=KEY, go="photos"))
    given = asked(await first(visitor, key=KEY, upload=given["upload"], drop=given["upload"], go="photos"))
    assert "upload" not in given


async def test_a_file_that_is_no_photo_is_told_and_the_others_are_kept(city, visitor):
    files = [
        picture("good.jpg"),
        ("notes.jpg", b"not a photo", "image/jpeg"),
        ("a.pdf", b"%PDF-1.4 x\n%%EOF", "image/jpeg"),
    ]
    answer = await first(visitor, files, key=KEY, place="point:P-0001", q="五星", go="next")
    assert answer.status_code == 422
    assert "notes.jpg" in answer.text
    assert "a.pdf" in answer.text
    assert [name for name, _ in hidden(answer.text)].count("upload") == 1
    assert 'value="五星"' in answer.text
    assert re.search(r'value="point:P-0001"\s+checked', answer.text)


async def test_without_a_place_the_page_says_so(city, visitor):
    answer = await first(visitor, key=KEY, go="next")
    assert (answer.status_code, "请选择地点。" in answer.text) == (400, True)


async def test_an_area_will_do_where_there_is_no_point(city, visitor):
    given = asked(await first(visitor, key=KEY, place="area:510302001002", go="next"))
    page = (await visitor.get("/report/what", params=given)).text
    assert "农贸市场" in page
    given["category"] = "12"
    assert "公平秤" in (await visitor.get("/report/what", params=given)).text


async def test_standards_are_searched_in_both_languages(city, visitor):
    page = (await visitor.get("/report/what?point=P-0001&q=占道")).text
    assert ("01-02" in page, "01-01" in page) == (True, False)
    page = (await visitor.get("/report/what?area=510302001002&q=standard 12-02")).text
    assert "证照" in page


async def test_a_point_offers_only_the_standards_of_its_category(city, visitor):
    assert "12-01" not in (await visitor.get("/report/what?point=P-0001")).text


async def test_without_words_it_comes_back_with_all_that_was_entered(city, visitor):
    sent = {"key": KEY, "point": "P-0001", "standard": "01-01", "lat": "29.351400", "lng": "104.785800"}
    answer = await visitor.post("/report/send", data=sent)
    assert answer.status_code == 400
    assert "请说明是什么问题。" in answer.text
    assert sent.items() <= dict(hidden(answer.text)).items()


async def test_too_many_words_are_told_and_stay(city, visitor):
    answer = await visitor.post("/report/send", data={"key": KEY, "point": "P-0001", "description": "长" * 2001})
    assert answer.status_code == 400
    assert "长" * 2001 in answer.text


async def test_sending_twice_makes_one_issue(city, visitor):
    sent = {"key": KEY, "point": "P-0001", "standard": "01-01", "description": "坏了"}
    answers = [await visitor.post("/report/send", data=sent) for _ in range(2)]
    assert answers[0].headers["location"] == answers[1].headers["location"]
    assert trail(city, only(city).id) == ["find"]


async def test_what_is_known_is_offered_before_and_the_words_can_go_there(city, visitor):
    key = an_issue(city)
    city.commit()
    number = read(city, key).number
    page = (await visitor.get(WHERE)).text
    assert f'name="number" value="{number}"' in page
    answer = await visitor.post("/report/add", data={**dict(hidden(page)), "number": number, "description": "还在"})
    assert answer.headers["location"] == f"/report/done/{number}?added=true"
    assert trail(city, key) == ["find", "comment"]
    assert "已补充" in (await visitor.get(answer.headers["location"])).text


async def test_what_became_known_meanwhile_is_shown_once(city, visitor):
    page = (await visitor.get(WHERE)).text
    an_issue(city)
    city.commit()
    answer = await visitor.post("/report/send", data={**dict(hidden(page)), "description": "坏了"})
    assert (answer.status_code, "坏了" in answer.text) == (409, True)
    answer = await visitor.post("/report/send", data={**dict(hidden(answer.text)), "description": "坏了"})
    assert answer.status_code == 303


async def test_a_photo_that_has_expired_is_told_and_the_rest_stays(city, visitor):
    given = asked(await first(visitor, [picture("a.jpg")], key=KEY, place="point:P-0001", go="next"))
    city.rollback()
    city.delete(city.exec(select(Upload)).one())
    city.commit()
    answer = await visitor.post("/report/send", data={**given, "standard": "01-01", "description": "坏了"})
    assert (answer.status_code, "照片已失效" in answer.text) == (404, True)
    assert "upload" not in dict(hidden(answer.text))


async def test_the_sign_of_a_point_opens_a_report_with_it(city, visitor):
    answer = await visitor.get("/p/P-0002")
    assert answer.headers["location"] == "/report?point=P-0002"
    assert "五星街农贸市场" in (await visitor.get("/report?point=P-0002")).text


async def test_a_sign_that_is_unknown_is_told(city, visitor):
    assert "没有点位 P-9999。" in (await visitor.get("/report?point=P-9999")).text


async def test_another_one_at_the_same_place_begins_with_the_place(city, visitor):
    key = an_issue(city)
    city.commit()
    page = (await visitor.get(f"/report/done/{read(city, key).number}")).text
    assert 'href="/report?point=P-0001"' in page


async def test_severity_and_source_are_offered_to_who_takes_reports_in_only(city, visitor):
    assert 'name="severity"' not in (await visitor.get(WHERE)).text
    log_in(city, visitor, OFFICE)
    page = (await visitor.get(WHERE)).text
    assert 'name="severity"' in page
    sent = {**dict(hidden(page)), "description": "x", "severity": "S1", "source": "hotline_12345"}
    await visitor.post("/report/send", data=sent)
    assert (only(city).severity, only(city).source) == ("S1", "hotline_12345")


@pytest.mark.parametrize("path", ["/report", "/report/what", "/report/send", "/report/catalogue.json", "/p/P-0001"])
async def test_who_holds_no_post_does_not_come_in(city, client, path):
    log_in(city, client, STRANGER)
    assert (await client.get(path)).status_code == 403


@pytest.mark.parametrize("path", ["/report", "/report/add", "/report/send"])
async def test_nobody_sends_anything_without_a_log_in(city, client, path):
    assert (await client.post(path, data={"key": KEY})).status_code == 303
    assert city.exec(select(Issue)).all() == []
