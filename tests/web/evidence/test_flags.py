"""Flags: what waits, both photos side by side, and deciding."""

from pathlib import Path

import httpx
import pytest
from sqlmodel import Session

from models.evidence import EvidenceFlag, FlagKind
from services import developing, evidence_flags
from tests.cast import HANDLER, INSPECTOR, MONDAY, OFFICE, OUTSIDER, VERIFIER, an_issue
from tests.services.evidence.handed import hand_in
from tests.services.evidence.pictures import photo
from tests.web.visitor import log_in
from web.evidence import flags

FACTS = {"taken_at": "2026-11-01T02:00:00+00:00", "since": "2026-11-02T02:00:00+00:00"}
DECIDED = {"decision": "kept", "reason": "<b>旧照片</b>"}


@pytest.fixture
def flag(city: Session, issue: int) -> int:
    """The photo of the fixture was taken far away."""
    return evidence_flags.flags_of(city, issue)[0].id


@pytest.fixture
def reused(city: Session, issue: int, folder: Path) -> int:
    """The same photo proves another issue."""
    other = an_issue(city, state="rectifying")
    hand_in(city, folder, other, photo(1))
    developing.look(city, folder, now=MONDAY)
    city.commit()
    return next(one.id for one in evidence_flags.flags_of(city, other) if one.kind == "same_file")


async def test_what_waits_is_listed_in_words(city: Session, client: httpx.AsyncClient, flag: int) -> None:
    log_in(city, client, VERIFIER)
    page = (await client.get("/evidence/flags?lang=en")).text

    assert "Taken far from the place" in page
    assert "It was taken 101 km away from the place; beyond 300 m is noted." in page


async def test_older_ones_are_a_page_further(city: Session, client: httpx.AsyncClient, flag: int, monkeypatch) -> None:
    monkeypatch.setattr(evidence_flags, "PAGE", 1)
    monkeypatch.setattr(flags, "PAGE", 1)
    later = EvidenceFlag(kind=FlagKind.TAKEN_BEFORE, evidence_id=1, issue_id=1, at=MONDAY, facts=FACTS)
    city.add(later)
    city.commit()
    log_in(city, client, VERIFIER)

    first = (await client.get("/evidence/flags")).text
    second = (await client.get(f"/evidence/flags?after={later.id}")).text

    assert f"?after={later.id}" in first
    assert (f"/evidence/flags/{flag}" in first, f"/evidence/flags/{flag}" in second) == (False, True)


@pytest.mark.parametrize(("person", "status"), [(HANDLER, 403), (INSPECTOR, 403)])
async def test_who_does_not_decide_has_no_list(
    city: Session, client: httpx.AsyncClient, flag: int, person: str, status: int
) -> None:
    log_in(city, client, person)
    assert (await client.get("/evidence/flags")).status_code == status
    assert (await client.post(f"/evidence/flags/{flag}", data=DECIDED)).status_code == status


async def test_a_decision_is_shown_for_good(city: Session, client: httpx.AsyncClient, flag: int) -> None:
    log_in(city, client, VERIFIER)
    answer = await client.post(f"/evidence/flags/{flag}", data=DECIDED)
    page = (await client.get(answer.headers["location"])).text

    assert answer.status_code == 303
    assert "&lt;b&gt;旧照片&lt;/b&gt;" in page
    assert "<form method" not in page
    assert (await client.get("/evidence/flags")).text.count(f"/evidence/flags/{flag}") == 0


async def test_somebody_was_faster_and_their_decision_is_shown(
    city: Session, client: httpx.AsyncClient, flag: int
) -> None:
    log_in(city, client, VERIFIER)
    await client.post(f"/evidence/flags/{flag}", data=DECIDED)
    log_in(city, client, OFFICE)

    answer = await client.post(f"/evidence/flags/{flag}", data={"decision": "dismissed", "reason": "没有问题"})

    assert answer.status_code == 409
    assert "旧照片" in answer.text


@pytest.mark.parametrize("sent", [{}, {"decision": "kept"}, {"decision": "x", "reason": "y"}, {"reason": "y"}])
async def test_a_form_that_lacks_something_comes_back(
    city: Session, client: httpx.AsyncClient, flag: int, sent: dict[str, str]
) -> None:
    log_in(city, client, VERIFIER)
    answer = await client.post(f"/evidence/flags/{flag}", data=sent)

    assert answer.status_code == 400
    assert 'role="alert"' in answer.text
    assert sent.get("reason", "") in answer.text


async def test_who_decides_sees_the_other_photo_too(city: Session, client: httpx.AsyncClient, reused: int) -> None:
    log_in(city, client, VERIFIER)
    page = (await client.get(f"/evidence/flags/{reused}")).text

    assert f"/evidence/flags/{reused}/other?size=small" in page
    assert (await client.get(f"/evidence/flags/{reused}/other")).headers["content-type"] == "image/jpeg"
    assert (await client.get(f"/evidence/flags/{reused}/other?size=original")).status_code == 404


@pytest.mark.parametrize(("person", "status"), [(HANDLER, 403), (OUTSIDER, 404)])
async def test_nobody_else_does(
    city: Session, client: httpx.AsyncClient, reused: int, person: str, status: int
) -> None:
    log_in(city, client, person)
    assert (await client.get(f"/evidence/flags/{reused}/other")).status_code == status


async def test_a_flag_that_has_no_other_photo_shows_none(city: Session, client: httpx.AsyncClient, flag: int) -> None:
    log_in(city, client, VERIFIER)
    assert (await client.get(f"/evidence/flags/{flag}/other")).status_code == 404


async def test_the_handler_reads_it_and_does_not_decide(city: Session, client: httpx.AsyncClient, flag: int) -> None:
    log_in(city, client, HANDLER)
    page = await client.get(f"/evidence/flags/{flag}")

    assert page.status_code == 200
    assert "<form method" not in page.text


async def test_an_outsider_learns_nothing(city: Session, client: httpx.AsyncClient, flag: int) -> None:
    log_in(city, client, OUTSIDER)
    assert (await client.get(f"/evidence/flags/{flag}")).status_code == 404
