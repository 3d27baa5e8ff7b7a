"""Logging in in a real browser: the demo's one tap, and the administrator's first log-in with both steps."""

import shutil
from datetime import timedelta

import pyotp
import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By
from sqlmodel import Session

from runtime import clock
from runtime.settings import PROJECT
from services import people
from services.accounts import others
from tests.browser.waiting import wait_until_gone

ADMINISTRATOR, PASSWORD = "R00005", "correct horse battery"
AXE = PROJECT / "node_modules" / "axe-core" / "axe.min.js"
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(
        not (shutil.which("chromium") and shutil.which("chromedriver")), reason="needs chromium and chromedriver"
    ),
]


def screen(driver: webdriver.Chrome, width: int) -> None:
    metrics = {"width": width, "height": 850, "deviceScaleFactor": 1, "mobile": width < 500}
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)


def press(driver: webdriver.Chrome, which: str) -> None:
    """Press a button and wait for the next page."""
    button = driver.find_element(By.CSS_SELECTOR, which)
    driver.execute_script("arguments[0].scrollIntoView({block: 'center'})", button)
    button.click()
    wait_until_gone(driver, button)


def type_in(driver: webdriver.Chrome, **fields: str) -> None:
    for name, text in fields.items():
        driver.find_element(By.NAME, name).send_keys(text)


def faults(driver: webdriver.Chrome) -> list[str]:
    """What axe finds."""
    driver.execute_script(AXE.read_text("utf-8"))
    look = "axe.run().then(found => arguments[0](found.violations.map(one => one.id + ' ' + one.nodes[0].html)))"
    found: list[str] = driver.execute_async_script(look)
    return found


@pytest.mark.parametrize("role", ["handler", "administrator"])
def test_one_tap_in_a_demo_city(page: str, browser: webdriver.Chrome, role: str) -> None:
    screen(browser, 390)
    browser.get(f"{page}login?role={role}&next=/me")
    press(browser, ".players .btn-primary")
    assert browser.current_url == f"{page}me"


def test_the_administrators_first_log_in_and_the_next(page: str, browser: webdriver.Chrome, session: Session) -> None:
    now = clock.true_now(session)
    token = others.invite(session, ADMINISTRATOR, by=people.actor(session, ADMINISTRATOR, now=now), now=now)
    session.commit()
    screen(browser, 390)

    browser.get(f"{page}login/key/{token}")
    press(browser, "main form button")
    press(browser, "form[action='/login/second/begin'] button")
    secret = browser.find_element(By.CSS_SELECTOR, "details code").get_attribute("textContent").replace(" ", "")
    app = pyotp.TOTP(secret)
    type_in(browser, code=app.at(clock.true_now(session)))
    press(browser, "form[action='/login/second'] button")
    assert len(browser.find_elements(By.CSS_SELECTOR, ".codes li")) == 10
    press(browser, "main a.btn-primary")
    type_in(browser, new=PASSWORD, again=PASSWORD)
    press(browser, "form[action='/me/password'] button")
    press(browser, "form[action='/logout'] button")
    assert browser.current_url == f"{page}login"

    type_in(browser, name=ADMINISTRATOR, password=PASSWORD)
    press(browser, "form[action='/login'] button")
    type_in(browser, code=app.at(clock.true_now(session) + timedelta(seconds=30)))
    press(browser, "form[action='/login/second'] button")
    browser.get(f"{page}accounts?lang=zh-CN")
    assert browser.find_element(By.TAG_NAME, "h1").text == "登录账号"


@pytest.mark.skipif(not AXE.is_file(), reason="needs npm's axe-core")
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_everybody_can_use_the_pages(page: str, browser: webdriver.Chrome, theme: str) -> None:
    screen(browser, 390)
    found = []
    browser.get(f"{page}login?theme={theme}&lang=zh-CN")
    found += faults(browser)
    browser.get(f"{page}login?role=administrator&next=/me")
    press(browser, ".players .btn-primary")
    for path in ("me", "me/password", "me/second", "me/contacts", "accounts", "accounts/R00006", ""):
        browser.get(f"{page}{path}")
        found += faults(browser)
        assert browser.execute_script("return document.documentElement.scrollWidth") <= 390
    assert found == []
