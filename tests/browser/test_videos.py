"""Videos in a real browser: one that it recorded is reported, kept without a network, shown and played."""

import base64
from pathlib import Path

import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.support.wait import WebDriverWait
from sqlmodel import Session, select

from models.evidence import Video
from models.issue import Evidence
from services import developing
from tests.browser.report_desk import Line, Phone, line, phone
from tests.browser.test_evidence import AXE, RUN_AXE, log_in, screen
from tests.browser.test_first_page import pytestmark as needs_chromium
from tests.cast import MONDAY, OFFICE, VERIFIER, an_issue
from tests.services.evidence.films import mp4
from tests.services.evidence.handed import hand_in, number_of, pieces
from tests.services.evidence.pictures import photo

pytestmark = needs_chromium
__all__ = ["line", "phone"]
RECORD = """
const [kind, ms] = arguments, done = arguments[arguments.length - 1];
const sheet = Object.assign(document.createElement("canvas"), {width: 320, height: 240}), pen = sheet.getContext("2d");
let n = 0;
const drawing = setInterval(() => {
  pen.fillStyle = `hsl(${n * 9}, 80%, 50%)`; pen.fillRect(0, 0, 320, 240);
  pen.fillStyle = "white"; pen.fillRect((n * 5) % 280, 100, 40, 40); n += 1;
}, 40);
const recorder = new MediaRecorder(sheet.captureStream(25), {mimeType: kind}), parts = [];
recorder.ondataavailable = (event) => parts.push(event.data);
recorder.onstop = () => {
  clearInterval(drawing);
  const reader = new FileReader();
  reader.onload = () => done(reader.result.split(",")[1]);
  reader.readAsDataURL(new Blob(parts));
};
recorder.start();
const began = performance.now();  // on a busy machine pictures come late: some more, then
const stopping = setInterval(() => {
  if (performance.now() - began < ms || n < ms / 50) return;
  clearInterval(stopping); recorder.stop();
}, 50);
"""
PLAY = """
const film = document.querySelector("video"), done = arguments[arguments.length - 1];
film.muted = true;
film.onerror = () => done([0, 0, film.error.message]);
const seen = () => { if (film.currentTime > 0.1) done([film.videoWidth, film.videoHeight, ""]); };
film.ontimeupdate = film.onended = seen;
film.play().catch((error) => done([0, 0, String(error)]));
"""


def recorded(driver: webdriver.Chrome, kind: str) -> bytes:
    """A second and a half of moving colours, as this browser records it."""
    driver.get("about:blank")
    return recorded_here(driver, kind, 1500)


def recorded_here(driver: webdriver.Chrome, kind: str, ms: int) -> bytes:
    """So long, without leaving the page."""
    driver.set_script_timeout(60)
    return base64.b64decode(driver.execute_async_script(RECORD, kind, ms))


def handed_in(session: Session, folder: Path, data: bytes, media_type: str) -> tuple[str, int]:
    """The number of an issue with this proof, and the proof."""
    folder.mkdir(exist_ok=True)
    issue = an_issue(session, state="rectifying")
    hand_in(session, folder, issue, data, media_type=media_type, file_name="整改后.mov")
    developing.look(session, folder, now=MONDAY)
    session.commit()
    return number_of(session, issue), pieces(session, issue)[0].id or 0


@pytest.mark.parametrize(
    ("kind", "media_type"),
    [
        ("video/webm;codecs=vp8", "video/webm"),
        ("video/webm;codecs=vp9", "video/webm"),
        ("video/mp4;codecs=avc1.42E01E", "video/mp4"),
        ("video/mp4;codecs=avc1.42E01E", "video/quicktime"),
    ],
)
def test_what_was_recorded_plays_on_the_page_of_its_issue(
    page: str, browser: webdriver.Chrome, session: Session, tmp_path: Path, kind: str, media_type: str
) -> None:
    data = recorded(browser, kind)
    if media_type == "video/quicktime":
        data = data[:8] + b"qt  " + data[12:]
    number, _ = handed_in(session, tmp_path / "evidence", data, media_type)
    log_in(browser, page, session, VERIFIER)
    browser.get(f"{page}issues/{number}")

    played = browser.execute_async_script(PLAY)

    assert played == [320, 240, ""]
    film = session.exec(select(Video)).one()
    assert (film.media_type, 100 < film.milliseconds < 30000) == (media_type, True)
    bad = [line["message"] for line in browser.get_log("browser") if line["level"] == "SEVERE"]
    assert [line for line in bad if "favicon.ico" not in line] == []  # asked for by the browser itself


def test_a_video_that_is_opened_by_itself_is_shown_too(
    page: str, browser: webdriver.Chrome, session: Session, tmp_path: Path
) -> None:
    data = recorded(browser, "video/webm;codecs=vp8")
    _, key = handed_in(session, tmp_path / "evidence", data, "video/webm")
    log_in(browser, page, session, VERIFIER)

    browser.get(f"{page}evidence/{key}")

    size = "const film = document.querySelector('video'); return film && film.videoWidth"
    WebDriverWait(browser, 20).until(lambda _: browser.execute_script(size) == 320)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1440])
def test_the_pages_with_videos_are_there_for_everybody(
    page: str, browser: webdriver.Chrome, session: Session, tmp_path: Path, width: int, theme: str
) -> None:
    number, key = handed_in(session, tmp_path / "evidence", mp4(), "video/mp4")
    screen(browser, width)
    log_in(browser, page, session, OFFICE)
    for address in (f"issues/{number}", f"evidence/{key}/redact"):
        browser.get(f"{page}{address}?theme={theme}&lang={'en' if theme == 'dark' else 'zh-CN'}")
        assert browser.find_element(By.CSS_SELECTOR, "video").size["width"] <= width
        browser.execute_script(AXE.read_text())
        found = browser.execute_async_script(RUN_AXE)
        assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found] == [], address
        assert browser.execute_script("return document.documentElement.scrollWidth") <= width, address


def pick(phone: Phone, path: Path, data: bytes) -> None:
    path.write_bytes(data)
    phone.one("#pick").send_keys(str(path))


def test_a_video_is_reported_from_a_phone_although_the_line_breaks(
    phone: Phone, line: Line, session: Session, tmp_path: Path
) -> None:
    data = recorded(phone.driver, "video/webm;codecs=vp9") + b"\xec\x01" + (700_000).to_bytes(7, "big") + bytes(700_000)
    phone.open("/report")
    phone.ready()
    pick(phone, tmp_path / "现场.webm", data)
    phone.wait(lambda: phone.all("#shots video"))
    phone.wait(lambda: "P-0001" in phone.one("#place").text)
    phone.open("/report")  # the browser of a phone may drop the page meanwhile
    phone.ready()
    phone.wait(lambda: phone.all("#shots video"))
    phone.tap('[data-go="2"]')
    phone.tap("#rules button", saying="01-02")
    phone.wait(lambda: phone.one("#description").is_displayed())
    phone.one("#description").send_keys("夜间噪声")
    line.cut_after = 400_000
    phone.tap("#send")
    phone.wait(lambda: "/report/done/" in phone.driver.current_url)

    session.rollback()
    (piece,) = session.exec(select(Evidence)).all()
    assert (piece.media_type, piece.size, line.cut_after) == ("video/webm", len(data), None)


def test_too_long_a_video_is_told_before_it_is_sent(phone: Phone, line: Line, tmp_path: Path) -> None:
    phone.open("/report")
    phone.ready()
    phone.run("document.getElementById('app').dataset.films = '100 1'")
    data = recorded_here(phone.driver, "video/mp4;codecs=avc1.42E01E", 2600)
    pick(phone, tmp_path / "长.mp4", data)
    phone.wait(lambda: phone.one("#alarm").text)

    assert phone.one("#alarm").text == "视频 长.mp4 过长：3 秒，最长 1 秒。请拍短一些。"
    assert phone.all("#shots li") == []


def test_photos_stay_photos_beside_videos(phone: Phone, tmp_path: Path) -> None:
    data = recorded(phone.driver, "video/webm;codecs=vp8")
    phone.open("/report")
    phone.ready()
    pick(phone, tmp_path / "a.jpg", photo(1))
    phone.wait(lambda: phone.all("#shots img"))
    pick(phone, tmp_path / "b.webm", data)
    phone.wait(lambda: phone.all("#shots video"))
    assert [len(phone.all(f"#shots {kind}")) for kind in ("img", "video")] == [1, 1]
