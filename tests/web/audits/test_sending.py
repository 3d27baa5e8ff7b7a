"""What devices kept comes in over the web: one standard at a time, told in JSON; nothing of anybody in the shell."""

import json
from datetime import timedelta

import httpx
import pytest
from sqlmodel import Session, select

from models.audit import Observation, Result, Round, RoundKind
from models.evidence import Upload
from runtime import clock
from services import uploads
from services.audit_results import Seen
from tests.cast import HANDLER, INSPECTOR, OFFICE, VERIFIER
from tests.services.audits.rounds import fill, sheet_of, started
from tests.services.evidence.pictures import photo
from tests.web.visitor import log_in
from web.login import PERSON

KEY = "k" * 18
NOT_MET = {"key": KEY, "standard": "01-02", "result-01-02": "not_met", "note-01-02": "占道", "ago": "60"}


@pytest.fixture
def round_(city: Session) -> Round:
    made = started(city, kind=RoundKind.COVERT)
    city.commit()
    return made


async def sent(city: Session, client: httpx.AsyncClient, round_: Round, **given: str) -> tuple[int, dict[str, str]]:
    log_in(city, client, INSPECTOR)
    path = f"/audits/{round_.number}/sheets/{sheet_of(city, round_, 'P-0001').id}/send?lang=en"
    answer = await client.post(path, data={**NOT_MET, **given})
    return answer.status_code, answer.json()


async def test_it_is_recorded_once_with_its_photo(city: Session, client: httpx.AsyncClient, tmp_path, round_) -> None:
    now, store = clock.true_now(city), tmp_path / "evidence"
    kept = uploads.take(city, data=photo(), name="a.jpg", by=INSPECTOR, store=store, zone="Asia/Shanghai", now=now)
    city.commit()
    for came in ("recorded", "repeated"):
        assert await sent(city, client, round_, upload=kept.key) == (200, {"came": came, "words": ""})
    row = city.exec(select(Observation)).one()
    assert (row.result, row.photo) == (Result.NOT_MET, city.exec(select(Upload)).one().sha256)
    assert row.received_at is not None
    assert row.received_at - row.observed_at == timedelta(seconds=60)


async def test_what_is_recorded_instead_is_told_in_words(city: Session, client: httpx.AsyncClient, round_) -> None:
    fill(city, round_, "P-0001", Seen("01-02", Result.NOT_APPLICABLE, "施工封闭"))
    city.commit()
    status, told = await sent(city, client, round_)
    assert (status, told["came"]) == (200, "differs")
    assert told["words"].startswith("not applicable: 施工封闭 (")
    assert (await sent(city, client, round_, insists="1"))[1]["came"] == "handed_in"


@pytest.mark.parametrize(
    ("given", "status", "said"),
    [
        ({"key": "short"}, 400, "16–64 letters"),
        ({"ago": "-5"}, 400, "ago"),
        ({"ago": "99999999999"}, 400, "ago"),
        ({"standard": "12-01"}, 400, "01-01, 01-02"),
        ({"note-01-02": " "}, 400, "01-02: what was seen"),
        ({"note-01-02": "长" * 2001}, 400, "at most 2000"),
        ({"result-01-02": "", "note-01-02": ""}, 400, "result"),
        ({"result-01-02": "fine"}, 400, "not_applicable"),
    ],
)
async def test_what_cannot_be_used_is_told_and_nothing_is_recorded(
    city: Session, client: httpx.AsyncClient, round_, given: dict[str, str], status: int, said: str
) -> None:
    found, told = await sent(city, client, round_, **given)
    assert (found, told["came"], said in told["words"]) == (status, "refused", True), told
    assert city.exec(select(Observation)).all() == []


async def test_a_photo_that_is_gone_is_asked_for_once_more(city: Session, client: httpx.AsyncClient, round_) -> None:
    status, told = await sent(city, client, round_, upload="u" * 20)
    assert (status, told["came"]) == (404, "no_photo")
    assert city.exec(select(Observation)).all() == []


async def test_nobody_sends_what_another_kept_or_to_a_sheet_of_others(
    city: Session, client: httpx.AsyncClient, round_
) -> None:
    path = f"/audits/{round_.number}/sheets/{sheet_of(city, round_, 'P-0001').id}/send"
    for person, status in ((HANDLER, 404), (VERIFIER, 404)):
        log_in(city, client, person)
        assert (await client.post(path, data=NOT_MET)).status_code == status
    log_in(city, client, OFFICE)
    given = {PERSON: INSPECTOR, "HX-Request": "true"}
    assert (await client.post(path, data=NOT_MET, headers=given)).status_code == 401
    assert city.exec(select(Observation)).all() == []


async def test_a_device_takes_along_what_is_the_readers_own(city: Session, client: httpx.AsyncClient, round_) -> None:
    log_in(city, client, INSPECTOR)
    answer = await client.get("/audits/mine/sheets.json?lang=en")
    found = answer.json()
    assert answer.headers["cache-control"] == "no-store"
    assert [(one["point"], one["secret"]) for one in found["sheets"]] == [(f"P-000{n}", True) for n in (2, 1, 3)]
    assert found["standards"]["CC-2026/01-01"]["kind"] == "per_fault"
    assert round_.number in (await client.get("/audits/mine")).text
    log_in(city, client, HANDLER)
    assert (await client.get("/audits/mine/sheets.json")).json()["sheets"] == []


async def test_the_shell_holds_nothing_of_anybody(city: Session, client: httpx.AsyncClient, round_) -> None:
    log_in(city, client, INSPECTOR)
    page = (await client.get("/audits/mine/shell")).text
    assert 'data-person=""' in page
    assert not any(word in page for word in (INSPECTOR, "丁怀琪", round_.number, "P-0001"))
    worker = await client.get("/audits/sw.js")
    assert (worker.headers["service-worker-allowed"], worker.headers["cache-control"]) == ("/audits", "no-cache")
    files = json.loads(worker.text.split("const FILES = ")[1].split(";\n")[0])
    for file in files:
        assert (await client.get(file)).status_code == 200
        assert file.replace("&", "&amp;") in page or file.endswith(".svg")
