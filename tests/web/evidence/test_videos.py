"""Videos over the pages: sent in parts, by forms and links, shown in parts, withheld."""

from pathlib import Path

import httpx
import pytest
from sqlmodel import Session, select

from models.evidence import Upload, Withholding
from models.issue import Evidence
from services import developing
from services.photos import LARGEST
from tests.cast import HANDLER, INSPECTOR, MONDAY, OFFICE, VERIFIER, an_issue
from tests.services.evidence.films import box, mp4, webm
from tests.services.evidence.handed import hand_in, pieces
from tests.services.evidence.pictures import photo
from tests.web.issue.desk import as_person, number_of, send, there
from tests.web.link_desk import hidden, link, set_clock
from tests.web.link_desk import send as send_by_link
from tests.web.visitor import log_in

KEY = "draft-0123456789abcdef"
FILM = mp4(place="+29.3514+104.7858/", data=bytes(range(256)) * 4)


@pytest.fixture
def issue(city: Session, client: httpx.AsyncClient, folder: Path) -> int:
    """Handed in with a video, looked at."""
    folder.mkdir()
    found = an_issue(city, state="rectifying")
    hand_in(city, folder, found, FILM, media_type="video/mp4", file_name="整改.mp4")
    developing.look(city, folder, now=MONDAY)
    city.commit()
    return found


@pytest.fixture
def key(city: Session, issue: int) -> int:
    return pieces(city, issue)[0].id or 0


@pytest.fixture
def shown(city: Session, client: httpx.AsyncClient, key: int) -> str:
    """Its address, for somebody who may see it."""
    log_in(city, client, VERIFIER)
    return f"/evidence/{key}"


async def test_the_whole_is_told_with_its_length_and_that_parts_can_be_had(client, shown) -> None:
    answer = await client.get(shown)

    assert (answer.status_code, len(answer.content)) == (200, len(FILM))
    headers = answer.headers
    assert (headers["content-type"], headers["accept-ranges"]) == ("video/mp4", "bytes")
    assert (headers["content-length"], headers["x-content-type-options"]) == (str(len(FILM)), "nosniff")
    assert "sandbox" in headers["content-security-policy"]
    assert headers["content-disposition"].startswith("inline;")
    assert b"104.7858" not in answer.content


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [
        ("bytes=0-", 0, len(FILM) - 1),
        ("bytes=0-0", 0, 0),
        ("bytes=10-19", 10, 19),
        ("bytes=500-999999", 500, len(FILM) - 1),
        ("bytes=-7", len(FILM) - 7, len(FILM) - 1),
        ("bytes=-999999", 0, len(FILM) - 1),
    ],
)
async def test_a_player_gets_the_part_that_it_asks_for(client, shown, asked: str, first: int, last: int) -> None:
    whole = (await client.get(shown)).content

    answer = await client.get(shown, headers={"Range": asked})

    assert (answer.status_code, answer.headers["content-range"]) == (206, f"bytes {first}-{last}/{len(FILM)}")
    assert answer.content == whole[first : last + 1]


@pytest.mark.parametrize("asked", [f"bytes={len(FILM)}-", "bytes=9-3", "bytes=-0"])
async def test_a_part_that_is_not_there_is_told(client, shown, asked: str) -> None:
    answer = await client.get(shown, headers={"Range": asked})
    assert (answer.status_code, answer.headers["content-range"]) == (416, f"bytes */{len(FILM)}")


@pytest.mark.parametrize("asked", ["bytes=", "bytes=-", "bytes=a-b", "bytes=0-1,5-6", "items=0-5", f"bytes=1-{10**30}"])
async def test_what_is_no_range_of_ours_gets_the_whole(client, shown, asked: str) -> None:
    assert (await client.get(shown, headers={"Range": asked})).status_code == 200


async def test_a_part_of_what_has_changed_is_the_whole(client, shown) -> None:
    tag = (await client.head(shown)).headers["etag"]
    asked = {"Range": "bytes=0-4"}
    assert (await client.get(shown, headers={**asked, "If-Range": tag})).status_code == 206
    assert (await client.get(shown, headers={**asked, "If-Range": '"other"'})).status_code == 200
    assert (await client.get(shown, headers={"If-None-Match": tag})).status_code == 304


async def test_the_head_alone_has_no_body(client, shown) -> None:
    answer = await client.head(shown)
    assert (answer.status_code, answer.content, answer.headers["content-length"]) == (200, b"", str(len(FILM)))


async def test_who_may_not_see_the_issue_gets_no_part(city, client, shown) -> None:
    as_person(city, client, INSPECTOR)
    outside = await client.get("/evidence/999999", headers={"Range": "bytes=0-1"})
    client.cookies.clear()
    nobody = await client.get(shown, headers={"Range": "bytes=0-1"})
    assert (outside.status_code, nobody.status_code) == (404, 303)


async def test_the_page_of_the_issue_plays_it(city, client, shown, issue) -> None:
    page = (await client.get(f"/issues/{number_of(city, issue)}")).text
    assert f'<video controls preload="metadata" playsinline src="{shown}#t=0.1"' in page
    assert 'width="640" height="480"' in page
    assert "<img" not in page.split("<video")[1].split("</figure>")[0]


async def send_part(client: httpx.AsyncClient, data: bytes, *, at: int) -> httpx.Response:
    kind = {"Content-Type": "application/offset+octet-stream", "Upload-Offset": str(at)}
    return await client.patch(f"/uploads/{KEY}", content=data, headers=kind)


async def test_a_large_video_comes_in_parts(city, client, tmp_path) -> None:
    log_in(city, client, HANDLER)
    data = mp4(data=bytes(LARGEST + 5))
    await client.post("/uploads", data={"size": str(len(data)), "name": "现场.mp4", "key": KEY})

    first = await send_part(client, data[:1_000_000], at=0)
    last = await send_part(client, data[1_000_000:], at=1_000_000)

    assert (first.headers["upload-complete"], last.headers["upload-complete"]) == ("?0", "?1")
    assert city.get_one(Upload, KEY).media_type == "video/mp4"
    assert not list((tmp_path / "uploads").glob("*.part"))


async def test_what_cannot_be_so_large_is_told_after_its_first_part(city, client) -> None:
    log_in(city, client, HANDLER)
    await client.post("/uploads", data={"size": str(LARGEST + 5), "name": "a.mp4", "key": KEY})

    answer = await send_part(client, photo(1)[:2000], at=0)

    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
    assert (await client.head(f"/uploads/{KEY}")).status_code == 404


@pytest.mark.parametrize(
    ("data", "status", "code", "words"),
    [
        (mp4(seconds=61), 422, "video_too_long", "61"),
        (mp4(coding=b"s263"), 422, "coding", "H.264"),
        (mp4(kind=b"soun"), 422, "no_picture", ""),
        (mp4()[:-5], 422, "broken", ""),
    ],
)
async def test_why_a_video_is_not_taken_is_told(city, client, data, status: int, code: str, words: str) -> None:
    log_in(city, client, HANDLER)
    await client.post("/uploads", data={"size": str(len(data)), "name": "a.mp4", "key": KEY})
    answer = await send_part(client, data, at=0)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert words in answer.json()["words"]


async def test_too_large_a_video_is_told_before_it_is_sent(city, client) -> None:
    log_in(city, client, HANDLER)
    answer = await client.post("/uploads", data={"size": str(100 * 2**20 + 1), "name": "a.mp4"})
    assert (answer.status_code, answer.json()["code"], "100 MB" in answer.json()["words"]) == (
        413,
        "video_too_large",
        True,
    )


async def test_a_form_hands_in_a_video_as_proof(city, client) -> None:
    _, address = there(city, state="rectifying")
    log_in(city, client, HANDLER)
    page = await client.get(address)

    answer = await send(client, address, "submit", files=[("整改.mov", mp4(brand=b"qt  "), "x/y")], result="已清理")

    assert "60 秒" in page.text
    assert answer.status_code == 303, answer.text
    (piece,) = city.exec(select(Evidence)).all()
    assert (piece.media_type, piece.kind, piece.file_name) == ("video/quicktime", "after", "整改.mov")


async def test_a_form_says_why_it_takes_no_such_video(city, client) -> None:
    _, address = there(city, state="rectifying")
    log_in(city, client, HANDLER)
    answer = await send(client, address, "submit", files=[("a.mp4", mp4(seconds=90), "video/mp4")], result="已清理")
    assert (answer.status_code, "90" in answer.text, "已清理" in answer.text) == (400, True, True)


async def test_a_report_by_plain_forms_keeps_a_video(city, client) -> None:
    log_in(city, client, INSPECTOR)
    answer = await client.post(
        "/report", data={"key": KEY, "go": "photos"}, files=[("photos", ("现场.webm", webm(), "video/webm"))]
    )
    page = (await client.get(answer.headers["location"])).text
    assert (answer.status_code, "现场.webm" in page) == (303, True)
    assert 'src="/uploads/' not in page


async def test_a_link_hands_in_a_video_and_shows_it_to_who_verifies(city, client, tmp_path) -> None:
    set_clock(city)
    issue = an_issue(city, state="rectifying")
    city.commit()
    path = link(city, tmp_path, "hand_in", issue)
    refused = await send_by_link(client, path, [("a.mp4", mp4(seconds=99), "video/mp4")], result="已清理")

    answer = await send_by_link(client, path, [("a.mp4", FILM, "video/mp4")], result="已清理")

    assert (refused.status_code, "99" in refused.text, answer.status_code) == (400, True, 200)
    developing.look(city, tmp_path / "evidence", now=MONDAY)
    city.commit()
    reading = link(city, tmp_path, "verify", issue, person=VERIFIER, post="5103:verifier", nonce="another-number")
    page = (await client.get(reading)).text
    key = pieces(city, issue)[0].id
    film = await client.get(f"{reading}/videos/{key}", headers={"Range": "bytes=4-7"})
    assert f'src="{reading}/videos/{key}#t=0.1"' in page
    assert (film.status_code, film.content, film.headers["content-type"]) == (206, b"ftyp", "video/mp4")


async def test_the_page_of_redaction_offers_to_withhold_a_video(city, client, shown, key) -> None:
    as_person(city, client, OFFICE)
    page = (await client.get(f"{shown}/redact")).text
    form = {**hidden(page), "reason": "有人脸"}

    empty = await client.post(f"{shown}/redact", data={**form, "reason": ""})
    done = await client.post(f"{shown}/redact", data=form)
    late = await client.post(f"{shown}/redact", data=form)

    assert [empty.status_code, done.status_code, late.status_code] == [400, 303, 409]
    assert city.exec(select(Withholding.reason)).all() == ["有人脸"]
    assert (await client.get(f"{shown}?size=plain")).status_code == 200
    as_person(city, client, VERIFIER)
    assert (await client.get(shown)).status_code == 404
    assert (await client.get(f"{shown}/redact")).status_code == 409


async def test_a_withheld_video_is_a_line_on_the_page_of_its_issue(city, client, shown, issue) -> None:
    as_person(city, client, OFFICE)
    form = hidden((await client.get(f"{shown}/redact")).text)
    await client.post(f"{shown}/redact", data={**form, "reason": "有人脸"})

    as_person(city, client, VERIFIER)
    page = (await client.get(f"/issues/{number_of(city, issue)}")).text

    assert ("<video" in page, "不公开" in page) == (False, True)


async def test_a_page_within_a_video_is_never_shown_as_a_page(city, client, tmp_path) -> None:
    script = b"<!doctype html><script>alert(1)</script>"
    _, address = there(city, state="rectifying")
    log_in(city, client, HANDLER)
    both = mp4(in_movie=[box(b"udta", script)], behind=[box(b"free", script)])

    await send(client, address, "submit", files=[("a.html", both, "text/html")], result="已清理")

    (piece,) = city.exec(select(Evidence)).all()
    answer = await client.get(f"/evidence/{piece.id}")
    assert (answer.headers["content-type"], script in answer.content) == ("video/mp4", False)
