"""Links of messages: what a look does (nothing), what a tap does (one thing, once), and what stale links say."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import text

from runtime.keys import change_key
from runtime.settings import Settings
from tests.cast import DIRECT, HANDLER, INSPECTOR, MONDAY, an_issue, read, trail
from tests.web.link_desk import link, send, set_clock, uses

SECRETS = ("ZG-2026", "垃圾桶满溢", "城市管理局", "何景行")


@pytest.fixture
def issue(city):
    """Assigned to D-CGJ; it is Monday, ten o'clock."""
    set_clock(city)
    key = an_issue(city, state="assigned")
    city.commit()
    return key


@pytest.fixture
def path(city, issue, tmp_path):
    return link(city, tmp_path, "sign_in", issue)


def says_nothing(page):
    return not any(secret in page for secret in SECRETS)


async def test_the_page_shows_the_issue_and_the_time_left(client, path):
    page = await client.get(path)

    assert page.status_code == 200
    assert all(secret in page.text for secret in SECRETS)
    assert "剩余" in page.text


async def test_the_page_says_by_when_to_sign_in_and_by_when_to_put_it_right(client, path):
    page = (await client.get(path)).text

    assert page.index("签收截止") < page.index("整改截止")


async def test_whoever_reported_it_is_shown_no_deadline_of_an_office(client, city, tmp_path):
    set_clock(city)
    key = an_issue(city, state="verified", source="hotline_12345")
    city.commit()
    given = {"person": INSPECTOR, "post": ""}
    seen = [await client.get(link(city, tmp_path, purpose, key, **given)) for purpose in ("confirm", "read")]

    assert [("销号截止" in page.text, page.status_code) for page in seen] == [(False, 200), (True, 200)]


async def test_scanners_that_follow_a_link_change_nothing(client, city, issue, path):
    before = trail(city, issue)

    for method in ("GET", "HEAD") * 5:
        assert (await client.request(method, path, headers={"Sec-Purpose": "prefetch"})).status_code == 200

    assert (trail(city, issue), uses(city)) == (before, [])


async def test_a_head_has_no_body(client, path):
    assert (await client.head(path)).content == b""


async def test_signing_in_by_a_link_is_done_as_its_person(client, city, issue, path):
    answer = await send(client, path)

    assert (answer.status_code, "已签收" in answer.text) == (200, True)
    assert (read(city, issue).state, read(city, issue).handler) == ("rectifying", HANDLER)
    assert uses(city) == ["sign_in"]


async def test_a_tap_too_many_on_the_same_page_is_told_the_same_again(client, city, issue, path):
    page = (await client.get(path)).text
    first, second = [await send(client, path, page=page) for _ in range(2)]

    assert (first.status_code, second.status_code) == (200, 200)
    assert first.text == second.text
    assert trail(city, issue).count("sign_in") == 1


async def test_two_taps_at_once_are_one_signature(client, city, issue, path):
    pages = [(await client.get(path)).text for _ in range(4)]

    answers = await asyncio.gather(*(send(client, path, page=page) for page in pages))

    assert sorted(answer.status_code for answer in answers) == [200, 410, 410, 410]
    assert (trail(city, issue).count("sign_in"), uses(city)) == (1, ["sign_in"])


async def test_a_used_link_says_that_it_is_done_and_nothing_else(client, path):
    await send(client, path)

    page = await client.get(path)

    assert (page.status_code, "已经办理" in page.text, says_nothing(page.text)) == (410, True, True)


async def test_an_expired_link_says_so(client, city, path):
    set_clock(city, MONDAY + timedelta(hours=73))

    page = await client.get(path)

    assert (page.status_code, "已过期" in page.text, says_nothing(page.text)) == (410, True, True)


async def test_an_expired_link_does_nothing(client, city, issue, path):
    page = (await client.get(path)).text
    set_clock(city, MONDAY + timedelta(hours=73))

    assert (await send(client, path, page=page)).status_code == 410
    assert (read(city, issue).state, uses(city)) == ("assigned", [])


@pytest.mark.parametrize("place", [3, 20, 60, -1, -20])
async def test_a_link_that_was_altered_is_none(client, path, place):
    at = place if place > 0 else len(path) + place
    forged = path[:at] + ("A" if path[at] != "A" else "Q") + path[at + 1 :]

    page = await client.get(forged)

    assert (page.status_code, says_nothing(page.text)) == (404, True)


@pytest.mark.parametrize("token", ["x", "x" * 9000, "é", "..%2F..", "WyJzaWduX2luIiwxXQ.AAAA"])
async def test_what_is_no_link_is_not_found(client, issue, token):
    assert (await client.get(f"/l/{token}")).status_code == 404


@pytest.mark.parametrize("other", [{"cycle": 0}, {"cycle": 2}, {"rework": 1}])
async def test_a_link_of_another_life_of_the_issue_is_superseded(client, city, issue, tmp_path, other):
    page = await client.get(link(city, tmp_path, "sign_in", issue, **other))

    assert (page.status_code, "已有新进展" in page.text, says_nothing(page.text)) == (409, True, True)


async def test_a_link_for_what_somebody_else_has_done_is_superseded(client, city, issue, tmp_path, path):
    other = link(city, tmp_path, "sign_in", issue, person=DIRECT, nonce="another", post="D-CGJ:direct_leader")
    page = (await client.get(path)).text
    await send(client, other)

    answer = await send(client, path, page=page)

    assert (answer.status_code, says_nothing(answer.text)) == (409, True)
    assert read(city, issue).handler == DIRECT


async def test_whoever_has_left_the_post_is_refused_kindly(client, city, issue, path):
    page = (await client.get(path)).text
    city.connection().execute(text("UPDATE tenure SET valid_to = '2026-11-01' WHERE person_code = 'R00006'"))
    city.commit()

    seen, answer = await client.get(path), await send(client, path, page=page)

    assert (seen.status_code, answer.status_code) == (409, 409)
    assert ("不再" in answer.text, says_nothing(answer.text)) == (True, True)
    assert (read(city, issue).state, uses(city)) == ("assigned", [])


async def test_proof_before_the_signature_is_told_to_sign_in_first(client, city, issue, tmp_path):
    page = await client.get(link(city, tmp_path, "hand_in", issue))

    assert (page.status_code, "先签收" in page.text, says_nothing(page.text)) == (409, True, True)


async def test_a_link_signed_with_the_key_before_still_works(client, path, tmp_path):
    change_key(Settings(home=tmp_path))

    assert (await client.get(path)).status_code == 200


async def test_a_key_changed_twice_ends_its_links(client, path, tmp_path):
    for _ in range(2):
        change_key(Settings(home=tmp_path))

    assert (await client.get(path)).status_code == 404


async def test_a_link_to_read_works_again_and_again_but_never_acts(client, city, issue, tmp_path):
    path = link(city, tmp_path, "read", issue)
    pages = [await client.get(path) for _ in range(3)]

    assert [page.status_code for page in pages] == [200, 200, 200]
    assert "<form" not in pages[0].text
    assert (await client.post(path, data={})).status_code == 405


async def test_a_link_to_read_ends_with_the_post(client, city, issue, tmp_path):
    path = link(city, tmp_path, "read", issue)
    city.connection().execute(text("UPDATE tenure SET valid_to = '2026-11-01' WHERE person_code = 'R00006'"))
    city.commit()

    assert (await client.get(path)).status_code == 409


async def test_a_failure_of_ours_leaves_the_link_unused(client, city, issue, path):
    page = (await client.get(path)).text
    city.connection().exec_driver_sql("ALTER TABLE issue_event RENAME TO gone")
    city.commit()
    failed = await send(client, path, page=page)
    city.connection().exec_driver_sql("ALTER TABLE gone RENAME TO issue_event")
    city.commit()

    again = await send(client, path, page=page)

    assert (failed.status_code, again.status_code) == (503, 200)
    assert trail(city, issue).count("sign_in") == 1
