"""Issues of somebody else, asked for by number; fields of a form that are none."""

from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from sqlalchemy import text
from sqlmodel import Session, select

from models.api import ApiScope
from models.issue import Evidence, Issue, IssueEvent
from runtime import clock
from services import tokens
from tests.cast import HANDLER, INSPECTOR, OFFICE, an_issue, read, who
from tests.services.evidence.handed import hand_in, pieces
from tests.services.evidence.pictures import photo
from tests.web.attacks.ways_in import ways_in
from tests.web.issue.desk import as_person, form_on, there
from tests.web.link_desk import set_clock
from tests.web.visitor import log_in

ELSEWHERE = "R00031"
"""Handler of a unit of the other district."""
PLANTED = {
    "id": "77",
    "number": "ZG-2026-09999",
    "state": "closed",
    "actor": OFFICE,
    "actor_code": OFFICE,
    "by": OFFICE,
    "person": OFFICE,
    "person_code": OFFICE,
    "lead_unit": "D-SCJGJ",
    "found_by": OFFICE,
    "found_at": "2020-01-01T00:00:00Z",
    "now": "2020-01-01T00:00:00Z",
    "due_at": "2030-01-01T00:00:00Z",
    "deduction": "99",
    "severity": "S1",
    "ladder_rank": "8",
    "version_code": "nothing",
    "issue_id": "1",
    "evidence": '[{"kind":"after","sha256":"ab"}]',
}


@pytest.fixture
def issue(city: Session, client: httpx.AsyncClient, tmp_path: Path) -> Issue:
    """Of D-CGJ, with a photo, handed in."""
    set_clock(city)
    (tmp_path / "evidence").mkdir()
    key = an_issue(city, state="rectifying")
    hand_in(city, tmp_path / "evidence", key, photo(1))
    city.commit()
    return read(city, key)


async def test_another_units_issue_is_not_there_for_pages(
    city: Session, client: httpx.AsyncClient, issue: Issue
) -> None:
    log_in(city, client, ELSEWHERE)
    ways = [way for way in ways_in(client) if "number" in way.parameters and "issues" in way.path and not way.api]
    answers = {way: await client.request(way.method, way.address(number=issue.number)) for way in ways}
    assert len(ways) >= 7
    assert {str(way): one.status_code for way, one in answers.items() if one.status_code not in (400, 404)} == {}
    assert [str(way) for way, one in answers.items() if way.safe and one.status_code != 404] == []
    assert not any(issue.description in one.text for one in answers.values())


async def test_every_action_on_another_units_issue_is_refused_as_if_it_were_not_there(
    city: Session, client: httpx.AsyncClient, issue: Issue
) -> None:
    events = len(city.exec(select(IssueEvent)).all())
    as_person(city, client, INSPECTOR)
    given = form_on((await client.get(f"/issues/{issue.number}")).text, "comment")
    as_person(city, client, ELSEWHERE)
    for action in ("comment", "submit", "assign", "void", "close_out", "pass", "attach", "merge"):
        answer = await client.post(f"/issues/{issue.number}/do/{action}", data={**given, "text": "x", "reason": "x"})
        assert answer.status_code == 404, action
    assert len(city.exec(select(IssueEvent)).all()) == events


async def test_another_units_evidence_is_not_there(city: Session, client: httpx.AsyncClient, issue: Issue) -> None:
    (piece,) = pieces(city, issue.id or 0)
    as_person(city, client, ELSEWHERE)
    for path in ("", "?size=small", "?size=original", "/redact"):
        assert (await client.get(f"/evidence/{piece.id}{path}")).status_code in (400, 404), path
    as_person(city, client, HANDLER)
    assert (await client.get(f"/evidence/{piece.id}")).status_code == 200


async def test_another_units_issue_is_not_there_for_programs(
    city: Session, client: httpx.AsyncClient, issue: Issue
) -> None:
    (piece,) = pieces(city, issue.id or 0)
    real = clock.true_now(city)
    token = tokens.create_token(city, ELSEWHERE, name="t", scopes=tuple(ApiScope), lasts=timedelta(days=1), now=real)
    city.commit()
    headers = {"Authorization": f"Bearer {token}"}
    ways = [way for way in ways_in(client) if way.path.startswith("/api/v1/issues/{number}")]
    answers = {}
    for way in ways:
        given = {"json": {}} if not way.safe else {}
        key = {"Idempotency-Key": f"key-{len(answers)}-0123456789"}
        address = way.address(number=issue.number)
        answers[str(way)] = await client.request(way.method, address, headers=headers | key, **given)
    assert len(ways) > 20
    assert {way: one.status_code for way, one in answers.items() if one.status_code not in (404, 422, 400)} == {}
    assert (await client.get(f"/api/v1/evidence/{piece.id}", headers=headers)).status_code == 404
    assert not any(issue.description in one.text for one in answers.values())


async def test_a_report_takes_what_its_form_asks_and_nothing_else(city: Session, client: httpx.AsyncClient) -> None:
    set_clock(city)
    log_in(city, client, INSPECTOR)
    fields = {"key": "a-key-of-a-phone-1", "point": "P-0001", "standard": "01-01", "description": "垃圾桶满溢"}
    answer = await client.post("/report/send", data={**PLANTED, **fields, "severity": ""})
    assert answer.status_code == 303, answer.text
    made = city.exec(select(Issue)).one()
    assert (made.state, made.severity, made.found_by) == ("found", "S3", INSPECTOR)
    assert (made.number != PLANTED["number"], made.id != 77, made.found_at.year) == (True, True, 2026)
    assert city.exec(select(Evidence)).all() == []


async def test_an_action_takes_what_its_form_asks_and_nothing_else(city: Session, client: httpx.AsyncClient) -> None:
    key, address = there(city, state="assigned")
    before = read(city, key)
    log_in(city, client, HANDLER)
    given = form_on((await client.get(address)).text, "comment")
    answer = await client.post(f"{address}/do/comment", data={**PLANTED, **given, "text": "看过了"})
    assert answer.status_code == 303, answer.text
    after = read(city, key)
    same = ("state", "lead_unit", "severity", "found_by", "found_at", "number")
    assert [getattr(after, name) for name in same] == [getattr(before, name) for name in same]
    last = city.exec(select(IssueEvent).where(IssueEvent.action == "comment")).one()
    assert (last.actor, last.at.year) == (HANDLER, 2026)


async def test_nobody_sets_the_language_of_somebody_else(city: Session, client: httpx.AsyncClient) -> None:
    log_in(city, client, HANDLER)
    await client.post("/me/language", data={**PLANTED, "lang": "en"})
    spoken = city.connection().execute(text("SELECT code FROM person WHERE chosen_lang = 'en'")).scalars().all()
    assert spoken == [HANDLER]


async def test_a_program_that_says_too_much_is_refused(city: Session, client: httpx.AsyncClient) -> None:
    set_clock(city)
    token = tokens.create_token(
        city, INSPECTOR, name="t", scopes=tuple(ApiScope), lasts=timedelta(days=1), now=clock.true_now(city)
    )
    city.commit()
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": "one-key-0123456789"}
    body = {"description": "垃圾桶满溢", "point": "P-0001", "standard": "01-01", "found_by": OFFICE, "state": "closed"}
    answer = await client.post("/api/v1/issues", json=body, headers=headers)
    made = city.exec(select(Issue)).all()
    assert answer.status_code == 422 or (made[0].state, made[0].found_by) == ("found", INSPECTOR), answer.text
    assert who(city, INSPECTOR).code == INSPECTOR
