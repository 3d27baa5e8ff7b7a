"""The pages of surveys: begun, entered at doors, corrected, read, printed, ended; each for whom it is."""

import re
from datetime import timedelta
from io import BytesIO

import httpx
import pytest
from openpyxl import load_workbook
from sqlmodel import Session, select

from models.survey import Audience, SurveyPlace, SurveyReply, SurveyRound
from runtime import clock
from tests.cast import DISTRICT_OFFICE, HANDLER, OFFICE, OUTSIDER
from tests.services.surveys.field import GOOD, INTERVIEWER, OTHER_INTERVIEWER, a_field, a_survey, ask, places_of
from tests.web.visitor import log_in


@pytest.fixture
def round_(city: Session) -> SurveyRound:
    a_field(city)
    now = clock.now(city)
    made = a_survey(city, now=now, opens_on=now.date(), closes_on=now.date() + timedelta(days=9), per_place=6)
    city.commit()
    return made


def order(city: Session, **given: object) -> dict[str, object]:
    today = clock.now(city).date()
    usual = {
        "form": "residents",
        "title": "第四季度居民问卷",
        "area": "5103",
        "opens_on": str(today),
        "closes_on": str(today + timedelta(days=7)),
        "places": "4",
        "per_place": "20",
        "raters": "5",
        "interviewer": [INTERVIEWER, OTHER_INTERVIEWER],
        "key": "form-key-0001",
    }
    return {**usual, **given}


async def test_the_office_begins_one_once(client: httpx.AsyncClient, city: Session) -> None:
    a_field(city)
    log_in(city, client, OFFICE)
    assert "创建全国文明城市居民问卷" in (await client.get("/surveys/new")).text
    for _ in range(2):
        sent = await client.post("/surveys/new", data=order(city))
        assert sent.status_code == 303

    assert len(city.exec(select(SurveyRound)).all()) == 1
    assert (await client.get(sent.headers["location"])).status_code == 200


@pytest.mark.parametrize("wrong", [{"places": "many"}, {"title": ""}, {"opens_on": "never"}, {"interviewer": []}])
async def test_a_refused_form_loses_nothing(client: httpx.AsyncClient, city: Session, wrong: dict) -> None:
    a_field(city)
    log_in(city, client, OFFICE)

    page = await client.post("/surveys/new", data=order(city, **{"area": "510302", "seed": "77", **wrong}))

    assert page.status_code == 400
    assert all(one in page.text for one in ('value="510302" selected', 'value="77"', 'role="alert"'))
    assert city.exec(select(SurveyRound)).all() == []


async def test_only_who_runs_surveys_begins_one(client: httpx.AsyncClient, city: Session) -> None:
    a_field(city)
    log_in(city, client, HANDLER)

    assert (await client.get("/surveys/new")).status_code == 403
    assert (await client.post("/surveys/new", data=order(city))).status_code == 403


async def test_an_interviewer_enters_one_after_the_other(
    client: httpx.AsyncClient, city: Session, round_: SurveyRound
) -> None:
    place = places_of(city, round_)[0]
    log_in(city, client, place.interviewer)
    path = f"/surveys/{round_.code}/places/{place.id}"
    assert path in (await client.get(f"/surveys/{round_.code}")).text

    kept = await client.post(path, data={**GOOD, "audience": "household", "key": "interview-1"})
    page = (await client.get(kept.headers["location"])).text

    assert kept.status_code == 303
    assert re.search(r"<strong>1/6</strong>", page)
    assert city.exec(select(SurveyReply.audience)).all() == [Audience.HOUSEHOLD]


async def test_what_is_not_complete_is_shown_again_with_what_was_chosen(
    client: httpx.AsyncClient, city: Session, round_: SurveyRound
) -> None:
    place = places_of(city, round_)[0]
    log_in(city, client, place.interviewer)
    given = {name: value for name, value in GOOD.items() if name != "first"}

    page = await client.post(
        f"/surveys/{round_.code}/places/{place.id}", data={**given, "audience": "household", "key": "k-1"}
    )

    assert (page.status_code, page.text.count("checked>")) == (400, 4)
    assert 'value="k-1"' in page.text


async def test_another_interviewers_place_is_not_there(
    client: httpx.AsyncClient, city: Session, round_: SurveyRound
) -> None:
    theirs = next(one for one in places_of(city, round_) if one.interviewer == OTHER_INTERVIEWER)
    log_in(city, client, INTERVIEWER)

    assert (await client.get(f"/surveys/{round_.code}/places/{theirs.id}")).status_code == 404


async def test_a_slip_is_corrected_and_both_stay(client: httpx.AsyncClient, city: Session, round_: SurveyRound) -> None:
    place = places_of(city, round_)[0]
    old = ask(city, place, key="1", satisfaction="dissatisfied", now=clock.now(city))
    city.commit()
    log_in(city, client, place.interviewer)
    path = f"/surveys/{round_.code}/replies/{old.id}"
    assert 'value="dissatisfied" required checked' in (await client.get(path)).text
    refused = await client.post(path, data={**GOOD, "why": " ", "key": "c-1"})
    sent = await client.post(path, data={**GOOD, "why": "勾错了", "key": "c-1"})

    assert (refused.status_code, sent.status_code) == (400, 303)
    assert [one.corrects for one in city.exec(select(SurveyReply).order_by(SurveyReply.id))] == [None, old.id]


async def test_results_show_n_and_say_where_the_sample_is_too_small(
    client: httpx.AsyncClient, city: Session, round_: SurveyRound
) -> None:
    places, now = places_of(city, round_), clock.now(city)
    for n in range(6):
        ask(city, places[0], key=str(n), now=now)
    ask(city, places[-1], key="x", now=now)
    city.commit()
    log_in(city, client, OFFICE)

    whole = (await client.get(f"/surveys/{round_.code}?lang=en")).text
    part = (await client.get(f"/surveys/{round_.code}?area={places[-1].area_code[:6]}")).text

    assert "n = 7" in whole
    assert "100.00%" in whole
    assert "too small a sample" in whole
    assert "n = 1" in part


async def test_a_district_sees_its_own_part(client: httpx.AsyncClient, city: Session, round_: SurveyRound) -> None:
    for n, place in enumerate(places_of(city, round_)):
        ask(city, place, key=str(n), now=clock.now(city))
    city.commit()
    log_in(city, client, DISTRICT_OFFICE)

    own = (await client.get(f"/surveys/{round_.code}?area=5103")).text

    assert "n = 3" in own
    assert "n = 6" not in own


@pytest.mark.parametrize("stranger", [HANDLER, OUTSIDER])
async def test_who_has_nothing_to_do_with_it_finds_nothing(
    client: httpx.AsyncClient, city: Session, stranger: str
) -> None:
    a_field(city)
    now = clock.now(city)
    made = a_survey(city, now=now, area="510302", places=2, opens_on=now.date(), closes_on=now.date())
    city.commit()
    log_in(city, client, stranger)

    assert (await client.get(f"/surveys/{made.code}")).status_code == 404
    assert made.code not in (await client.get("/surveys")).text


async def test_the_workbook_has_every_figure(client: httpx.AsyncClient, city: Session, round_: SurveyRound) -> None:
    for n in range(6):
        ask(city, places_of(city, round_)[0], key=str(n), now=clock.now(city))
    city.commit()
    log_in(city, client, OFFICE)

    book = load_workbook(BytesIO((await client.get(f"/surveys/{round_.code}/results.xlsx")).content))

    rows = list(book.active.values)
    assert rows[0][5:7] == ("样本数", "比例（%）")
    assert rows[1][5:7] == (6, 100)
    assert rows[-1][-1] == "样本不足"


async def test_signs_are_made_and_printed_by_who_runs_it(
    client: httpx.AsyncClient, city: Session, round_: SurveyRound
) -> None:
    log_in(city, client, OFFICE)
    made = await client.post(f"/surveys/{round_.code}/signs", data={"area": ["510302", "510303"]})
    assert made.status_code == 303
    paper = await client.get(f"/surveys/{round_.code}/signs/print")
    assert paper.text.count('class="sign"') == 2
    assert (await client.post(f"/surveys/{round_.code}/signs", data={"other_area": "999"})).status_code == 404

    log_in(city, client, INTERVIEWER)
    assert (await client.get(f"/surveys/{round_.code}/signs")).status_code == 404


async def test_it_is_ended_with_a_reason(client: httpx.AsyncClient, city: Session, round_: SurveyRound) -> None:
    log_in(city, client, OFFICE)

    assert (await client.post(f"/surveys/{round_.code}/end", data={"why": ""})).status_code == 400
    assert (await client.post(f"/surveys/{round_.code}/end", data={"why": "样本已够"})).status_code == 303
    assert "样本已够" in (await client.get(f"/surveys/{round_.code}")).text
    place = city.exec(select(SurveyPlace)).first()
    sent = await client.post(f"/surveys/{round_.code}/places/{place.id}", data={**GOOD, "key": "z"})
    assert sent.status_code == 409
