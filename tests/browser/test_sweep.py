"""A same-fault sweep in a real browser: a leader looks and starts it, the handler fills a sheet on a phone."""

from selenium.webdriver.common.by import By
from selenium.webdriver.support import expected_conditions
from selenium.webdriver.support.wait import WebDriverWait
from sqlmodel import Session

from tests.browser.test_links import errors, screen
from tests.browser.test_work import as_person
from tests.browser.test_work import pytestmark as needs_chromium
from tests.browser.waiting import PATIENCE, wait_until_gone
from tests.cast import DIRECT, HANDLER, an_issue, read
from tests.services.same_fault.town import issue_at, more_points, points_of
from tests.web.link_desk import set_clock

pytestmark = needs_chromium


def test_from_one_issue_to_the_next_one_found_by_the_unit_itself(page, browser, session: Session):
    set_clock(session)
    more_points(session)
    number = read(session, an_issue(session, state="rectifying")).number
    session.commit()
    screen(browser, 390)
    as_person(browser, session, page, DIRECT)
    browser.get(f"{page}issues/{number}")
    tap(browser, "#sweeps a.btn")
    assert "3个点位" in browser.find_element(By.TAG_NAME, "main").text
    tap(browser, "form .btn-primary")
    assert "已交0/3张排查表" in browser.find_element(By.ID, "sweeps").text

    as_person(browser, session, page, HANDLER)
    sheets = dict(zip(points_of(session), (1, 2, 3), strict=True))
    browser.get(f"{page}audits/ZG-A-2026-0001/sheets/{sheets['P-0012']}")
    bring(browser, "input[value=not_met]").click()
    browser.find_element(By.ID, "note-01-01").send_keys("这里也没有公益广告")
    bring(browser, "form .btn-primary").click()
    sent = expected_conditions.text_to_be_present_in_element((By.ID, "news"), "已发送")
    WebDriverWait(browser, PATIENCE).until(sent)

    session.expire_all()
    born = issue_at(session, "P-0012")
    assert (born.source, born.description) == ("self_check", "这里也没有公益广告")
    browser.get(f"{page}issues/{number}")
    assert born.number in browser.find_element(By.ID, "sweeps").text
    assert errors(browser) == []


def bring(driver, selector: str):
    """An element, brought to where no bar covers it."""
    found = driver.find_element(By.CSS_SELECTOR, selector)
    driver.execute_script("arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})", found)
    return found


def tap(driver, selector: str) -> None:
    """Tap something and wait for the page that comes."""
    found = bring(driver, selector)
    found.click()
    wait_until_gone(driver, found)
