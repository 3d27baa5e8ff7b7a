"""Instructions on pages: recorded, opened, answered; no address that is opened by GET ever shows the text."""

import httpx
import pytest
from sqlmodel import Session, select

from models.instruction import Instruction, InstructionEvent
from tests.cast import HANDLER, OFFICE, PRINCIPAL, STRANGER, an_issue, read
from tests.services.instructions.office import LEADER, SECRET, an_instruction
from tests.web.attacks.ways_in import ways_in
from tests.web.link_desk import set_clock
from tests.web.visitor import log_in

FORM = {
    "leader": "秦时雨",
    "said_on": "2026-11-02",
    "words": SECRET,
    "addressee": ["贾清和", ""],
    "issues": "",
    "area": "5103",
    "key": "one-page-1",
}
CROSS = "<script>alert(1)</script>"


@pytest.fixture
def key(city: Session) -> int:
    set_clock(city)
    number = read(city, an_issue(city, state="rectifying")).number
    key = an_instruction(city, issues=[number])
    city.commit()
    return key


async def test_the_office_records_one_by_names(city, client):
    set_clock(city)
    log_in(city, client, OFFICE)
    answer = await client.post("/instructions", data=FORM)
    row = city.exec(select(Instruction)).one()
    assert (answer.status_code, answer.headers["location"]) == (303, f"/instructions/{row.id}?done=recorded")
    assert (row.leader, row.words) == (LEADER, SECRET)


async def test_the_text_is_shown_after_the_reading_is_on_record(city, client, key):
    log_in(city, client, PRINCIPAL)
    cover = await client.get(f"/instructions/{key}")
    assert (cover.status_code, SECRET in cover.text) == (200, False)
    opened = await client.post(f"/instructions/{key}/open")
    assert SECRET in opened.text
    assert opened.headers["cache-control"] == "no-store"
    acts = city.exec(select(InstructionEvent.act, InstructionEvent.who)).all()
    assert ("read", PRINCIPAL) in [(act.value, who) for act, who in acts]


async def test_a_refused_form_comes_back_whole_and_escaped(city, client):
    set_clock(city)
    log_in(city, client, OFFICE)
    answer = await client.post("/instructions", data={**FORM, "words": f"{SECRET}{CROSS}", "issues": "ZG-0"})
    assert answer.status_code == 404
    assert f"{SECRET}&lt;script&gt;" in answer.text
    assert 'value="贾清和"' in answer.text


@pytest.mark.parametrize("somebody", [HANDLER, STRANGER, "R00005"])
async def test_a_stranger_finds_neither_the_form_nor_the_instruction(city, client, key, somebody):
    log_in(city, client, somebody)
    for address in (f"/instructions/{key}", "/instructions/new"):
        assert (await client.get(address)).status_code in (303, 404)
    for act in ("open", "answer", "finish"):
        answer = await client.post(f"/instructions/{key}/{act}", data={"words": "x"})
        assert answer.status_code in (303, 404, 401)
        assert SECRET not in answer.text
    assert "秦时雨" not in (await client.get("/instructions")).text


async def test_another_office_has_the_form_and_not_the_instruction(city, client, key):
    log_in(city, client, "R00010")
    assert (await client.get("/instructions/new")).status_code == 200
    assert (await client.get(f"/instructions/{key}")).status_code == 404


async def test_whoever_was_logged_out_sees_nothing_of_what_was_typed(city, client):
    answer = await client.post("/instructions", data=FORM)
    assert SECRET not in answer.text
    assert answer.status_code == 303


@pytest.mark.parametrize("somebody", [OFFICE, LEADER, PRINCIPAL])
async def test_no_page_export_board_metric_or_list_shows_it(city, client: httpx.AsyncClient, key, somebody):
    log_in(city, client, somebody)
    seen = 0
    for way in ways_in(client):
        if way.method != "GET":
            continue
        answer = await client.get(way.address())
        seen += answer.status_code == 200
        assert SECRET[:8] not in answer.text, way
        assert SECRET[:8].encode() not in answer.content, way
    assert seen > 20


async def test_searching_for_its_words_finds_nothing(city, client, key):
    log_in(city, client, OFFICE)
    shown = await client.get("/issues", params={"q": SECRET[:4]})
    assert "ZG-2026-000001" not in shown.text
