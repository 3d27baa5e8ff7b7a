"""What containers of videos say, and what hostile ones may not do."""

from datetime import UTC, datetime
from io import BytesIO

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from services import videos
from services.photo_notes import Claim
from services.photos import Fault, Unusable
from services.video_facts import Film, Source, patched
from services.videos import Limits
from tests.services.evidence.films import apple_notes, box, element, fragmented, full, mp4, webm, words
from tests.services.evidence.pictures import HEIC

AT = datetime(2026, 11, 2, 1, 30, tzinfo=UTC)
SECONDS = int(AT.timestamp())
PAGE = b"<!doctype html><script>alert(document.cookie)</script>"


def read(data: bytes) -> Film:
    return videos.read(Source(BytesIO(data)))


def shown(data: bytes) -> bytes:
    return patched(data, 0, read(data).patches)


def fault_of(data: bytes, limits: Limits | None = None) -> Fault:
    with pytest.raises(Unusable) as refused:
        videos.look_at(BytesIO(data), limits=limits or Limits())
    return refused.value.fault


def test_a_phone_says_how_long_how_large_when_and_where() -> None:
    film = read(mp4(seconds=7.5, taken=SECONDS, place="+29.3514+104.7858/", turned=True))

    assert (film.media_type, film.milliseconds, film.width, film.height) == ("video/mp4", 7500, 480, 640)
    assert (film.coding, film.claim) == ("avc1", Claim(AT, 29.3514, 104.7858))


def test_an_iphone_says_it_in_keys_of_its_own_with_the_zone() -> None:
    notes = apple_notes(creationdate="2026-11-02T09:30:00+0800", location_ISO6709="+29.3514+104.7858+301.2/")

    film = read(mp4(brand=b"qt  ", coding=b"hvc1", taken=SECONDS + 28_800, in_movie=[notes]))

    assert (film.media_type, film.coding) == ("video/quicktime", "hvc1")
    assert film.claim == Claim(AT, 29.3514, 104.7858)


def test_what_a_browser_records_is_as_long_as_its_last_part_says() -> None:
    assert read(fragmented(1000, 2500)).milliseconds == 3500
    assert read(webm(seconds=4.2, said=False)).milliseconds == 4200


def test_a_webm_says_how_long_how_large_and_when() -> None:
    film = read(webm(seconds=3.5, taken=SECONDS))

    assert (film.media_type, film.milliseconds, film.width, film.height) == ("video/webm", 3500, 640, 480)
    assert (film.coding, film.claim.taken_at) == ("V_VP9", AT)


def test_who_says_two_lengths_is_taken_at_the_longer_one() -> None:
    lying = mp4(seconds=1).replace(words(0, 0, 1000, 1000, 0), words(0, 0, 1000, 900_000, 0))
    assert read(lying).milliseconds == 900_000


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (mp4(kind=b"soun"), Fault.NO_PICTURE),
        (mp4(coding=b"s263"), Fault.CODING),
        (mp4(coding=b"encv"), Fault.CODING),
        (webm(coding=b"V_MPEG2"), Fault.CODING),
        (webm(kind=b"doc"), Fault.BROKEN),
        (mp4(seconds=0), Fault.NO_LENGTH),
        (mp4(seconds=61), Fault.VIDEO_LONG),
        (webm(seconds=61, said=False), Fault.VIDEO_LONG),
        (mp4(data=b"\0" * 2_000_000), Fault.VIDEO_LARGE),
        (mp4()[:-10], Fault.BROKEN),
        (webm()[:-10], Fault.BROKEN),
        (mp4().replace(b"mdat", b"free"), Fault.BROKEN),
        (mp4() + mp4(), Fault.BROKEN),
        (box(b"ftyp", b"mp42", PAGE * 40) + mp4()[16:], Fault.BROKEN),
        (b"\0\0\0\1ftypmp42" + b"\xff" * 8, Fault.BROKEN),
        (b"\x1a\x45\xdf\xa3", Fault.BROKEN),
    ],
)
def test_what_cannot_be_taken_is_refused_with_why(data: bytes, fault: Fault) -> None:
    assert fault_of(data, Limits(video_megabytes=1)) is fault


def test_a_city_that_takes_none_says_so() -> None:
    assert fault_of(mp4(), Limits(video_megabytes=0)) is Fault.NO_VIDEOS


def test_the_limit_is_told() -> None:
    with pytest.raises(Unusable) as refused:
        videos.look_at(BytesIO(mp4(seconds=61.2)), limits=Limits())
    assert refused.value.facts == {"most": 60, "found": 62}


def test_photos_in_the_same_kind_of_boxes_are_no_videos() -> None:
    assert not videos.is_video(HEIC.read_bytes()[: videos.HEAD])
    assert videos.is_video(mp4()[: videos.HEAD])
    assert videos.is_video(webm()[: videos.HEAD])


def test_nobody_is_shown_the_notes_of_the_camera_or_what_is_no_part_of_the_video() -> None:
    secret = b"owner: somebody"
    data = mp4(
        place="+29.3514+104.7858/",
        in_movie=[box(b"meta", secret), box(b"uuid", secret)],
        behind=[box(b"free", PAGE), words(1) + b"uuid" + (16 + len(PAGE)).to_bytes(8, "big") + PAGE],
    )

    left = shown(data)

    assert len(left) == len(data)
    assert not [one for one in (secret, PAGE, b"+29.3514") if one in left]
    assert read(left) == Film("video/mp4", 5000, 640, 480, "avc1", Claim(), read(left).patches)


def test_nor_those_of_a_webm() -> None:
    tags = [element(0x1254C367, PAGE), element(0x1941A469, PAGE), element(0xEC, PAGE)]
    data = webm(more=tags) + PAGE

    left = shown(data)

    assert (len(left), PAGE in left) == (len(data), False)
    assert read(left).milliseconds == 5000


def test_a_part_is_patched_as_the_whole_is() -> None:
    data = mp4(place="+29.3514+104.7858/", behind=[box(b"free", PAGE)])
    patches, whole = read(data).patches, shown(data)

    parts = [patched(data[at : at + 7], at, patches) for at in range(0, len(data), 7)]

    assert b"".join(parts) == whole


@pytest.mark.parametrize(
    "loop",
    [
        b"".join(box(b"free") for _ in range(50_000)),
        box(b"moov", *(box(b"udta") for _ in range(20_000))),
        b"".join(full(b"moof", box(b"traf")) for _ in range(60_000)),
    ],
)
def test_a_file_of_a_great_many_boxes_is_given_up(loop: bytes) -> None:
    assert fault_of(mp4() + loop) is Fault.BROKEN
    assert fault_of(webm(more=[element(0xEC) for _ in range(2000)])) is Fault.BROKEN


NUMBERS = st.integers(0, 2**16)
SEEDS = (mp4(taken=SECONDS, place="+29+104/", in_movie=[apple_notes(creationdate="x")]), fragmented(5, 5), webm())


@given(st.sampled_from([*SEEDS, webm(said=False)]), st.lists(st.tuples(NUMBERS, st.binary(max_size=9)), max_size=6))
@example(b"\0\0\0\x08ftyp" + b"\0" * 8, [])
@example(mp4(), [(20, b"\xff\xff\xff\xff")])
def test_whatever_the_bytes_say_it_is_a_film_or_refused(seed: bytes, changes: list[tuple[int, bytes]]) -> None:
    data = bytearray(seed)
    for at, given_ in changes:
        place = at % len(data)
        data[place : place + len(given_)] = given_
    try:
        film = read(bytes(data))
    except Unusable:
        return
    assert film.milliseconds > 0
    assert len(shown(bytes(data))) == len(data)


@given(st.binary(max_size=400), st.sampled_from([b"\0\0\0\x10ftypmp42\0\0\0\0", b"\x1a\x45\xdf\xa3", b""]))
def test_random_bytes_are_refused(noise: bytes, head: bytes) -> None:
    assert fault_of(head + noise)
