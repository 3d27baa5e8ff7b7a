"""Steering a round in the browser: the draw repeated, publishing, handing over, the quality re-check."""

from io import BytesIO

import httpx
import pytest
from openpyxl import load_workbook
from sqlmodel import Session, col, select

from models.audit import Round, RoundKind, Sheet
from models.issue import Issue
from models.paper import Paper
from services.audit_frame import frame_hash, kept
from services.audit_rechecks import draw_again
from services.exports.audit_sheets import COLUMNS
from tests.cast import HANDLER, INSPECTOR, MONDAY, OFFICE, VERIFIER, who
from tests.services.audits.rounds import BAD, GOOD, fill, filled, started
from tests.services.audits.test_rechecks import FINE
from tests.web.visitor import log_in

FIELDS = [column.field for column in COLUMNS]


@pytest.fixture
def round_(city: Session) -> Round:
    made = started(city)
    filled(city, made)
    city.commit()
    return made


async def sent(client: httpx.AsyncClient, round_: Round, way: str, **given: str) -> httpx.Response:
    return await client.post(f"/audits/{round_.number}/{way}", data=given)


async def test_a_round_is_published_and_handed_over(city: Session, client: httpx.AsyncClient, round_: Round) -> None:
    log_in(city, client, OFFICE)
    page = f"/audits/{round_.number}"
    assert f'action="{page}/publish"' in (await client.get(page)).text
    published = await sent(client, round_, "publish")
    assert (published.status_code, published.headers["location"]) == (303, f"{page}?issues=3")
    told = (await client.get(f"{page}?issues=3&lang=en")).text
    assert "3 issues came of it" in told
    assert f'action="{page}/dispatch"' in told
    handed = await sent(client, round_, "dispatch")
    assert handed.status_code == 303
    papers = city.exec(select(Paper.number)).all()
    shown = (await client.get(page)).text
    assert (len(papers), all(number in shown for number in papers)) == (3, True)


async def test_published_twice_at_once_says_so_and_makes_no_second_issue(
    city: Session, client: httpx.AsyncClient, round_: Round
) -> None:
    log_in(city, client, OFFICE)
    await sent(client, round_, "publish")
    again = await client.post(f"/audits/{round_.number}/publish?lang=en")
    assert (again.status_code, "is published" in again.text) == (409, True)
    assert len(city.exec(select(Issue)).all()) == 3


@pytest.mark.parametrize("way", ["publish", "dispatch", "again", "again/1"])
@pytest.mark.parametrize("person", [INSPECTOR, HANDLER])
async def test_who_does_not_steer_it_cannot(
    city: Session, client: httpx.AsyncClient, round_: Round, way: str, person: str
) -> None:
    log_in(city, client, person)
    answer = await sent(client, round_, way, look="first", why="x", share="10", inspector=VERIFIER)
    assert answer.status_code in (403, 404, 409)
    assert city.exec(select(Issue)).all() == []
    assert city.exec(select(Sheet).where(col(Sheet.again_of).is_not(None))).all() == []


async def test_the_draw_is_repeated_on_its_page(city: Session, client: httpx.AsyncClient, round_: Round) -> None:
    log_in(city, client, OFFICE)
    page = (await client.get(f"/audits/{round_.number}/draw?lang=en")).text
    assert "gives the same 3 points" in page
    assert round_.frame_sha256 in page
    frame = await client.get(f"/audits/{round_.number}/frame.csv")
    lines = frame.content.decode().splitlines()
    assert [line.split(",")[0] for line in lines] == ["P-0001", "P-0002", "P-0003"]
    assert frame_hash(kept(city, round_)) == round_.frame_sha256
    import hashlib

    assert hashlib.sha256(frame.content).hexdigest() == round_.frame_sha256


async def test_a_share_is_drawn_done_again_and_decided(city: Session, client: httpx.AsyncClient, round_: Round) -> None:
    log_in(city, client, OFFICE)
    assert (await sent(client, round_, "again", share="100", seed="3", inspector=VERIFIER)).status_code == 303
    fill(city, round_, "P-0001", GOOD, FINE, again=True)
    city.commit()
    page = (await client.get(f"/audits/{round_.number}/again?lang=en")).text
    assert "50.0%" in page
    first = page.split(f"/audits/{round_.number}/again/")[1].split('"')[0]
    refused = await client.post(f"/audits/{round_.number}/again/{first}?lang=en", data={"look": "second", "why": ""})
    assert (refused.status_code, "why" in refused.text) == (400, True)
    assert (await sent(client, round_, f"again/{first}", look="second", why="照片清楚")).status_code == 303
    assert "The second look counts." in (await client.get(f"/audits/{round_.number}/again?lang=en")).text


@pytest.mark.parametrize(
    "bad",
    [
        {"share": "0"},
        {"share": "101"},
        {"share": "x"},
        {"share": "²"},
        {"seed": "-1"},
        {"inspector": ""},
        {"inspector": INSPECTOR},
        {"inspector": "R77777"},
    ],
)
async def test_a_wrong_share_is_told_and_what_was_filled_in_stays(
    city: Session, client: httpx.AsyncClient, round_: Round, bad: dict[str, str]
) -> None:
    log_in(city, client, OFFICE)
    answer = await sent(client, round_, "again", **{"share": "10", "seed": "7", "inspector": VERIFIER, **bad})
    assert answer.status_code in (400, 404)
    assert 'role="alert"' in answer.text
    assert f'value="{bad.get("seed", "7")}"' in answer.text


async def test_whoever_looks_again_sees_nothing_of_the_first_look(
    city: Session, client: httpx.AsyncClient, round_: Round
) -> None:
    draw_again(city, round_.number, share=100, seed=1, inspectors=[VERIFIER], by=who(city, OFFICE), now=MONDAY)
    city.commit()
    log_in(city, client, VERIFIER)
    ways = [f"/audits/{round_.number}{way}" for way in ("", "/progress", "/sheets.xlsx", "/again")]
    ways += [f"/audits/{round_.number}/sheets/{sheet.id}" for sheet in city.exec(select(Sheet)).all()]
    for way in ways:
        answer = await client.get(way)
        text = answer.text if "xlsx" not in way else str(list(load_workbook(BytesIO(answer.content)).active.values))
        assert BAD.note not in text, way
        assert "地面油污" not in text, way
    assert "之后可见" in (await client.get(ways[0])).text or "own look" in (await client.get(f"{ways[0]}?lang=en")).text


async def test_sheets_go_out_as_a_workbook_and_come_back(city: Session, client: httpx.AsyncClient) -> None:
    made = started(city, kind=RoundKind.ANNOUNCED)
    city.commit()
    log_in(city, client, OFFICE)
    answer = await client.get(f"/audits/{made.number}/sheets.xlsx")
    book = load_workbook(BytesIO(answer.content))
    for row in range(2, 8):
        book.active.cell(row, FIELDS.index("result") + 1).value = "符合"
    filled_in = BytesIO()
    book.save(filled_in)
    files = {"file": ("检查表.xlsx", filled_in.getvalue())}
    taken = await client.post(f"/audits/{made.number}/results", files=files)
    assert taken.headers["location"] == f"/audits/{made.number}?written=6&issues=0"
    city.refresh(made)
    assert made.finished_at is not None


async def test_a_counted_standard_is_asked_for_in_numbers(city: Session, client: httpx.AsyncClient) -> None:
    made = started(city)
    city.commit()
    sheet = city.exec(select(Sheet).where(Sheet.point_code == "P-0001")).one()
    log_in(city, client, INSPECTOR)
    address = f"/audits/{made.number}/sheets/{sheet.id}"
    page = (await client.get(address)).text
    assert 'name="found-01-01"' in page
    assert 'name="found-01-02"' not in page
    wrong = {"found-01-01": "1", "required-01-01": "3", "result-01-01": "met"}
    refused = await client.post(address, data=wrong)
    assert (refused.status_code, 'value="3"' in refused.text) == (400, True)
    given = {"found-01-01": "1", "required-01-01": "3", "note-01-01": "只有一处"}
    assert (await client.post(address, data=given)).status_code == 303
    assert "3" in (await client.get(address)).text


async def test_not_applicable_wants_a_reason(city: Session, client: httpx.AsyncClient) -> None:
    made = started(city)
    city.commit()
    sheet = city.exec(select(Sheet).where(Sheet.point_code == "P-0001")).one()
    log_in(city, client, INSPECTOR)
    address = f"/audits/{made.number}/sheets/{sheet.id}"
    refused = await client.post(address, data={"result-01-02": "not_applicable"})
    assert refused.status_code == 400
    assert (
        await client.post(address, data={"result-01-02": "not_applicable", "note-01-02": "封闭施工"})
    ).status_code == 303


async def test_a_route_leads_from_stop_to_stop(city: Session, client: httpx.AsyncClient) -> None:
    made = started(city)
    city.commit()
    first, second, third = city.exec(select(Sheet.id).order_by(col(Sheet.position))).all()
    log_in(city, client, INSPECTOR)
    page = (await client.get(f"/audits/{made.number}/sheets/{second}?lang=en")).text
    assert "Stop 2 of 3" in page
    assert f"/sheets/{first}" in page
    assert f"/sheets/{third}" in page
