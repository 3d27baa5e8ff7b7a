"""Handing in proof and asking for more time by a link: hostile files, wrong input, and that nothing gets lost."""

import struct
import zlib

import pytest
from sqlmodel import select

from models.issue import Evidence, Request
from services.evidence import path_of
from tests.cast import an_issue, at, read, trail
from tests.web.link_desk import hidden, link, picture, send, set_clock, uses


@pytest.fixture
def issue(city):
    """Signed in; it is Monday, ten o'clock."""
    set_clock(city)
    key = an_issue(city, state="rectifying")
    city.commit()
    return key


@pytest.fixture
def path(city, issue, tmp_path):
    return link(city, tmp_path, "hand_in", issue)


def evidence(city):
    city.rollback()
    return city.exec(select(Evidence)).all()


def bomb(width, height):
    """A PNG of a few bytes that says it is enormous."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"\0" * 99)) + chunk(b"IEND", b"")


async def test_proof_with_two_photos_is_handed_in(client, city, issue, path, tmp_path):
    files = [picture("一.jpg"), picture("two.png", kind="PNG")]

    answer = await send(client, path, files, result="已清理", measure="每日巡查")

    row = read(city, issue)
    assert (answer.status_code, row.state, row.result, row.measure) == (200, "rectified", "已清理", "每日巡查")
    kept = [(one.file_name, one.media_type, one.kind, one.added_by) for one in evidence(city)]
    assert kept == [("一.jpg", "image/jpeg", "after", "R00006"), ("two.png", "image/png", "after", "R00006")]
    assert [path_of(tmp_path / "evidence", one.sha256).read_bytes() for one in evidence(city)] == [f[1] for f in files]


async def test_the_same_photo_twice_counts_once(client, city, issue, path):
    await send(client, path, [picture("a.jpg"), picture("b.jpg")], result="已清理")

    assert len(evidence(city)) == 1


async def test_without_a_photo_it_is_not_taken_and_the_words_stay(client, city, issue, path):
    answer = await send(client, path, result="已<清>理", measure="每日巡查")

    assert (answer.status_code, read(city, issue).state, uses(city)) == (400, "rectifying", [])
    assert "已&lt;清&gt;理</textarea>" in answer.text
    assert "每日巡查</textarea>" in answer.text


async def test_photos_that_arrived_need_not_be_sent_again(client, city, issue, path):
    first = await send(client, path, [picture("good.jpg"), ("bad.jpg", b"<html>", "image/jpeg")], result="已清理")

    second = await send(client, path, page=first.text, result="已清理")

    assert (first.status_code, "bad.jpg：" in first.text or "bad.jpg: " in first.text) == (400, True)
    assert (second.status_code, [one.file_name for one in evidence(city)]) == (200, ["good.jpg"])


async def test_a_photo_that_arrived_may_be_left_out(client, city, issue, path):
    first = await send(client, path, [picture("good.jpg"), picture("other.jpg", colour="red")], result="")
    drop = first.text.split('name="drop" value="')[1].split('"')[0]

    await send(client, path, page=first.text, result="已清理", drop=drop)

    assert [one.file_name for one in evidence(city)] == ["other.jpg"]


async def test_photos_of_another_link_cannot_be_claimed(client, city, issue, path, tmp_path):
    other = link(city, tmp_path, "hand_in", issue, nonce="another")
    foreign = hidden((await send(client, other, [picture()], result="")).text)["kept"]
    ours = (await client.get(path)).text

    answer = await client.post(path, data={**hidden(ours), "kept": foreign, "result": "已清理"})

    assert (answer.status_code, read(city, issue).state) == (400, "rectifying")


HOSTILE = {
    "a page": b"<html><script>alert(1)</script>",
    "a vector drawing": b'<svg xmlns="http://www.w3.org/2000/svg"/>',
    "only the first bytes of a photo": b"\xff\xd8\xff",
    "cut off in the middle": picture(size=(800, 600))[1][:900],
    "an enormous picture": bomb(60_000, 60_000),
    "a picture without its dots": bomb(400, 400),
    "a program": b"MZ" + b"\0" * 200,
    "nothing": b"",
    "another kind of picture": picture(kind="BMP")[1],
}


@pytest.mark.parametrize("what", HOSTILE)
async def test_a_file_that_is_no_whole_photo_is_not_kept(client, city, issue, path, tmp_path, what):
    answer = await send(client, path, [("after.jpg", HOSTILE[what], "image/jpeg")], result="已清理")

    assert (answer.status_code, "after.jpg" in answer.text) == (400, True)
    assert (read(city, issue).state, list((tmp_path / "evidence").glob("??/*"))) == ("rectifying", [])


async def test_a_photo_that_is_too_large_is_told_and_the_words_stay(client, city, issue, path):
    answer = await send(client, path, [("big.jpg", b"\xff" * (15 * 1024 * 1024 + 1), "image/jpeg")], result="已清理")

    assert (answer.status_code, "15 MB" in answer.text, "已清理</textarea>" in answer.text) == (400, True, True)


async def test_a_form_that_is_too_large_is_cut_off(client, path, monkeypatch):
    monkeypatch.setattr("web.link_guard.LARGEST_FORM", 10_000)
    page = (await client.get(path)).text

    announced = await send(client, path, [("x.jpg", b"x" * 20_000, "image/jpeg")], page=page)

    assert announced.status_code == 413


async def test_a_form_that_does_not_say_how_large_it_is_is_cut_off_too(client, path, monkeypatch):
    monkeypatch.setattr("web.link_guard.LARGEST_FORM", 10_000)
    sent = 0

    async def pieces():
        nonlocal sent
        yield b'--b\r\nContent-Disposition: form-data; name="photos"; filename="x.jpg"\r\n\r\n'
        for _ in range(1000):
            sent += 1
            yield b"x" * 1000

    kind = {"Content-Type": "multipart/form-data; boundary=b"}
    answer = await client.post(path, content=pieces(), headers=kind)

    assert (answer.status_code, sent < 20) == (413, True)


async def test_more_photos_than_fit_are_left_out_and_told(client, city, issue, path):
    many = [picture(f"{n}.jpg", size=(10 + n, 10)) for n in range(11)]

    answer = await send(client, path, many, result="已清理")

    assert (answer.status_code, answer.text.count('name="drop"'), "9" in answer.text) == (400, 9, True)


async def test_a_broken_form_is_a_sentence(client, path):
    kind = {"Content-Type": "multipart/form-data; boundary=b"}

    answer = await client.post(path, content=b"--b\r\nnonsense", headers=kind)

    assert answer.status_code == 400


@pytest.mark.parametrize("name", ["../../etc/passwd", "C:\\fake\\x.jpg", "x" * 500 + ".jpg", 'a"b<c>.jpg', ""])
async def test_a_files_name_is_only_a_name(client, city, issue, path, name):
    answer = await send(client, path, [(name, picture()[1], "image/jpeg")], result="已清理")

    assert answer.status_code == 200 if name else 400
    assert not any(sign in one.file_name for one in evidence(city) for sign in "/\\")


async def test_a_program_that_sends_forms_without_end_is_slowed_down(client, path):
    answers = [(await client.post(path, data={"result": "x"})).status_code for _ in range(25)]

    assert (answers[0], answers[-1]) == (400, 429)


async def test_control_characters_are_left_out(client, city, issue, path):
    await send(client, path, [picture()], result="已\x00清\x08理\r\n完")

    assert read(city, issue).result == "已清理\n完"


async def test_more_time_is_asked_for_by_a_link(client, city, issue, tmp_path):
    path = link(city, tmp_path, "more_time", issue)

    answer = await send(client, path, amount="1", reason="等待配件")

    asked = city.exec(select(Request)).one()
    assert (answer.status_code, asked.reason, asked.asked_by) == (200, "等待配件", "R00006")
    assert asked.facts == {"amount": "1 working_days"}


async def test_more_time_than_allowed_is_refused_and_the_words_stay(client, city, issue, tmp_path):
    path = link(city, tmp_path, "more_time", issue)

    answer = await send(client, path, amount="99", reason="等待配件")

    assert (answer.status_code, "等待配件</textarea>" in answer.text, 'value="99"' in answer.text) == (409, True, True)
    assert (trail(city, issue)[-1], uses(city)) == ("sign_in", [])


@pytest.mark.parametrize("amount", ["", "many", "-1", "0", "nan", "1e9", "1,0,0"])
async def test_an_amount_that_is_none_is_told_beside_its_field(client, city, issue, tmp_path, amount):
    path = link(city, tmp_path, "more_time", issue)

    answer = await send(client, path, amount=amount, reason="等待配件")

    assert (answer.status_code, 'id="wrong-amount"' in answer.text) == (400, True)


async def test_more_time_after_the_deadline_is_refused_in_words(client, city, issue, tmp_path):
    path = link(city, tmp_path, "more_time", issue, expires_at=at("2026-12-01 10:00"))
    set_clock(city, at("2026-11-20 10:00"))

    answer = await send(client, path, amount="1", reason="等待配件")

    assert (answer.status_code, "等待配件</textarea>" in answer.text) == (409, True)
