"""The rest of the API: the city, boards, audits, evidence, messages, and who one is."""

from io import BytesIO

import pytest
from PIL import Image
from sqlmodel import Session, select

from models.audit import Sheet
from models.issue import Evidence, Issue
from models.point import Point
from tests.cast import HANDLER, INSPECTOR, OFFICE, OUTSIDER, an_issue
from tests.web.api.conftest import Calls

V1 = "/api/v1"
ROUND = {"kind": "announced", "area": "5103", "points": 2, "inspectors": [INSPECTOR], "seed": 7}


@pytest.mark.parametrize(
    "address",
    [
        "/me",
        "/me/messages",
        "/areas",
        "/areas?level=2&q=区",
        "/areas?parent=5103",
        "/units",
        "/points?area=5103",
        "/categories",
        "/standards",
        "/boards/areas",
        "/boards/units",
        "/audits",
    ],
)
async def test_what_the_city_is_made_of_can_be_read(calls: Calls, city: Session, address: str) -> None:
    an_issue(city, state="assigned")
    city.commit()
    answer = await calls(OFFICE).get(f"{V1}{address}")
    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize(
    ("method", "address", "body", "status", "words"),
    [
        ("GET", "/nowhere", b"", 404, "没有此地址"),
        ("PATCH", "/issues", b"", 405, "此地址不接受该方法"),
        ("POST", "/issues", b"[" * 100_000, 400, "请求正文无法读取"),
        ("POST", "/issues", b" " * 2_000_000, 413, "超出单次请求的上限"),
    ],
)
async def test_what_the_framework_refuses_is_told_in_the_readers_language(
    calls: Calls, method: str, address: str, body: bytes, status: int, words: str
) -> None:
    headers = {
        "content-type": "application/json",
        "accept-language": "zh-CN",
        "idempotency-key": f"key-{len(body)}-0123456",
    }
    answer = await calls(OFFICE).request(method, f"{V1}{address}", content=body, headers=headers)
    assert (answer.status_code, words in answer.json()["detail"]) == (status, True), answer.text


async def test_a_long_list_comes_in_stretches(calls: Calls, city: Session) -> None:
    client, seen, after = calls(OFFICE), [], None
    while True:
        page = (await client.get(f"{V1}/areas", params={"limit": 3, **({"after": after} if after else {})})).json()
        seen += [one["code"] for one in page["items"]]
        after = page["next"]
        if after is None:
            break
    assert seen == sorted(set(seen))
    assert "5103" in seen


async def test_what_one_may_see_comes_as_a_file(calls: Calls, city: Session) -> None:
    number = city.get_one(Issue, an_issue(city, state="assigned")).number
    city.commit()
    answer = await calls(OFFICE).get(f"{V1}/exports/issues.csv", params={"open": True})
    assert (answer.status_code, number in answer.text) == (200, True)
    assert (await calls(HANDLER).get(f"{V1}/exports/issues.csv")).status_code == 403


async def test_a_handler_sees_no_boards(calls: Calls, city: Session) -> None:
    assert (await calls(HANDLER).get(f"{V1}/boards/areas")).status_code == 403


async def test_an_audit_runs_from_start_to_end(calls: Calls, city: Session) -> None:
    client = calls(OFFICE)
    started = await client.post(f"{V1}/audits", json=ROUND, headers={"Idempotency-Key": "round-one"})
    assert started.status_code == 201, started.text
    number = started.json()["number"]
    sheet = city.exec(select(Sheet).join(Point).where(Point.category_code == "01")).first()
    assert sheet is not None
    address = f"{V1}/audits/{number}/sheets/{sheet.id}/observations"
    standards = (await client.get(f"{V1}/standards", params={"category": "01"})).json()["items"]
    seen = {"observations": [{"standard": standards[0]["code"], "result": "not_met", "note": "脏"}]}
    assert (await client.post(address, json=seen)).status_code == 201
    assert len((await client.get(f"{V1}/audits/{number}")).json()["issues"]) == 1
    ended = await client.post(f"{V1}/audits/{number}/end", json={"why": "暴雨"})
    assert ended.json()["finished_at"]


async def test_a_covert_audit_is_unknown_to_outsiders(calls: Calls, city: Session) -> None:
    number = (await calls(OFFICE).post(f"{V1}/audits", json=ROUND)).json()["number"]
    client = calls(OUTSIDER)
    assert (await client.get(f"{V1}/audits/{number}")).status_code == 404
    assert (await client.get(f"{V1}/audits")).json() == []


async def test_a_photo_is_sent_handed_in_and_read_again(calls: Calls, city: Session) -> None:
    key = an_issue(city, state="rectifying")
    city.commit()
    client, number = calls(HANDLER), city.get_one(Issue, key).number
    sent = await client.post(f"{V1}/uploads", content=photo(), params={"name": "后.jpg"})
    assert sent.status_code == 201, sent.text
    done = await client.post(
        f"{V1}/issues/{number}/actions/submit", json={"result": "清理完毕", "uploads": [sent.json()["key"]]}
    )
    assert (done.status_code, done.json()["state"]) == (200, "rectified")
    piece = city.exec(select(Evidence).where(Evidence.issue_id == key)).first()
    assert piece is not None
    copy = await client.get(f"{V1}/evidence/{piece.id}", params={"size": "small"})
    assert (copy.status_code, copy.headers["content-type"]) == (200, "image/jpeg")
    assert (await calls(OUTSIDER).get(f"{V1}/evidence/{piece.id}")).status_code == 404


@pytest.mark.parametrize("data", [b"", b"<svg onload=alert(1)>", b"\xff\xd8\xff cut off"])
async def test_what_is_no_photo_is_refused(calls: Calls, city: Session, data: bytes) -> None:
    answer = await calls(HANDLER).post(f"{V1}/uploads", content=data)
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"


def photo() -> bytes:
    made = BytesIO()
    Image.new("RGB", (64, 48), "green").save(made, "JPEG")
    return made.getvalue()
