"""What the script on the phone is told, and what works without a network."""

import json

import httpx
import pytest
from sqlmodel import Session, select

from models.issue import Issue
from tests.cast import INSPECTOR, OUTSIDER, an_issue, read
from tests.web.visitor import log_in

SENT = {"key": "a-phone-made-this-key", "point": "P-0001", "standard": "01-01", "description": "坏了"}
SCRIPT = {"Accept": "application/json"}


@pytest.fixture
def visitor(city: Session, client: httpx.AsyncClient) -> httpx.AsyncClient:
    log_in(city, client, INSPECTOR)
    return client


async def test_points_around_and_the_area_are_told(city, visitor):
    found = (await visitor.get("/report/near.json?lat=29.35137&lng=104.78583")).json()
    assert [(one["point"], one["metres"]) for one in found["places"]] == [("P-0001", 0), ("P-0002", 490)]
    assert found["area"]["area"] == "510302001002001"


async def test_a_point_is_found_by_its_code(city, visitor):
    (found,) = (await visitor.get("/report/places.json?code=p-0002")).json()["places"]
    assert (found["point"], found["kind"]) == ("P-0002", "农贸市场")
    assert (await visitor.get("/report/places.json?code=P-9")).json() == {"places": []}


async def test_what_can_be_chosen_is_sent_again_only_when_it_has_changed(city, visitor):
    answer = await visitor.get("/report/catalogue.json")
    assert answer.json()["standards"][0] == ["01-01", "01", "200米内≥1处公益广告", "S3"]
    tag = {"If-None-Match": answer.headers["etag"]}
    assert (await visitor.get("/report/catalogue.json", headers=tag)).status_code == 304
    assert (await visitor.get("/report/catalogue.json?lang=en", headers=tag)).status_code == 200


async def test_the_script_is_told_the_number_and_where_to_go(city, visitor):
    answer = await visitor.post("/report/send", data=SENT, headers=SCRIPT)
    (issue,) = city.exec(select(Issue)).all()
    assert answer.json() == {"number": issue.number, "go": f"/report/done/{issue.number}"}


async def test_the_script_is_told_what_is_wrong_by_field(city, visitor):
    answer = await visitor.post("/report/send", data={**SENT, "point": "P-9", "description": ""}, headers=SCRIPT)
    assert answer.status_code == 400
    assert set(answer.json()["wrong"]) == {"place", "description"}


async def test_the_script_is_shown_what_is_known(city, visitor):
    key = an_issue(city)
    city.commit()
    answer = await visitor.post("/report/send", data=SENT, headers=SCRIPT)
    assert (answer.status_code, answer.json()["wrong"]) == (409, {})
    assert read(city, key).number in answer.json()["known"]


async def test_when_nobody_is_logged_in_the_script_is_told_so(city, client):
    answer = await client.post("/report/send", data=SENT, headers={**SCRIPT, "HX-Request": "true"})
    assert answer.status_code == 401


async def test_a_standard_of_another_category_is_refused_in_words(city, visitor):
    answer = await visitor.post("/report/send", data={**SENT, "standard": "12-01"}, headers=SCRIPT)
    assert answer.status_code == 400
    assert "12-01" in answer.json()["wrong"][""]


async def test_words_are_no_part_of_the_page(city, visitor):
    nasty = "<script>alert(1)</script>"
    an_issue(city, description=nasty)
    city.commit()
    page = (await visitor.get("/report/known?point=P-0001&standard=01-01")).text
    assert nasty not in page
    assert "&lt;script&gt;" in page


@pytest.mark.parametrize(
    "query", ["lat=x&lng=1", "lat=91&lng=1", "lat=nan&lng=1", "lat=1", "point=%00", "standard=' OR 1=1", "area=a b"]
)
async def test_an_address_that_nobody_of_us_made_is_refused(city, visitor, query):
    for page in ("/report", "/report/send", "/report/known"):
        assert (await visitor.get(f"{page}?{query}")).status_code == 400


async def test_a_search_takes_any_signs(city, visitor):
    for words in ("%25", "%00", "%ED%A0%80", "'", "x" * 5000):
        assert (await visitor.get(f"/report/places.json?q={words}")).json() == {"places": []}


async def test_only_what_a_reporter_may_say_is_taken(city, visitor):
    more = {"number": "ZG-1", "state": "closed", "found_by": OUTSIDER, "lead_unit": "D-CGJ", "deduction": "99"}
    answer = await visitor.post("/report/send", data={**SENT, **more, "severity": "S1", "source": "media"})
    assert answer.status_code == 303
    (issue,) = city.exec(select(Issue)).all()
    taken = (issue.state, issue.found_by, issue.lead_unit, issue.severity, issue.source)
    assert taken == ("found", INSPECTOR, None, "S3", "announced")


async def test_a_form_from_another_site_is_refused(city, visitor):
    headers = {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}
    assert (await visitor.post("/report/send", data=SENT, headers=headers)).status_code == 403


async def test_what_became_of_it_is_shown_to_who_may_see_it_only(city, visitor):
    key = an_issue(city)
    city.commit()
    log_in(city, visitor, OUTSIDER)
    assert (await visitor.get(f"/report/done/{read(city, key).number}")).status_code == 404


async def test_the_shell_tells_nothing_of_anybody(city, visitor):
    page = (await visitor.get("/report/shell")).text
    assert "丁怀琪" not in page
    assert INSPECTOR not in page
    assert 'data-person=""' in page


async def test_the_worker_keeps_every_file_of_the_shell_and_no_page(city, client):
    answer = await client.get("/sw.js")
    assert answer.headers["service-worker-allowed"] == "/report"
    files = json.loads(answer.text.split("const FILES = ")[1].split(";")[0])
    shell = (await client.get("/report/shell")).text
    linked = {part.split('"')[1] for part in shell.replace("src=", "href=").split("href=")[1:]}
    assert {one for one in linked if one.startswith(("/static", "/vendor"))} == set(files)
    for file in files:
        assert (await client.get(file)).status_code == 200


async def test_a_phone_can_put_it_on_its_first_screen(client, city):
    answer = await client.get("/report/manifest.webmanifest")
    assert (answer.json()["start_url"], answer.headers["content-type"]) == ("/report", "application/manifest+json")


async def test_the_first_page_is_small(city, visitor):
    page = await visitor.get("/report")
    links = [part.split('"')[1] for part in page.text.replace("src=", "href=").split("href=")[1:]]
    files = {one for one in links if one.startswith(("/static", "/vendor"))}
    total = len(page.content)
    for file in files:
        async with visitor.stream("GET", file) as answer:
            total += sum([len(chunk) async for chunk in answer.aiter_raw()])
    assert total < 150_000
