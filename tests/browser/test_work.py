"""From the desk to the verdict in a real browser: an officer on a phone, a verifier on a desk. And without scripts."""

import shutil

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from sqlmodel import Session

from runtime import clock
from services import sessions
from services.sessions import Method
from tests.browser.test_links import errors, screen
from tests.browser.waiting import wait_until_gone
from tests.cast import DISTRICT_VERIFIER, HANDLER, an_issue, read
from tests.web.link_desk import picture, set_clock
from web.login import COOKIE

CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not (CHROMIUM and DRIVER), reason="needs chromium and chromedriver"),
]
TOUCHED = "main button, main summary, main .btn"


@pytest.fixture
def photo(tmp_path):
    path = tmp_path / "after.jpg"
    path.write_bytes(picture(size=(800, 600))[1])
    return str(path)


def as_person(driver, session: Session, page: str, person: str) -> None:
    """From now on the browser is that person's."""
    token = sessions.open_session(session, person, method=Method.DEMO, device="test", now=clock.true_now(session))
    session.commit()
    driver.get(page)
    driver.delete_all_cookies()
    driver.add_cookie({"name": COOKIE, "value": token, "path": "/"})
    driver.get(f"{page}desk?lang=zh-CN")


def press(driver, selector: str) -> str:
    """Press a button and wait for the page that comes; returns what it says was done."""
    button = driver.find_element(By.CSS_SELECTOR, selector)
    driver.execute_script("arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})", button)
    button.click()
    wait_until_gone(driver, button)
    return driver.find_element(By.CSS_SELECTOR, "[role=status], [role=alert]").text


def test_signed_in_handed_in_failed_redone_and_passed(page, browser, session, photo):
    set_clock(session)
    key = an_issue(session, state="assigned")
    session.commit()
    screen(browser, 390)
    as_person(browser, session, page, HANDLER)

    assert "已签收" in press(browser, "form[action$='/do/sign_in'] button")
    assert "已提交" in _hand_in(browser, photo, "已清理")
    as_person(browser, session, page, DISTRICT_VERIFIER)
    browser.find_element(By.XPATH, "//summary[text()='复核不通过']").click()
    browser.find_element(By.CSS_SELECTOR, "form[action$='/do/fail'] textarea").send_keys("角落里还有垃圾")
    assert "返工" in press(browser, "form[action$='/do/fail'] button")
    as_person(browser, session, page, HANDLER)
    assert "角落里还有垃圾" in browser.find_element(By.TAG_NAME, "main").text
    assert "已提交" in _hand_in(browser, photo, "角落也清理了")
    screen(browser, 1440)
    as_person(browser, session, page, DISTRICT_VERIFIER)
    assert "复核通过" in press(browser, "form[action$='/do/pass'] button")

    assert (read(session, key).state, read(session, key).rework) == ("verified", 1)
    assert errors(browser) == []


def _hand_in(driver, photo: str, result: str) -> str:
    driver.find_element(By.XPATH, "//summary[text()='提交整改']").click()
    form = driver.find_element(By.CSS_SELECTOR, "form[action$='/do/submit']")
    form.find_element(By.NAME, "photos").send_keys(photo)
    form.find_element(By.NAME, "result").send_keys(result)
    return press(driver, "form[action$='/do/submit'] button")


def test_photos_are_compared_with_a_slider_by_keyboard(page, browser, session, photo):
    set_clock(session)
    before = {"kind": "before", "sha256": "ab" * 32, "media_type": "image/jpeg"}
    key = an_issue(session, state="rectifying", evidence=(before,))
    session.commit()
    as_person(browser, session, page, HANDLER)
    browser.get(f"{page}issues/{read(session, key).number}?do=submit")
    form = browser.find_element(By.CSS_SELECTOR, "form[action$='/do/submit']")
    form.find_element(By.NAME, "photos").send_keys(photo)
    form.find_element(By.NAME, "result").send_keys("已清理")
    press(browser, "form[action$='/do/submit'] button")

    browser.find_element(By.CSS_SELECTOR, ".sides.both input[type=range]").send_keys(Keys.END)

    cut = "return getComputedStyle(document.querySelector('.sides')).getPropertyValue('--cut')"
    assert browser.execute_script(cut) == "100%"


@pytest.mark.parametrize(("lang", "width"), [("zh-CN", 390), ("en", 1440)])
def test_the_pages_fit_their_screen_and_can_be_touched(page, browser, session, lang, width):
    set_clock(session)
    key = an_issue(session, state="rectifying")
    session.commit()
    screen(browser, width)
    as_person(browser, session, page, HANDLER)
    for address in ("desk", f"issues/{read(session, key).number}"):
        browser.get(f"{page}{address}?lang={lang}")
        browser.execute_script("for (const one of document.querySelectorAll('details')) one.open = true")
        assert browser.execute_script("return document.documentElement.scrollWidth") <= width
        small = f"return [...document.querySelectorAll('{TOUCHED}')].filter(one => one.offsetHeight < 44).length"
        assert browser.execute_script(small) == 0
    assert errors(browser) == []


def test_everything_works_without_scripts(page, session):
    set_clock(session)
    key = an_issue(session, state="assigned")
    session.commit()
    driver = _without_scripts()
    try:
        as_person(driver, session, page, HANDLER)
        assert "已签收" in press(driver, "form[action$='/do/sign_in'] button")
        driver.get(f"{page}issues/{read(session, key).number}?do=ask_extension")
        form = driver.find_element(By.CSS_SELECTOR, "form[action$='/do/ask_extension']")
        form.find_element(By.NAME, "amount").send_keys("2")
        form.find_element(By.NAME, "reason").send_keys("连日下雨")
        assert "已申请延期" in press(driver, "form[action$='/do/ask_extension'] button")
    finally:
        driver.quit()


def _without_scripts() -> webdriver.Chrome:
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM or ""
    for argument in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"):
        options.add_argument(argument)
    options.add_experimental_option("prefs", {"profile.managed_default_content_settings.javascript": 2})
    return webdriver.Chrome(options=options, service=Service(DRIVER))
