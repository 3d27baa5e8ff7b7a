"""Links for those who look: pass or fail, content or not, and the photos that they are shown."""

import pytest

from tests.cast import HANDLER, VERIFIER, an_issue, read
from tests.web.link_desk import link, picture, send, set_clock


async def test_a_verifier_passes_by_a_link(client, city, tmp_path):
    set_clock(city)
    key = an_issue(city, state="rectified")
    city.commit()
    path = link(city, tmp_path, "verify", key, person=VERIFIER, post="5103:verifier")

    answer = await send(client, path, verdict="pass", note="已到现场")

    assert (answer.status_code, read(city, key).state, read(city, key).verified_by) == (200, "verified", VERIFIER)


async def test_a_verifier_who_fails_it_must_say_why_and_keeps_what_was_chosen(client, city, tmp_path):
    set_clock(city)
    key = an_issue(city, state="rectified")
    city.commit()
    path = link(city, tmp_path, "verify", key, person=VERIFIER, post="5103:verifier")

    first = await send(client, path, verdict="fail")
    second = await send(client, path, page=first.text, verdict="fail", note="仍有垃圾")

    assert (first.status_code, 'value="fail" checked' in first.text) == (400, True)
    assert (second.status_code, read(city, key).state, read(city, key).rework) == (200, "rectifying", 1)


async def test_the_handler_never_verifies_by_a_link_either(client, city, tmp_path):
    """Not even holding a verifier's post as well."""
    set_clock(city)
    key = an_issue(city, state="rectified")
    city.connection().exec_driver_sql(
        "INSERT INTO tenure (post_code, person_code, valid_from) VALUES ('5103:verifier', 'R00006', '2024-01-01')"
    )
    city.commit()

    page = await client.get(link(city, tmp_path, "verify", key, person=HANDLER, post="5103:verifier"))

    assert (page.status_code, "ZG-2026" in page.text) == (409, False)


@pytest.mark.parametrize(
    ("answer", "state"), [("satisfied", "verified"), ("dissatisfied", "rectifying")], ids=["content", "not content"]
)
async def test_who_reported_it_says_whether_it_is_put_right(client, city, tmp_path, answer, state):
    set_clock(city)
    key = an_issue(city, state="verified", source="hotline_12345")
    city.commit()
    path = link(city, tmp_path, "confirm", key, person=read(city, key).found_by, post="")

    said = await send(client, path, answer=answer, note="看过了")

    assert (said.status_code, read(city, key).state, read(city, key).satisfaction) == (200, state, answer)


async def test_the_handlers_photo_is_shown_to_the_verifier_for_as_long_as_the_link_holds(client, city, tmp_path):
    set_clock(city)
    key = an_issue(city, state="rectifying")
    city.commit()
    await send(client, link(city, tmp_path, "hand_in", key), [picture(size=(3000, 2000))], result="已清理")
    path = link(city, tmp_path, "verify", key, person=VERIFIER, post="5103:verifier", nonce="v")
    shown = (await client.get(path)).text.split('<img src="')[2].split('"')[0]

    photo = await client.get(shown)
    await send(client, path, verdict="pass")

    assert (photo.status_code, photo.headers["Content-Type"], len(photo.content) < 20_000) == (200, "image/jpeg", True)
    assert (await client.get(shown)).status_code == 404
