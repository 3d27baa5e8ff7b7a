"""Working on a draft, on its page: wording, photos, approving, sending back, publishing, withdrawing, correcting."""

from pathlib import Path

from sqlalchemy import text

from tests.cast import OFFICE, PRINCIPAL, an_issue
from tests.services.bulletins.desk import HEADQUARTERS, MONDAY, approved, published
from tests.services.bulletins.test_files import closed_with_photos
from tests.web.bulletins.visits import kept, page, sent, state_of, status
from tests.web.visitor import log_in

NO_MORE = {"praised": "", "criticised": "", "requirements": ""}


async def test_the_office_words_it_the_headquarters_approves_the_office_publishes(town, client):
    row = kept(town)
    at = f"/bulletins/{row.id}"
    texts = {**NO_MORE, "lead": "本期情况", "requirements": "抓紧整改"}
    answer = await sent(town, client, f"{at}/edit", by=OFFICE, seen=row.content_sha256, **texts)
    assert (answer.status_code, answer.headers["location"]) == (303, at)
    town.refresh(row)
    seen = row.content_sha256
    assert (await sent(town, client, f"{at}/approve", by=HEADQUARTERS, seen=seen)).status_code == 303
    assert (await sent(town, client, f"{at}/publish", by=OFFICE, seen=seen)).status_code == 303
    assert state_of(town, row) == "published"
    assert "本期情况" in await page(town, client, at, by=PRINCIPAL)


async def test_what_was_typed_is_kept_when_somebody_else_was_faster(town, client):
    row = kept(town)
    old = row.content_sha256
    await sent(town, client, f"/bulletins/{row.id}/edit", by=OFFICE, seen=old, lead="先改的", **NO_MORE)
    answer = await sent(town, client, f"/bulletins/{row.id}/edit", by=OFFICE, seen=old, lead="后改的", **NO_MORE)
    assert answer.status_code == 409
    assert ("后改的" in answer.text, "先改的" in answer.text, "has changed meanwhile" in answer.text) == (True,) * 3
    town.refresh(row)
    assert f'value="{row.content_sha256}"' in answer.text


async def test_a_text_that_is_too_long_is_refused_and_kept(town, client):
    row = kept(town)
    given = {**NO_MORE, "lead": "长" * 2001}
    answer = await sent(town, client, f"/bulletins/{row.id}/edit", by=OFFICE, seen=row.content_sha256, **given)
    assert answer.status_code == 400
    assert "长" * 2001 in answer.text


async def test_whoever_worded_it_last_is_told_that_somebody_else_approves(town, client):
    row = kept(town)
    await sent(town, client, f"/bulletins/{row.id}/edit", by=OFFICE, seen=row.content_sha256, lead="改", **NO_MORE)
    town.refresh(row)
    answer = await sent(town, client, f"/bulletins/{row.id}/approve", by=OFFICE, seen=row.content_sha256)
    assert (answer.status_code, "Somebody else approves it" in answer.text) == (409, True)


async def test_a_double_tap_on_publish_is_harmless(town, client):
    row = kept(town, approved)
    taps = [await sent(town, client, f"/bulletins/{row.id}/publish", by=OFFICE, seen=row.content_sha256) for _ in "12"]
    assert [answer.status_code for answer in taps] == [303, 303]
    told = "SELECT count(*), count(DISTINCT key) FROM message WHERE kind = 'bulletin'"
    assert town.connection().execute(text(told)).one() == (6, 6)


async def test_sending_back_needs_a_reason_and_keeps_it_when_it_is_refused(town, client):
    row = kept(town, approved)
    at, seen = f"/bulletins/{row.id}/send-back", row.content_sha256
    answer = await sent(town, client, at, by=HEADQUARTERS, seen=seen)
    assert (answer.status_code, state_of(town, row)) == (400, "approved")
    stale = await sent(town, client, at, by=HEADQUARTERS, seen="old", why="照片不清")
    assert (stale.status_code, "照片不清</textarea>" in stale.text) == (409, True)
    assert (await sent(town, client, at, by=HEADQUARTERS, seen=seen, why="照片不清")).status_code == 303
    assert "照片不清" in await page(town, client, f"/bulletins/{row.id}")


async def test_withdrawn_it_is_gone_from_the_list(town, client):
    row = kept(town)
    given = {"seen": row.content_sha256, "why": "重复"}
    answer = await sent(town, client, f"/bulletins/{row.id}/withdraw", by=OFFICE, **given)
    assert (answer.status_code, answer.headers["location"]) == (303, "/bulletins")
    assert "no. 21" not in await page(town, client, "/bulletins")


async def test_counted_again_it_shows_how_things_stand(town, client):
    row = kept(town)
    an_issue(town, state="rectifying", now=MONDAY)
    town.commit()
    await sent(town, client, f"/bulletins/{row.id}/count", by=OFFICE, seen=row.content_sha256)
    town.refresh(row)
    assert row.content["total"]["due"] == 3


async def test_a_published_one_is_corrected_by_another_edition(town, client):
    kept(town, published)
    form = {"kind": "half_month", "area": "5103", "on": "2026-11-16", "corrects": "1"}
    answer = await sent(town, client, "/bulletins", by=OFFICE, **form)
    assert answer.headers["location"] == "/bulletins/2"
    assert "edition 2" in await page(town, client, "/bulletins/2")


async def test_photos_of_a_pair_are_for_all_readers_unless_they_are_left_out(town, client, tmp_path: Path):
    (tmp_path / "evidence").mkdir(exist_ok=True)
    closed_with_photos(town, tmp_path / "evidence")
    row = kept(town)
    at, key = f"/bulletins/{row.id}", row.content["pairs"][0]["before"]
    log_in(town, client, HEADQUARTERS)
    shown = await client.get(f"{at}/photos/{key}")
    assert (shown.status_code, shown.headers["content-type"]) == (200, "image/jpeg")
    for size in ("plain", "original"):
        assert (await client.get(f"{at}/photos/{key}?size={size}")).status_code == 404

    await sent(town, client, f"{at}/edit", by=OFFICE, seen=row.content_sha256, **row.content["texts"])

    town.refresh(row)
    assert row.content["pairs"][0]["shown"] is False
    await sent(town, client, f"{at}/approve", by=HEADQUARTERS, seen=row.content_sha256)
    await sent(town, client, f"{at}/publish", by=OFFICE, seen=row.content_sha256)
    assert await status(town, client, f"{at}/photos/{key}", by=PRINCIPAL) == 404
