"""What waits beside issues on the desk: a line each, leading to the page where it is done."""

import re
from html import unescape

import httpx
from sqlmodel import Session

from services.patrols.planning import plan
from tests.cast import HANDLER, MONDAY, PRINCIPAL, at
from tests.services.filing.cabinet import an_item, hand_in
from tests.services.instructions.office import SECRET, an_instruction
from tests.services.ranking import desk as ranking
from tests.services.surveys.field import a_field, a_survey
from tests.services.tasks.desk import issued
from tests.web.issue.desk import as_person
from tests.web.link_desk import set_clock

EVERYBODY = [f"R000{n:02}" for n in (*range(1, 25), 30, 31, 99)]


async def desk(city: Session, client: httpx.AsyncClient, person: str, path: str = "/desk", **asked: str) -> str:
    as_person(city, client, person)
    answer = await client.get(path, params=asked)
    assert answer.status_code == 200
    return answer.text


def lines(page: str) -> list[str]:
    """Where the lines of the desk lead to."""
    return [unescape(found) for found in re.findall(r'<li><a class="box[^"]*" href="([^"]+)"', page)]


async def test_a_line_says_what_is_to_be_done_by_when(city: Session, client: httpx.AsyncClient) -> None:
    set_clock(city)
    (letter,) = issued(city, "D-CGJ")
    page = await desk(city, client, PRINCIPAL)
    assert "待签收任务书" in page
    assert letter.number in page
    assert "task letter to sign for" in await desk(city, client, PRINCIPAL, lang="en")


async def test_what_is_late_is_said_first_and_marked(city: Session, client: httpx.AsyncClient) -> None:
    set_clock(city)
    soon, late = an_item(city), an_item(city, "F-02", due_at=at("2026-10-30 17:00"))
    city.commit()
    page = await desk(city, client, HANDLER)
    assert lines(page) == [f"/filing/{late}", f"/filing/{soon}"]
    assert 'href="#errands" class="bad"' in page
    assert "2026-10-30 17:00" in page


async def test_the_desk_shows_the_first_and_a_page_has_all(city: Session, client: httpx.AsyncClient) -> None:
    set_clock(city)
    keys = [an_item(city, f"F-{n:02}", due_at=at(f"2026-11-{n:02} 17:00")) for n in range(10, 19)]
    city.commit()
    assert lines(await desk(city, client, HANDLER)) == [f"/filing/{key}" for key in keys[:6]]
    assert len(lines(await desk(city, client, HANDLER, "/desk/errands"))) == 9


async def test_every_line_of_everybody_leads_to_a_page_that_opens(city: Session, client: httpx.AsyncClient) -> None:
    """Nothing is said to wait for somebody who may not even look at it."""
    _everything(city)
    kinds = set()
    for person in EVERYBODY:
        page = await desk(city, client, person, "/desk/errands")
        for address in lines(page):
            answer = await client.get(address)
            assert answer.status_code == 200, (person, address, answer.status_code)
            kinds.add(re.sub(r"[\d%].*", "", address))
    assert {"/tasks/letters/", "/filing/", "/appeals/", "/instructions/", "/patrols", "/ranking/"} <= kinds
    assert any(kind.startswith("/surveys/") for kind in kinds)


async def test_not_a_word_of_an_instruction_stands_on_the_desk(city: Session, client: httpx.AsyncClient) -> None:
    set_clock(city)
    an_instruction(city)
    city.commit()
    page = await desk(city, client, PRINCIPAL)
    assert "待阅批示" in page
    assert SECRET not in page


def _everything(city: Session) -> None:
    key, *_ = ranking.october(city)
    ranking.drafted(city)
    ranking.appealed(city, key, now=MONDAY)
    issued(city, "D-CGJ")
    an_item(city)
    hand_in(city, an_item(city, "F-02"))
    an_instruction(city)
    a_field(city)
    a_survey(city)
    plan(city, now=MONDAY)
    set_clock(city)
    city.commit()
