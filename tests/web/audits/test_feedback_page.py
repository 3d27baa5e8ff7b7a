"""A superior's feedback in the browser: looked at first, every bad row told, then brought in."""

from pathlib import Path

import httpx
import pytest
from sqlmodel import Session, select

from models.audit import Round
from models.issue import Issue
from tests.cast import HANDLER, OFFICE, an_issue
from tests.services.imports.test_feedback import ROWS, word
from tests.web.visitor import log_in

FORM = {"level": "province", "area": "5103", "on": "2026-11-01", "known": "link"}


async def sent(client: httpx.AsyncClient, path: Path, **given: str) -> httpx.Response:
    return await client.post("/audits/feedback", data={**FORM, **given}, files={"file": (path.name, path.read_bytes())})


async def test_a_look_shows_what_is_open_and_writes_nothing(
    city: Session, client: httpx.AsyncClient, tmp_path: Path
) -> None:
    number = city.get_one(Issue, an_issue(city, state="rectifying", standard="01-02")).number
    city.commit()
    log_in(city, client, OFFICE)
    answer = await sent(client, word(tmp_path, *ROWS), look="1")
    assert (answer.status_code, number in answer.text) == (200, True)
    assert city.exec(select(Round)).all() == []


async def test_it_comes_in_as_a_round(city: Session, client: httpx.AsyncClient, tmp_path: Path) -> None:
    log_in(city, client, OFFICE)
    path = word(tmp_path, *ROWS)
    for _ in range(2):
        answer = await sent(client, path)
        assert (answer.status_code, answer.headers["location"]) == (303, "/audits/ZG-A-2026-0001")
    assert len(city.exec(select(Issue)).all()) == 3


async def test_bad_rows_are_told_and_nothing_comes_in(city: Session, client: httpx.AsyncClient, tmp_path: Path) -> None:
    log_in(city, client, OFFICE)
    answer = await sent(client, word(tmp_path, ROWS[0], ("2", "没有这个点位", "", "脏", "", "")))
    assert (answer.status_code, "没有这个点位" in answer.text, "表2" in answer.text) == (400, True, True)
    assert city.exec(select(Issue)).all() == []


@pytest.mark.parametrize("bad", [{"level": "city"}, {"area": ""}, {"on": "gestern"}, {"known": "x"}, {"area": "99"}])
async def test_a_wrong_choice_is_told(
    city: Session, client: httpx.AsyncClient, tmp_path: Path, bad: dict[str, str]
) -> None:
    log_in(city, client, OFFICE)
    answer = await sent(client, word(tmp_path, *ROWS), **bad)
    assert (answer.status_code in (400, 404), 'role="alert"' in answer.text) == (True, True)


@pytest.mark.parametrize("name", ["../../etc/passwd", "..", "", "a\x00b.docx", "长" * 300 + ".docx"])
async def test_a_strange_name_does_no_harm(city: Session, client: httpx.AsyncClient, tmp_path: Path, name: str) -> None:
    log_in(city, client, OFFICE)
    data = word(tmp_path, *ROWS).read_bytes()
    answer = await client.post("/audits/feedback", data={**FORM, "look": "1"}, files={"file": (name or "x", data)})
    assert answer.status_code in (200, 400)


async def test_a_handler_may_not_open_it(city: Session, client: httpx.AsyncClient) -> None:
    log_in(city, client, HANDLER)
    assert (await client.get("/audits/feedback")).status_code == 403
