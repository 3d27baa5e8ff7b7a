"""The pages of scores: what stands on them for whom, and how a score is published through them."""

import io

import httpx
import pytest
from openpyxl import load_workbook
from sqlmodel import Session, select

from models.audit import RoundKind
from models.publication import Publication, PublicationState
from models.score import NegativeHit, UnitIncident
from services.scores import recording
from tests.cast import HANDLER, MONDAY, OFFICE, OUTSIDER, PRINCIPAL, who
from tests.services.scores.facts import a_round, the_round, three_cases
from tests.services.scores.test_publishing import another_formula
from tests.web.visitor import log_in

HEADQUARTERS = "R00020"
OTHER_DISTRICT = "R00030"


@pytest.fixture
def number(city: Session) -> str:
    found = a_round(city)
    city.commit()
    return found


@pytest.fixture
def month(city: Session) -> str:
    three_cases(city)
    city.commit()
    return "2026-11"


async def read(client: httpx.AsyncClient, address: str, *, status: int = 200) -> str:
    page = await client.get(address)
    assert page.status_code == status, page.text
    return page.text


async def send(client: httpx.AsyncClient, address: str, **data: str) -> httpx.Response:
    return await client.post(address, data=data, headers={"origin": "http://duban"})


def row(session: Session) -> Publication:
    session.expire_all()
    return session.exec(select(Publication)).one()


async def test_a_round_shows_live_figures_and_each_leads_on(city, client, number):
    log_in(city, client, OFFICE)
    page = await read(client, f"/scores/rounds/{number}")

    assert "83.33" in page
    assert "实时" in page
    for address in (
        f"/scores/rounds/{number}/places/all/all?live=1",
        f"/scores/rounds/{number}/places/category/01?live=1",
        f"/scores/rounds/{number}/places/area/510302?live=1",
        f"/scores/rounds/{number}/points/P-0001?live=1",
    ):
        assert address in page
        await read(client, address)


async def test_a_point_shows_its_formula_and_every_observation_with_its_issue(city, client, number):
    log_in(city, client, OFFICE)
    page = await read(client, f"/scores/rounds/{number}/points/P-0001?live=1")

    assert "11.11" in page
    assert "200米内≥1处公益广告" in page
    assert "/issues/ZG-2026-" in page


async def test_points_are_narrowed_to_a_category_or_a_place(city, client, number):
    log_in(city, client, OFFICE)
    page = await read(client, f"/scores/rounds/{number}?category=12&live=1")

    assert "五星街农贸市场" in page
    assert "长征大道" not in page.split('id="points"')[1]


async def test_a_score_goes_from_draft_over_approval_to_publication_on_the_pages(city, client, number):
    log_in(city, client, OFFICE)
    assert (await send(client, f"/scores/rounds/{number}/draft")).status_code == 303
    draft = row(city)
    refused = await send(client, f"/scores/publications/{draft.id}/approved", seen=draft.content_sha256)
    assert refused.status_code == 409

    log_in(city, client, HEADQUARTERS)
    done = await send(client, f"/scores/publications/{draft.id}/approved", seen=draft.content_sha256)
    assert done.status_code == 303
    log_in(city, client, OFFICE)
    done = await send(client, f"/scores/publications/{draft.id}/published", seen=draft.content_sha256)

    assert done.headers["location"] == f"/scores/rounds/{number}"
    assert row(city).state is PublicationState.PUBLISHED
    page = await read(client, f"/scores/rounds/{number}")
    assert "已发布" in page
    assert 'class="live"' not in page


async def test_whoever_approves_sees_the_figures_of_the_draft_and_not_those_of_today(city, client, number):
    log_in(city, client, OFFICE)
    await send(client, f"/scores/rounds/{number}/draft")
    another_formula(city)
    city.commit()

    log_in(city, client, HEADQUARTERS)
    draft, live = [await read(client, f"/scores/rounds/{number}?{view}=1") for view in ("draft", "live")]

    assert "83.33" in draft
    assert f"/scores/publications/{row(city).id}/approved" in draft
    assert "83.33" not in live
    assert "/approved" not in live


async def test_what_was_published_is_read_by_units_and_the_live_figures_are_not(city, client, number):
    log_in(city, client, PRINCIPAL)
    await read(client, f"/scores/rounds/{number}", status=404)
    await test_a_score_goes_from_draft_over_approval_to_publication_on_the_pages(city, client, number)

    log_in(city, client, PRINCIPAL)
    page = await read(client, f"/scores/rounds/{number}?live=1")
    assert "已发布" in page
    await read(client, f"/scores/rounds/{number}/points/P-0003")


async def test_a_reason_is_wanted_and_what_was_typed_is_not_lost(city, client, number):
    log_in(city, client, OFFICE)
    await send(client, f"/scores/rounds/{number}/draft")
    draft = row(city)

    empty = await send(client, f"/scores/publications/{draft.id}/withdrawn", seen=draft.content_sha256)
    stale = await send(client, f"/scores/publications/{draft.id}/withdrawn", seen="old", why="数字有误请核")

    assert (empty.status_code, stale.status_code) == (400, 409)
    assert "数字有误请核" in stale.text
    done = await send(client, f"/scores/publications/{draft.id}/withdrawn", seen=draft.content_sha256, why="重做")
    assert done.status_code == 303
    assert row(city).state is PublicationState.WITHDRAWN


async def test_a_covert_round_is_not_known_by_its_scores(city, client):
    number = a_round(city, kind=RoundKind.COVERT)
    city.commit()
    for person in (PRINCIPAL, OUTSIDER):
        log_in(city, client, person)
        for address in (f"/scores/rounds/{number}", f"/scores/rounds/{number}.xlsx"):
            assert (await client.get(address)).status_code in (403, 404)
        for address in ("/scores", "/scores/years/2026"):
            answer = await client.get(address)
            assert number not in answer.text
    the_round(city, number).published_at = MONDAY
    city.commit()
    log_in(city, client, OFFICE)
    assert number in await read(client, "/scores/years/2026")


async def test_a_month_shows_units_with_both_sides_of_each_rate(city, client, month):
    log_in(city, client, OFFICE)
    page = await read(client, f"/scores/months/{month}?area=5103")

    assert "67.70" in page
    assert "2/3" in page
    unit = await read(client, f"/scores/months/{month}/units/D-CGJ")
    assert "/issues/ZG-2026-" in unit
    assert "30 ×" in unit


async def test_a_unit_sees_its_own_month_alone(city, client, month):
    log_in(city, client, PRINCIPAL)
    assert "D-CGJ" in await read(client, f"/scores/months/{month}")
    log_in(city, client, OTHER_DISTRICT)
    assert "D-CGJ" not in await read(client, f"/scores/months/{month}")
    await read(client, f"/scores/months/{month}/units/D-CGJ", status=404)


async def test_who_sees_no_boards_sees_no_scores(city, client, month, number):
    log_in(city, client, HANDLER)
    for address in ("/scores", f"/scores/months/{month}", f"/scores/rounds/{number}", "/scores/records"):
        await read(client, address, status=403)


@pytest.mark.parametrize("lang", ["zh-CN", "en"])
async def test_every_page_is_there_in_both_languages(city, client, number, month, lang):
    log_in(city, client, OFFICE)
    for address in (
        *("/scores", f"/scores/rounds/{number}", "/scores/years/2026", f"/scores/months/{month}", "/scores/records"),
        f"/scores/months/{month}/units/D-CGJ",
    ):
        await read(client, f"{address}?lang={lang}")


@pytest.mark.parametrize(
    "address",
    [
        *("/scores/rounds/R-0", "/scores/rounds/%00", "/scores/months/2026-11/units/nobody", "/scores/years/abcd"),
        *("/scores/years/1999", "/scores/years/2026?system=none", "/scores/formulae/none"),
        *("/scores/rounds/R-0/points/P", "/scores/months/2026-11?area=nowhere"),
    ],
)
async def test_what_is_not_there_is_not_found(city, client, address):
    log_in(city, client, OFFICE)
    await read(client, address, status=404)


async def test_an_entry_is_put_on_record_and_withdrawn_on_the_page(city, client):
    log_in(city, client, OFFICE)
    given = {"code": "media_exposure", "area": "5103", "on": "2026-11-02", "evidence": "通报", "why": "央视曝光"}
    assert (await send(client, "/scores/records/hits", **given)).status_code == 303
    (hit,) = city.exec(select(NegativeHit)).all()
    assert "央视曝光" in await read(client, "/scores/records")

    done = await send(client, f"/scores/records/hits/{hit.id}/withdraw", why="不属本市")
    assert done.status_code == 303
    assert "不属本市" in await read(client, "/scores/records")


async def test_a_form_that_is_refused_loses_nothing(city, client):
    log_in(city, client, OFFICE)
    given = {"code": "faking", "unit": "D-NONE", "on": "2026-11-02", "evidence": "照片七张", "why": "摆拍整改照片"}
    page = await send(client, "/scores/records/incidents", **given)

    assert page.status_code == 404
    assert "照片七张" in page.text
    assert "摆拍整改照片" in page.text
    assert city.exec(select(UnitIncident)).all() == []


async def test_units_record_nothing(city, client):
    recording.record_hit(
        city,
        code="media_exposure",
        area_code="5103",
        on=MONDAY.date(),
        evidence="通报",
        why="曝光",
        by=who(city, OFFICE),
        now=MONDAY,
    )
    city.commit()
    log_in(city, client, PRINCIPAL)
    given = {"code": "media_exposure", "area": "5103", "on": "2026-11-02", "evidence": "x", "why": "x"}

    assert (await send(client, "/scores/records/hits", **given)).status_code == 409
    assert "登记一项" not in await read(client, "/scores/records")


async def test_both_workbooks_open(city, client, number, month):
    log_in(city, client, OFFICE)
    for address, rows in ((f"/scores/rounds/{number}.xlsx?live=1", 7), (f"/scores/months/{month}.xlsx", 2)):
        answer = await client.get(address)
        assert answer.status_code == 200
        assert load_workbook(io.BytesIO(answer.content)).active.max_row == rows
