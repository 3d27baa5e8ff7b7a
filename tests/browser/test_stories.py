"""Two stories as they happen, in a real browser: from a mail to the close-out, and from a draw to a new issue."""

import shutil
from collections.abc import Callable
from datetime import timedelta

import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.support.wait import WebDriverWait
from sqlmodel import Session, select

from models.audit import Sheet
from models.issue import Issue
from services import sweeps
from tests.browser.test_links import ASSIGNED, VERIFY, Post, errors, issue, post, press, screen
from tests.browser.test_work import as_person, photo
from tests.browser.waiting import PATIENCE, wait_until_gone
from tests.cast import INSPECTOR, MONDAY, OFFICE, messages, read, trail
from tests.web.link_desk import set_clock

__all__ = ["issue", "photo", "post"]
CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not (CHROMIUM and DRIVER), reason="needs chromium and chromedriver"),
]


def on_a_phone_of_their_own(driver: webdriver.Chrome, address: str) -> None:
    """Somebody opens a link on a phone that has never been here."""
    driver.delete_all_cookies()
    driver.get(address)
    assert driver.execute_script("return document.documentElement.scrollWidth") <= 390


def hand_in(driver: webdriver.Chrome, address: str, photo: str, words: str) -> str:
    on_a_phone_of_their_own(driver, address)
    driver.find_element(By.ID, "photos").send_keys(photo)
    driver.find_element(By.ID, "result").send_keys(words)
    return press(driver)


def judge(driver: webdriver.Chrome, address: str, verdict: str, note: str = "") -> str:
    on_a_phone_of_their_own(driver, address)
    driver.find_element(By.CSS_SELECTOR, f'input[value="{verdict}"]').click()
    driver.find_element(By.ID, "note").send_keys(note)
    return press(driver)


def test_from_a_mail_to_the_close_out_with_a_failed_check_between(
    post: Post, browser, session: Session, sessions, issue: int, photo: str
) -> None:
    screen(browser, 390)
    links = post.links_to(ASSIGNED)
    on_a_phone_of_their_own(browser, links["签收"])
    assert press(browser) == "已签收"
    assert hand_in(browser, links["提交整改"], photo, "已清理") == "已提交"
    post.deliver()
    assert judge(browser, post.links_to(VERIFY)["复核"], "fail", "角落里还有垃圾") == "复核结果已记录"
    assert (read(session, issue).state, read(session, issue).rework) == ("rectifying", 1)

    post.deliver()
    again = post.links_to(ASSIGNED)["提交整改"]
    on_a_phone_of_their_own(browser, again)
    assert "角落里还有垃圾" in browser.find_element(By.TAG_NAME, "main").text
    assert hand_in(browser, again, photo, "角落也清理了") == "已提交"
    post.deliver()
    assert judge(browser, post.links_to(VERIFY)["复核"], "pass") == "复核结果已记录"
    sweeps.tick(sessions, now=MONDAY + timedelta(hours=2))

    assert read(session, issue).state == "closed"
    did = [one for one in trail(session, issue) if not one.startswith(("find", "triage", "assign"))]
    assert did == ["sign_in", "submit", "fail", "submit", "pass", "close_out"]
    assert ("closed", INSPECTOR) in messages(session, issue)
    assert errors(browser) == []


def test_an_audit_is_started_its_sheet_filled_and_the_issue_seen(page: str, browser, session: Session, photo: str):
    set_clock(session)
    screen(browser, 1440)
    as_person(browser, session, page, OFFICE)
    follow(browser, browser.find_element(By.CSS_SELECTOR, "nav a[href='/audits']"))
    follow(browser, browser.find_element(By.CSS_SELECTOR, "main a[href='/audits/new']"))
    browser.find_element(By.CSS_SELECTOR, "#area option[value='5103']").click()
    points = browser.find_element(By.ID, "points")
    points.clear()
    points.send_keys("1")
    browser.find_element(By.CSS_SELECTOR, f"input[name=inspector][value={INSPECTOR}]").click()
    follow(browser, browser.find_element(By.CSS_SELECTOR, "main form .btn-primary"))
    round_, sheet = browser.current_url, session.exec(select(Sheet.id)).one()
    assert "0/1" in browser.find_element(By.CSS_SELECTOR, ".numbers").text

    screen(browser, 390)
    as_person(browser, session, page, INSPECTOR)
    follow(browser, browser.find_element(By.CSS_SELECTOR, f"main a[href$='/sheets/{sheet}']"))
    asked = browser.find_element(By.CSS_SELECTOR, "fieldset.asked")
    asked.find_element(By.CSS_SELECTOR, "input[value=not_met]").click()
    asked.find_element(By.TAG_NAME, "textarea").send_keys("占道经营")
    asked.find_element(By.CSS_SELECTOR, "input[type=file]").send_keys(photo)
    until(browser, lambda: asked.find_elements(By.CSS_SELECTOR, ".photo img"))
    record = browser.find_element(By.CSS_SELECTOR, "main form .btn-primary")
    browser.execute_script("arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})", record)
    record.click()
    until(browser, lambda: not browser.find_elements(By.CSS_SELECTOR, "fieldset[data-code].is-kept"))
    until(browser, lambda: "已发送" in browser.find_element(By.ID, "news").text)

    screen(browser, 1440)
    as_person(browser, session, page, OFFICE)
    browser.get(round_)
    number = session.exec(select(Issue.number)).one()
    born = browser.find_element(By.CSS_SELECTOR, ".born a")
    assert born.text == number
    follow(browser, born)
    assert "占道经营" in browser.find_element(By.TAG_NAME, "main").text
    assert errors(browser) == []


def until(driver: webdriver.Chrome, met: Callable[[], object]) -> None:
    WebDriverWait(driver, PATIENCE).until(lambda _: met())


def follow(driver: webdriver.Chrome, element) -> None:
    driver.execute_script("arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})", element)
    element.click()
    wait_until_gone(driver, element)
