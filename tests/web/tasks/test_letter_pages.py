"""Letters on pages: a look before issuing, signing from a phone, what changed, the files, and who sees what."""

import io
from zipfile import ZipFile

import httpx
import pytest
from sqlmodel import Session, select

from models.task_letter import TaskLetter
from tests.cast import DEPUTY, DIRECT, DISTRICT_OFFICE, HANDLER, INSPECTOR, OFFICE, OUTSIDER, STRANGER
from tests.services.tasks.desk import issued, letter_of, sign, task_of
from tests.web.link_desk import set_clock
from tests.web.visitor import log_in
from web.tasks.asked import letter_address

ISSUE = "/tasks/letters/issue"
CROSS = "<script>alert(1)</script>"


@pytest.fixture
def town(city: Session) -> Session:
    set_clock(city)
    return city


@pytest.fixture
def letter(town: Session) -> str:
    """The address of a letter of D-CGJ."""
    return letter_address(issued(town, "D-CGJ")[0].number)


async def page(city: Session, client: httpx.AsyncClient, address: str, *, by: str, **asked: str) -> httpx.Response:
    log_in(city, client, by)
    return await client.get(address, params={"lang": "en", **asked})


async def test_first_it_is_shown_what_issuing_does_and_nothing_is_written(town, client):
    shown = (await page(town, client, ISSUE, by=OFFICE, year="2026")).text
    for words in ("<span>New letters</span><strong>3</strong>", "自贡市城市管理局", "Issue 3 letters", "3 working day"):
        assert words in shown
    assert town.exec(select(TaskLetter)).all() == []


async def test_then_they_are_issued_and_the_list_says_so(town, client):
    log_in(town, client, OFFICE)
    answer = await client.post(ISSUE, data={"year": "2026", "unit": ""})
    assert (answer.status_code, answer.headers["location"]) == (303, "/tasks/letters?year=2026&issued=3")
    shown = (await client.get(f"{answer.headers['location']}&lang=en")).text
    assert "3 letters issued" in shown
    assert "筱溪街道办事处" in shown


async def test_sent_twice_no_letter_is_issued_twice(town, client):
    log_in(town, client, OFFICE)
    for wanted in ("3", "0"):
        answer = await client.post(ISSUE, data={"year": "2026", "unit": ""})
        assert answer.headers["location"].endswith(f"issued={wanted}")


async def test_one_unit_is_found_by_its_whole_name(town, client):
    log_in(town, client, OFFICE)
    await client.post(ISSUE, data={"year": "2026", "unit": "自贡市城市管理局"})
    assert [one.unit_code for one in town.exec(select(TaskLetter))] == ["D-CGJ"]


@pytest.mark.parametrize(
    ("field", "typed"), [("year", "next"), ("year", "20266"), ("unit", "no such"), ("unit", CROSS)]
)
async def test_what_cannot_be_used_is_told_and_stays_in_the_form(town, client, field, typed):
    log_in(town, client, OFFICE)
    answer = await client.post(ISSUE, data={"year": "2026", "unit": "", field: typed}, params={"lang": "en"})
    assert answer.status_code in (400, 404)
    assert "alarm" in answer.text
    assert CROSS not in answer.text
    assert typed.replace("<", "&lt;").replace(">", "&gt;") in answer.text


@pytest.mark.parametrize("who", [HANDLER, DIRECT, INSPECTOR])
async def test_only_offices_issue(town, client, who):
    log_in(town, client, who)
    assert (await client.get(ISSUE)).status_code == 403
    assert (await client.post(ISSUE, data={"year": "2026"})).status_code == 403


async def test_a_leader_signs_on_the_page(town, client, letter):
    shown = (await page(town, client, letter, by=DIRECT)).text
    assert "Sign for this letter" in shown
    answer = await client.post(f"{letter}/sign")
    assert (answer.status_code, answer.headers["location"]) == (303, f"{letter}?done=signed")
    shown = (await client.get(f"{letter}?done=signed&lang=en")).text
    assert "Signed for. Thank you." in shown
    assert "胡思齐" in shown
    assert "Sign for this letter" not in shown
    assert letter_of(town, "D-CGJ").signed_by == DIRECT


async def test_the_second_leader_is_told_of_the_first(town, client, letter):
    sign(town, letter_of(town, "D-CGJ").number, by=DIRECT)
    log_in(town, client, DEPUTY)
    answer = await client.post(f"{letter}/sign", params={"lang": "en"})
    assert answer.status_code == 409
    assert "胡思齐 signed for letter" in answer.text


@pytest.mark.parametrize("who", [HANDLER, OFFICE])
async def test_who_may_not_sign_gets_no_button_and_no_signature(town, client, letter, who):
    assert "/sign" not in (await page(town, client, letter, by=who)).text
    assert (await client.post(f"{letter}/sign")).status_code == 409
    assert letter_of(town, "D-CGJ").signed_at is None


@pytest.mark.parametrize("who", [OUTSIDER, DISTRICT_OFFICE, "R00024", STRANGER])
async def test_nobody_else_sees_it_at_all(town, client, letter, who):
    log_in(town, client, who)
    for path in ("", "/page", "/word"):
        assert (await client.get(letter + path)).status_code in (303, 403, 404)
    assert (await client.post(f"{letter}/sign")).status_code in (303, 403, 404)
    assert "自贡市城市管理局" not in (await client.get("/tasks/letters")).text


async def test_a_page_from_elsewhere_cannot_sign(town, client, letter):
    log_in(town, client, DIRECT)
    answer = await client.post(f"{letter}/sign", headers={"Origin": "https://elsewhere.example"})
    assert answer.status_code == 403
    assert letter_of(town, "D-CGJ").signed_at is None


async def test_a_replaced_letter_leads_to_the_one_that_holds_and_that_says_what_changed(town, client, letter):
    task_of(town, "P-0001").person_code = "R00006"
    town.commit()
    issued(town, "D-CGJ")
    new = letter_of(town, "D-CGJ").number
    old = (await page(town, client, letter, by=DIRECT)).text
    assert f'href="{letter_address(new)}">{new}' in old
    assert "/sign" not in old
    shown = (await page(town, client, letter_address(new), by=DIRECT)).text
    assert "Changes since the edition before" in shown
    assert 'Person: <del class="was">nothing</del> → <ins class="becomes">何景行</ins>' in shown


async def test_it_comes_as_a_page_to_print_and_as_a_word_file(town, client, letter):
    printed = await page(town, client, f"{letter}/page", by=HANDLER)
    assert "2026年创建工作任务书" in printed.text
    assert "sandbox" in printed.headers["content-security-policy"]
    word = await client.get(f"{letter}/word")
    with ZipFile(io.BytesIO(word.content)) as parts:
        assert "高山井社区大道" in parts.read("word/document.xml").decode()


async def test_letters_are_found_by_state_and_unit_and_go_on_page_by_page(town, client, monkeypatch):
    issued(town)
    sign(town, letter_of(town, "D-CGJ").number, by=DIRECT)
    shown = (await page(town, client, "/tasks/letters", by=OFFICE, state="signed")).text
    assert ("自贡市城市管理局" in shown, "筱溪街道办事处" in shown) == (True, False)
    monkeypatch.setattr("web.tasks.letters.PAGE", 1)
    first = (await page(town, client, "/tasks/letters", by=OFFICE)).text
    assert "after=D-CGJ+1" in first
    second = (await page(town, client, "/tasks/letters", by=OFFICE, after="D-CGJ 1")).text
    assert "自贡市市场监督管理局" in second
    nobody = await page(town, client, "/tasks/letters", by=OFFICE, unit="no such")
    assert nobody.status_code == 404


async def test_a_handler_is_led_to_the_letters_and_sees_their_own(town, client, letter):
    log_in(town, client, HANDLER)
    answer = await client.get("/tasks")
    assert (answer.status_code, answer.headers["location"]) == (303, "/tasks/letters")
    assert "自贡市城市管理局" in (await client.get("/tasks/letters")).text
