"""A problem is reported from a phone between two streets, with a network and without."""

import random
from datetime import UTC, datetime
from pathlib import Path

from PIL import Image
from sqlmodel import Session, col, select

from models.issue import Evidence, Issue
from runtime import clock
from services import sessions as log_ins
from tests.browser.report_desk import Phone, line, phone
from tests.browser.test_first_page import pytestmark as needs_chromium
from tests.cast import INSPECTOR, VERIFIER, an_issue, trail

pytestmark = needs_chromium
__all__ = ["line", "phone"]
TAKEN = "2026:11:20 09:30:00"


def shot(folder: Path, *, size=(2400, 1800), lat: float | None = None) -> Path:
    """A photo as a camera writes it, of noise, so that it is large; taken half past nine in the city."""
    path = folder / "IMG_0001.jpg"
    image = Image.frombytes("RGB", size, random.Random(7).randbytes(size[0] * size[1] * 3))
    notes = Image.Exif()
    notes.get_ifd(0x8769).update({0x9003: TAKEN, 0x9011: "+08:00"})
    if lat is not None:
        where = {1: "N", 2: (29, 21, (lat - 29 - 21 / 60) * 3600), 3: "E", 4: (104, 47, 8.88)}
        notes.get_ifd(0x8825).update(where)
    image.save(path, exif=notes, quality=80)
    return path


def fill_in(phone: Phone, photo: Path | None, words: str) -> None:
    """All three steps, but not sent."""
    phone.ready()
    if photo is not None:
        phone.one("#pick").send_keys(str(photo))
        phone.wait(lambda: phone.all("#shots li"))
    phone.wait(lambda: "P-0001" in phone.one("#place").text)
    phone.tap('[data-go="2"]')
    phone.tap("#rules button", saying="01-02")
    phone.wait(lambda: phone.one("#description").is_displayed())
    phone.one("#description").send_keys(words)


def issues(session: Session) -> list[Issue]:
    session.rollback()
    return list(session.exec(select(Issue).order_by(col(Issue.id))))


def test_a_report_is_sent_although_the_connection_breaks_in_the_middle_of_a_photo(phone, line, session, tmp_path):
    phone.open("/report")
    fill_in(phone, shot(tmp_path, lat=29.3514), "商户占道摆摊")
    line.cut_after = 700_000
    phone.tap("#send")
    phone.wait(lambda: "/report/done/" in phone.driver.current_url)

    (issue,) = issues(session)
    (photo,) = session.exec(select(Evidence)).all()
    assert (issue.point_code, issue.standard_code, issue.severity) == ("P-0001", "01-02", "S2")
    assert (round(photo.lat, 4), photo.taken_at) == (29.3514, datetime(2026, 11, 20, 1, 30, tzinfo=UTC))
    assert issue.number in phone.one("main").text
    begun = line.offsets()
    assert line.cut_after is None
    assert begun.count(0) == 1, "it goes on where it broke off"
    assert len(begun) > 5


def test_a_draft_made_without_a_network_is_sent_when_it_is_back_once(phone, line, session, tmp_path):
    phone.open("/report")
    phone.ready()
    phone.wait(phone.kept)
    phone.wait(lambda: phone.all("#places li"))
    line.shut()
    phone.driver.execute_cdp_cmd("Network.enable", {})
    nothing = {"offline": True, "latency": 0, "downloadThroughput": 0, "uploadThroughput": 0}
    phone.open("/report")
    assert phone.one(".offline-note").is_displayed()
    phone.driver.execute_cdp_cmd("Network.emulateNetworkConditions", nothing)
    fill_in(phone, shot(tmp_path, size=(800, 600)), "路面破损")
    phone.tap("#send")
    phone.wait(lambda: "路面破损" in phone.one("#drafts-step").text)
    assert phone.one("#alarm").text == "没有网络。草稿已保存在本机，恢复网络后再发送。"
    assert issues(session) == []

    line.is_open = True
    phone.driver.execute_cdp_cmd(
        "Network.emulateNetworkConditions",
        {**nothing, "offline": False, "downloadThroughput": -1, "uploadThroughput": -1},
    )
    phone.open("/report")
    phone.ready()
    phone.tap("#to-drafts")
    phone.tap("#send-all")
    phone.wait(lambda: phone.one("#news").text)

    (issue,) = issues(session)
    assert (issue.description, issue.point_code, phone.one("#news").text) == (
        "路面破损",
        "P-0001",
        f"已上报：{issue.number}",
    )
    assert len(session.exec(select(Evidence)).all()) == 1
    assert phone.one("#no-drafts").is_displayed()


def test_when_the_log_in_has_ended_the_draft_is_kept_and_sent_after_the_next_one(phone, session, tmp_path):
    phone.open("/report")
    fill_in(phone, shot(tmp_path, size=(400, 300)), "井盖松动")
    log_ins.end_all(session, INSPECTOR, why="test", now=clock.true_now(session))
    session.commit()
    phone.tap("#send")
    phone.wait(lambda: "/login" in (phone.one("#alarm a").get_attribute("href") if phone.all("#alarm a") else ""))
    assert issues(session) == []

    phone.log_in(session, INSPECTOR)
    phone.open("/report")
    phone.ready()
    assert phone.one("#description").get_attribute("value") == "井盖松动"
    phone.open("/report#3")
    phone.wait(lambda: phone.one("#send").is_displayed())
    phone.tap("#send")
    phone.wait(lambda: "/report/done/" in phone.driver.current_url)
    assert [issue.description for issue in issues(session)] == ["井盖松动"]


def test_the_sign_of_a_point_is_scanned(phone):
    """Chromium on a desk reads no codes: a reader is put in its place, which looks at the real film of the camera."""
    reader = (
        "window.BarcodeDetector = class { static async getSupportedFormats() { return ['qr_code']; }"
        " async detect(film) { return film.videoWidth ? [{rawValue: 'https://duban.example/p/P-0002'}] : []; } };"
    )
    phone.driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": reader})
    phone.open("/report")
    phone.ready()
    phone.tap("#scan")
    phone.wait(lambda: "五星街农贸市场" in phone.one("#place").text)
    assert not phone.one("#scanner").is_displayed()
    assert phone.errors() == []


def test_without_a_reader_of_codes_the_code_is_typed(phone):
    phone.open("/report")
    phone.ready()
    phone.tap("#scan")
    phone.wait(lambda: "请输入" in phone.one("#scan-note").text)
    phone.one("#code").send_keys("p-0002")
    phone.tap("#scan-take")
    phone.wait(lambda: "五星街农贸市场" in phone.one("#place").text)


def test_what_is_known_is_offered_and_the_photo_goes_there(phone, session, tmp_path):
    key = an_issue(session, standard="01-02")
    session.commit()
    phone.open("/report")
    fill_in(phone, shot(tmp_path, size=(400, 300)), "还在占道")
    phone.tap("#known button")
    phone.wait(lambda: "/report/done/" in phone.driver.current_url)
    assert len(issues(session)) == 1
    assert trail(session, key) == ["find", "attach", "comment"]


def test_a_full_device_says_so_and_loses_no_word(phone, tmp_path):
    phone.open("/report")
    phone.ready()
    phone.run("IDBObjectStore.prototype.put = () => { throw new DOMException('full', 'QuotaExceededError'); }")
    phone.one("#pick").send_keys(str(shot(tmp_path, size=(400, 300))))
    phone.wait(lambda: "存储空间不足" in phone.one("#alarm").text)
    assert phone.texts("#shots li") == []


def test_a_place_that_is_found_by_itself_hides_no_alarm(phone):
    phone.open("/report")
    phone.ready()
    phone.wait(lambda: "P-0001" in phone.one("#place").text)
    assert (
        phone.run(
            "Duban.told.alarm('存储空间不足');"
            "return Duban.where.here({lat: 29.3514, lng: 104.7858, exact: 5}, '')"
            ".then(() => Duban.draft.now.draft.place = null)"
            ".then(() => Duban.where.here({lat: 29.3514, lng: 104.7858, exact: 5}, ''))"
            ".then(() => document.getElementById('alarm').textContent)"
        )
        == "存储空间不足"
    )
    assert "P-0001" in phone.one("#place").text, "it chose the place meanwhile"


def test_drafts_of_somebody_else_are_not_shown(phone, session, tmp_path):
    phone.open("/report")
    fill_in(phone, None, "别人的草稿")
    phone.run("dispatchEvent(new Event('pagehide'))")
    phone.log_in(session, VERIFIER)
    phone.open("/report")
    phone.ready()
    phone.tap("#to-drafts")
    phone.wait(lambda: "另有他人草稿 1 份" in phone.one("#others").text)
    assert "别人的草稿" not in phone.one("main").text
    assert phone.one("#description").get_attribute("value") == ""


def test_all_of_it_works_in_a_browser_without_scripts(line, session, tmp_path):
    phone = Phone(f"http://127.0.0.1:{line.port}", scripts=False)
    try:
        phone.log_in(session, INSPECTOR)
        phone.open("/report?point=P-0001")
        phone.one("#photos").send_keys(str(shot(tmp_path, size=(400, 300), lat=29.3514)))
        phone.one('.plain button[value="next"]').click()
        phone.wait(lambda: phone.all('a[href*="standard=01-02"]'))[0].click()
        phone.wait(lambda: phone.all("#description"))[0].send_keys("商户占道")
        phone.one(".bar button").click()
        phone.wait(lambda: "/report/done/" in phone.driver.current_url)
        (issue,) = issues(session)
        assert issue.number in phone.one("main").text
    finally:
        phone.driver.quit()
    (photo,) = session.exec(select(Evidence)).all()
    assert (issue.standard_code, photo.file_name) == ("01-02", "IMG_0001.jpg")


def test_who_logs_out_leaves_no_shell_and_shows_no_draft_to_the_next(phone):
    """What stands beside the button to log out, on a page where a draft can be made first."""
    phone.open("/report")
    fill_in(phone, None, "还没发")
    phone.wait(phone.kept)
    phone.run("dispatchEvent(new Event('pagehide'))")
    phone.run(
        "document.querySelector('main').innerHTML = '<form method=post action=/logout><button>x</button></form>';"
        "document.body.append(Object.assign(document.createElement('script'), {src: '/static/report/leaving.js'}))"
    )
    phone.wait(lambda: phone.run("return performance.getEntriesByType('resource').some((e) => /leaving/.test(e.name))"))
    phone.tap("main button")
    phone.wait(lambda: "/login" in phone.driver.current_url)
    assert phone.driver.execute_async_script("caches.keys().then(arguments[0])") == []
    phone.open("/report/shell")
    phone.ready()
    assert phone.one("#description").get_attribute("value") == ""
    phone.tap("#to-drafts")
    phone.wait(lambda: "另有他人草稿 1 份" in phone.one("#others").text)
