"""Papers, flags, redaction, sheets and uploads that resume, through the API."""

from datetime import timedelta

import httpx
import pytest
from sqlmodel import Session, select

from models.audit import Sheet
from models.evidence import EvidenceFlag
from models.issue import Issue
from tests.cast import HANDLER, INSPECTOR, MONDAY, OFFICE, OUTSIDER, VERIFIER, an_issue
from tests.services.evidence.films import mp4
from tests.services.evidence.handed import hand_in, looked, pieces
from tests.services.evidence.pictures import photo
from tests.web.api.conftest import Calls
from tests.web.api.test_rest import ROUND
from tests.web.api.test_rest import photo as plain_photo
from tests.web.attacks.ways_in import app_of

V1 = "/api/v1"
OFFSET = "Upload-Offset"


@pytest.fixture
def flagged(client: httpx.AsyncClient, city: Session) -> int:
    """The issue of a photo that was taken far away."""
    folder = app_of(client).state.settings.evidence
    folder.mkdir(parents=True, exist_ok=True)
    key = an_issue(city, state="rectifying")
    hand_in(city, folder, key, photo(1, lat=30.1, lng=104.2))
    looked(city, folder, key)
    city.commit()
    return key


async def test_a_flag_is_decided_once_with_a_reason(calls: Calls, city: Session, flagged: int) -> None:
    client = calls(VERIFIER)
    (flag,) = (await client.get(f"{V1}/flags")).json()["items"]
    assert flag["number"] == city.get_one(Issue, flagged).number
    decided = await client.post(f"{V1}/flags/{flag['id']}/decision", json={"decision": "kept", "reason": "位置不符"})
    assert decided.json()["decision"] == "kept"
    again = await client.post(f"{V1}/flags/{flag['id']}/decision", json={"decision": "dismissed", "reason": "x"})
    assert (again.status_code, again.json()["code"]) == (409, "flag_already_decided")
    assert (await client.get(f"{V1}/flags")).json()["items"] == []


async def test_flags_are_for_who_judges(calls: Calls, city: Session, flagged: int) -> None:
    key = city.exec(select(EvidenceFlag.id)).first()
    assert (await calls(HANDLER).get(f"{V1}/flags")).status_code == 403
    decision = {"decision": "kept", "reason": "x"}
    assert (await calls(HANDLER).post(f"{V1}/flags/{key}/decision", json=decision)).status_code == 403
    assert (await calls(OUTSIDER).get(f"{V1}/flags/{key}")).status_code == 404


async def test_what_is_drawn_over_is_unseen_and_nobody_is_overrun(calls: Calls, city: Session, flagged: int) -> None:
    client, address = calls(OFFICE), f"{V1}/evidence/{pieces(city, flagged)[0].id}"
    before = (await client.get(address)).content
    area = {"left": 0, "top": 0, "width": 500, "height": 500}
    done = await client.post(f"{address}/redaction", json={"areas": [area], "seen": 0, "reason": "人脸"})
    assert (done.status_code, done.json()["areas"]) == (200, [area])
    assert (await client.get(address)).content != before
    late = await client.post(f"{address}/redaction", json={"areas": [], "seen": 0})
    assert (late.status_code, late.json()["code"]) == (412, "somebody_was_faster")
    outside = {**area, "left": 800}
    assert (await client.post(f"{address}/redaction", json={"areas": [outside], "seen": 1})).status_code == 400
    assert (await calls(HANDLER).get(f"{address}/redaction")).status_code == 403


async def test_papers_are_listed_issued_and_printed(calls: Calls, city: Session, tick) -> None:
    key = an_issue(city, state="assigned")
    for days in range(1, 12):
        tick(MONDAY + timedelta(days=days))
    number = city.get_one(Issue, key).number
    client = calls(OFFICE)
    papers = f"{V1}/issues/{number}/papers"
    offered = (await client.get(papers)).json()["issuable"]
    assert offered
    made = await client.post(papers, json={"kind": offered[0]})
    assert made.status_code == 201, made.text
    again = await client.post(papers, json={"kind": offered[0]})
    assert (again.json()["number"], again.json()["repeated"]) == (made.json()["number"], True)
    (line,) = (await client.get(papers)).json()["items"]
    page, word = await client.get(f"{papers}/{line['id']}"), await client.get(f"{papers}/{line['id']}/word")
    assert (page.headers["content-type"][:9], word.content[:2]) == ("text/html", b"PK")
    assert "sandbox" in page.headers["content-security-policy"]
    assert (await calls(HANDLER).post(papers, json={"kind": offered[0]})).status_code == 403
    assert (await calls(OUTSIDER).get(f"{papers}/{line['id']}")).status_code == 404


async def test_a_sheet_shows_what_is_asked_and_seen(calls: Calls, city: Session) -> None:
    client = calls(OFFICE)
    number = (await client.post(f"{V1}/audits", json=ROUND)).json()["number"]
    sheet = city.exec(select(Sheet)).first()
    address = f"{V1}/audits/{number}/sheets/{sheet.id}"
    before = (await client.get(address)).json()
    assert (before["left"], before["standards"][0]["result"]) == (len(before["standards"]), None)
    seen = {"observations": [{"standard": before["standards"][0]["standard"], "result": "met"}]}
    await client.post(f"{address}/observations", json=seen)
    after = (await calls(INSPECTOR).get(address)).json()
    assert (after["left"], after["standards"][0]["result"]) == (before["left"] - 1, "met")
    assert (await calls(OUTSIDER).get(address)).status_code == 404


async def test_an_upload_goes_on_after_a_cut(calls: Calls, city: Session) -> None:
    data, client = plain_photo(), calls(HANDLER)
    begun = (await client.post(f"{V1}/uploads/parts", json={"size": len(data), "name": "后.jpg"})).json()
    address = f"{V1}/uploads/parts/{begun['key']}"
    assert begun["offset"] == 0
    first = await client.patch(address, content=data[:100], headers={OFFSET: "0"})
    assert (first.status_code, first.headers[OFFSET]) == (204, "100")
    wrong = await client.patch(address, content=data[50:], headers={OFFSET: "50"})
    assert (wrong.status_code, wrong.json()["code"], wrong.headers[OFFSET]) == (409, "wrong_offset", "100")
    assert (await client.head(address)).headers[OFFSET] == "100"
    whole = await client.patch(address, content=data[100:], headers={OFFSET: "100"})
    assert whole.headers["Upload-Complete"] == "?1"
    number = city.get_one(Issue, an_issue(city, state="rectifying")).number
    city.commit()
    submit = {"result": "清理完毕", "uploads": [begun["key"]]}
    assert (await client.post(f"{V1}/issues/{number}/actions/submit", json=submit)).status_code == 200


async def test_an_upload_of_somebody_else_is_not_there(calls: Calls, city: Session) -> None:
    begun = (await calls(HANDLER).post(f"{V1}/uploads/parts", json={"size": 10})).json()
    client, address = calls(OUTSIDER), f"{V1}/uploads/parts/{begun['key']}"
    assert (await client.head(address)).status_code == 404
    assert (await client.patch(address, content=b"x", headers={OFFSET: "0"})).status_code == 404
    assert (await client.delete(address)).status_code == 204  # as for one that is not there
    assert (await calls(HANDLER).head(address)).status_code == 204


async def test_what_is_no_photo_is_refused_at_the_end(calls: Calls, city: Session) -> None:
    client = calls(HANDLER)
    begun = (await client.post(f"{V1}/uploads/parts", json={"size": 4})).json()
    address = f"{V1}/uploads/parts/{begun['key']}"
    answer = await client.patch(address, content=b"<svg", headers={OFFSET: "0"})
    assert (answer.status_code, answer.headers["content-type"]) == (400, "application/problem+json")
    more = await client.post(f"{V1}/uploads/parts", json={"size": 10**12})
    assert more.status_code == 422


async def test_the_page_for_people_shows_every_address(client: httpx.AsyncClient, city: Session) -> None:
    page = await client.get("/api/docs")
    document = (await client.get(f"{V1}/openapi.json")).json()
    assert page.status_code == 200
    for path, several in document["paths"].items():
        assert f"<code>{path}</code>" in page.text
        for operation in several.values():
            assert f'id="{operation["operationId"]}"' in page.text
            assert operation["summary"]
            assert operation["x-token-scope"]


async def test_a_video_is_sent_had_in_parts_and_withheld(calls: Calls, city: Session) -> None:
    number = city.get_one(Issue, an_issue(city, state="rectifying")).number
    client, data = calls(HANDLER), mp4(place="+29.35+104.78/")
    sent = await client.post(f"{V1}/uploads", content=data, params={"name": "后.mp4"})
    long = await client.post(f"{V1}/uploads", content=mp4(seconds=61))
    done = await client.post(
        f"{V1}/issues/{number}/actions/submit", json={"result": "清理完毕", "uploads": [sent.json()["key"]]}
    )
    assert (sent.status_code, long.status_code, long.json()["code"], done.status_code) == (
        201,
        400,
        "video_too_long",
        200,
    )
    (piece,) = (await client.get(f"{V1}/issues/{number}/evidence")).json()
    address = f"{V1}/evidence/{piece['id']}"
    part = await client.get(address, headers={"Range": "bytes=4-7"})
    assert (piece["media_type"], part.status_code, part.content) == ("video/mp4", 206, b"ftyp")
    assert (await client.get(f"{address}/withholding")).status_code == 403
    office = calls(OFFICE)
    known = (await office.get(f"{address}/withholding")).json()
    said = {"withheld": True, "reason": "有人脸", "seen": known["latest"]}
    kept = await office.post(f"{address}/withholding", json=said)
    late = await office.post(f"{address}/withholding", json=said)
    assert (known["withheld"], kept.json()["withheld"], late.status_code) == (False, True, 412)
    assert [(await calls(one).get(address)).status_code for one in (HANDLER, OFFICE)] == [404, 404]
    assert (await calls(OFFICE).get(f"{address}?size=plain")).status_code == 200
