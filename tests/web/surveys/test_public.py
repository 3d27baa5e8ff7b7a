"""The public form: anybody answers, once, quickly; nothing of them is kept, and floods end."""

import re
from datetime import date

import httpx
import pytest
from sqlmodel import Session, select

from models.survey import SurveyAnswer, SurveyReply, SurveyRound, SurveySign
from runtime import clock
from services.surveys import signs, starting
from tests.cast import OFFICE, who
from tests.services.surveys.field import GOOD, a_field, a_survey
from web.surveys import pace
from web.surveys.pace import Pace
from web.surveys.public import COOKIE, TRAP

FORM = {name: GOOD[name] for name in ("awareness", "support", "satisfaction", "channel", "first")}


@pytest.fixture
def sign(city: Session) -> SurveySign:
    a_field(city)
    today = clock.now(city)
    round_ = a_survey(city, now=today, opens_on=today.date(), closes_on=date(today.year + 1, 1, 1))
    signs.make_signs(city, round_, ["510302001"], by=who(city, OFFICE), now=today)
    city.commit()
    return city.exec(select(SurveySign)).one()


async def a_page(client: httpx.AsyncClient, sign: SurveySign) -> str:
    """The sealed name of a page, as its form hands it back."""
    found = re.search(r'name="page" value="([^"]+)"', (await client.get(f"/s/{sign.key}")).text)
    assert found
    return found[1]


async def send(client: httpx.AsyncClient, sign: SurveySign, **more: str) -> httpx.Response:
    page = more.pop("page", None) or await a_page(client, sign)
    return await client.post(f"/s/{sign.key}", data={**FORM, "page": page, **more})


def replies(session: Session) -> int:
    session.expire_all()
    return len(session.exec(select(SurveyReply)).all())


async def test_it_opens_without_a_log_in_in_both_languages(client: httpx.AsyncClient, sign: SurveySign) -> None:
    chinese = await client.get(f"/s/{sign.key}", headers={"accept-language": "zh"})
    english = await client.get(f"/s/{sign.key}?lang=en")

    assert (chinese.status_code, "您支持创建全国文明城市吗？" in chinese.text) == (200, True)
    assert "Do you support this work?" in english.text
    assert chinese.headers["x-robots-tag"] == "noindex, nofollow"


async def test_an_answer_arrives_and_thanks_are_said(
    client: httpx.AsyncClient, city: Session, sign: SurveySign
) -> None:
    answered = await send(client, sign)

    assert (answered.status_code, answered.headers["location"]) == (303, f"/s/{sign.key}/thanks")
    assert "已收到" in (await client.get(answered.headers["location"])).text
    assert dict(city.exec(select(SurveyAnswer.question, SurveyAnswer.answer)).all()) == FORM
    reply = city.exec(select(SurveyReply)).one()
    assert (reply.audience, reply.area_code, reply.interviewer) == ("public", "510302001", None)


async def test_a_telephone_answers_once(client: httpx.AsyncClient, city: Session, sign: SurveySign) -> None:
    await send(client, sign)
    shown = await client.get(f"/s/{sign.key}")
    again = await client.post(f"/s/{sign.key}", data={**FORM, "page": await a_page_of_another(client, sign)})

    assert "已收到" in shown.text
    assert (again.status_code, replies(city)) == (303, 1)


async def a_page_of_another(client: httpx.AsyncClient, sign: SurveySign) -> str:
    async with httpx.AsyncClient(transport=client._transport, base_url="http://duban") as other:
        return await a_page(other, sign)


async def test_the_same_form_sent_twice_counts_once_without_cookies_too(
    client: httpx.AsyncClient, city: Session, sign: SurveySign
) -> None:
    page = await a_page(client, sign)
    for _ in range(2):
        client.cookies.clear()
        assert (await send(client, sign, page=page)).status_code == 303

    assert replies(city) == 1


async def test_a_question_without_an_answer_is_marked_and_the_rest_stays(
    client: httpx.AsyncClient, city: Session, sign: SurveySign
) -> None:
    page = await a_page(client, sign)
    given = {name: value for name, value in FORM.items() if name != "support"}

    refused = await client.post(f"/s/{sign.key}", data={**given, "page": page})

    assert (refused.status_code, replies(city)) == (400, 0)
    assert refused.text.count("请选择一项") == 1
    assert 'value="aware" required checked' in refused.text


async def test_a_robot_is_thanked_and_not_counted(client: httpx.AsyncClient, city: Session, sign: SurveySign) -> None:
    answered = await send(client, sign, **{TRAP: "https://spam.example"})

    assert (answered.status_code, replies(city)) == (303, 0)


@pytest.mark.parametrize("page", ["", "made up", "e30.e30", "页", "x" * 5000])
async def test_a_form_that_is_not_from_a_page_of_ours_is_not_taken(
    client: httpx.AsyncClient, city: Session, sign: SurveySign, page: str
) -> None:
    refused = await client.post(f"/s/{sign.key}", data={**FORM, "page": page})

    assert (refused.status_code in (400, 413), replies(city)) == (True, 0)


async def test_a_form_of_another_site_is_refused(client: httpx.AsyncClient, city: Session, sign: SurveySign) -> None:
    page = await a_page(client, sign)
    for headers in ({"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}):
        sent = await client.post(f"/s/{sign.key}", data={**FORM, "page": page}, headers=headers)
        assert sent.status_code == 403

    assert replies(city) == 0


async def test_a_key_that_is_none_shows_nothing_and_guessing_ends(client: httpx.AsyncClient, sign: SurveySign) -> None:
    seen = [(await client.get(f"/s/{'a' * 15}{n % 10}")).status_code for n in range(40)]

    assert seen[0] == 404
    assert seen[-1] == 429
    assert (await client.get(f"/s/{sign.key}")).status_code == 200


async def test_a_flood_from_one_address_ends(
    client: httpx.AsyncClient, city: Session, sign: SurveySign, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pace, "OF_ADDRESS", (3, 0.0001))
    pages = []
    for _ in range(4):
        client.cookies.clear()
        pages.append(await a_page(client, sign))
    seen = []
    for page in pages:
        client.cookies.clear()
        seen.append((await send(client, sign, page=page)).status_code)

    assert (seen, replies(city)) == ([303, 303, 303, 429], 3)


def test_addresses_are_forgotten_every_day_and_never_kept() -> None:
    counts = Pace()
    counts.take(address="203.0.113.7", sign="a", today=date(2026, 11, 2))
    first = (counts._salt, list(counts._addresses._levels))
    counts.take(address="203.0.113.7", sign="a", today=date(2026, 11, 3))
    second = (counts._salt, list(counts._addresses._levels))

    assert first[0] != second[0]
    assert first[1] != second[1]
    assert len(second[1]) == 1
    assert "203.0.113.7" not in repr(vars(counts)) + repr(second)


async def test_an_ended_survey_says_so(client: httpx.AsyncClient, city: Session, sign: SurveySign) -> None:
    page = await a_page(client, sign)
    round_ = city.get_one(SurveyRound, sign.round_id)
    starting.end(city, round_, by=who(city, OFFICE), why="够了", now=clock.now(city))
    city.commit()

    assert (await client.get(f"/s/{sign.key}")).status_code == 410
    assert (await send(client, sign, page=page)).status_code == 410
    assert replies(city) == 0


async def test_what_is_too_large_is_cut_off(client: httpx.AsyncClient, sign: SurveySign) -> None:
    sent = await client.post(f"/s/{sign.key}", data={**FORM, "page": "x" * (2 * 1024 * 1024)})

    assert sent.status_code == 413


async def test_no_script_style_or_address_of_elsewhere_is_in_it(client: httpx.AsyncClient, sign: SurveySign) -> None:
    html = (await client.get(f"/s/{sign.key}")).text

    assert "<script" not in html
    assert "<style" not in html
    assert "style=" not in html
    assert "http://" not in html.replace("http://www.w3.org", "")


async def test_the_cookie_says_nothing_and_goes_to_the_form_alone(client: httpx.AsyncClient, sign: SurveySign) -> None:
    cookie = (await send(client, sign)).headers["set-cookie"]

    assert re.match(rf"{COOKIE}=[A-Za-z0-9_-]{{22}};", cookie)
    assert all(one in cookie for one in ("HttpOnly", "Path=/s/", "SameSite=lax"))
