"""Evidence in a real browser: what was drawn over is unseen by others; every page is there for everybody."""

import shutil
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

import httpx
import pytest
from PIL import Image
from selenium import webdriver
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from sqlmodel import Session

from runtime import clock
from runtime.settings import PROJECT
from services import developing, evidence_flags, sessions
from services.sessions import Method
from tests.browser.waiting import wait_until_gone
from tests.cast import HANDLER, MONDAY, OFFICE, an_issue
from tests.services.evidence.handed import hand_in, pieces
from tests.services.evidence.pictures import photo
from web.login import COOKIE

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not shutil.which("chromedriver"), reason="needs chromium and chromedriver"),
]
AXE = PROJECT / "node_modules" / "axe-core" / "axe.min.js"
RUN_AXE = "const done = arguments[arguments.length - 1]; axe.run().then((found) => done(found.violations));"


@pytest.fixture
def key(page: str, session: Session, tmp_path: Path) -> int:
    """A photo that proves two issues; the second one's is flagged."""
    folder = tmp_path / "evidence"
    folder.mkdir(exist_ok=True)
    for _ in range(2):
        issue = an_issue(session, state="rectifying")
        hand_in(session, folder, issue, photo(1, lat=30.1, lng=104.2))
    developing.look(session, folder, now=MONDAY)
    session.commit()
    return pieces(session, issue)[0].id or 0


def token(session: Session, person: str) -> str:
    opened = sessions.open_session(session, person, method=Method.DEMO, device="t", now=clock.true_now(session))
    session.commit()
    return opened


def log_in(driver: webdriver.Chrome, page: str, session: Session, person: str) -> None:
    driver.get(f"{page}healthz")
    driver.add_cookie({"name": COOKIE, "value": token(session, person)})
    driver.get_log("browser")  # that page is not under test


def screen(driver: webdriver.Chrome, width: int) -> None:
    metrics = {"width": width, "height": 850, "deviceScaleFactor": 1, "mobile": width < 500}
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)


def seen_by_the_handler(page: str, session: Session, key: int) -> Image.Image:
    cookies = {COOKIE: token(session, HANDLER)}
    return Image.open(BytesIO(httpx.get(f"{page}evidence/{key}", cookies=cookies, trust_env=False).content))


def brightest(image: Image.Image, box: tuple[int, int, int, int]) -> int:
    return max(high for _low, high in image.crop(box).getextrema())


def test_what_is_drawn_over_is_unseen_by_others(page: str, browser, session: Session, key: int) -> None:
    screen(browser, 1440)
    log_in(browser, page, session, OFFICE)
    browser.get(f"{page}evidence/{key}/redact")
    canvas = browser.find_element(By.CSS_SELECTOR, ".canvas svg")
    across, down = canvas.size["width"], canvas.size["height"]
    assert down <= 0.75 * 850
    drag = ActionChains(browser).move_to_element_with_offset(canvas, -across // 4, -down // 4)
    drag.click_and_hold().move_by_offset(across // 2, down // 2).release().perform()
    area = browser.find_element(By.CSS_SELECTOR, ".canvas rect")
    browser.execute_script("arguments[0].focus()", area)
    for stroke in (Keys.ARROW_LEFT, Keys.ARROW_LEFT, Keys.SHIFT + Keys.ARROW_RIGHT):
        browser.switch_to.active_element.send_keys(stroke)
    typed = [browser.find_element(By.NAME, f"{side}-0").get_attribute("value") for side in ("left", "top", "width")]
    button = browser.find_element(By.CSS_SELECTOR, "main form button[type=submit]")
    browser.execute_script("arguments[0].click()", button)
    wait_until_gone(browser, button)

    assert [float(one) for one in typed] == pytest.approx([23, 25, 51], abs=0.6)
    shown = seen_by_the_handler(page, session, key)
    assert brightest(shown, (160, 130, 460, 350)) <= 40
    assert brightest(shown, (0, 0, 130, 100)) > 40
    assert [
        line for line in browser.get_log("browser") if line["level"] == "SEVERE" and "favicon" not in line["message"]
    ] == []


def addresses(session: Session, key: int) -> Sequence[str]:
    flags = evidence_flags.flags_of(session, 2)
    return [f"evidence/{key}/redact", "evidence/flags", *(f"evidence/flags/{flag.id}" for flag in flags[:1])]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 800, 1440])
def test_the_pages_are_there_for_everybody(
    page: str,
    browser,
    session: Session,
    key: int,
    theme: str,
    width: int,
) -> None:
    screen(browser, width)
    log_in(browser, page, session, OFFICE)
    for address in addresses(session, key):
        browser.get(f"{page}{address}?theme={theme}&lang={'en' if theme == 'dark' else 'zh-CN'}")
        assert browser.find_elements(By.CSS_SELECTOR, ".ways"), address
        browser.execute_script(AXE.read_text())
        found = browser.execute_async_script(RUN_AXE)
        assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found] == [], address
        assert browser.execute_script("return document.documentElement.scrollWidth") <= width, address
