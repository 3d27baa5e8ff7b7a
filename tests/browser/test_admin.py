"""In a real browser: the city is administered on a phone, with and without scripts; pages that only a change shows."""

import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.select import Select
from selenium.webdriver.support.wait import WebDriverWait
from sqlmodel import Session, col, select

from models.unit import Tenure, Unit
from tests.browser.test_boards import AXE, RUN_AXE
from tests.browser.test_first_page import pytestmark as needs_chromium
from tests.browser.test_links import errors, screen
from tests.browser.test_work import as_person
from tests.browser.waiting import PATIENCE, wait_until_gone

pytestmark = needs_chromium
ADMINISTRATOR = "R00005"


def press(driver: webdriver.Chrome, selector: str) -> None:
    """Press a button that leads to another page, by keyboard: on a phone a bar may lie over it."""
    button = driver.find_element(By.CSS_SELECTOR, selector)
    button.send_keys(Keys.ENTER)
    wait_until_gone(driver, button)


def fill(driver: webdriver.Chrome, name: str, text: str) -> None:
    field = driver.find_element(By.NAME, name)
    field.clear()
    field.send_keys(text)


def day(driver: webdriver.Chrome, name: str, value: str) -> None:
    """A field for a day takes what the device's calendar gives."""
    driver.execute_script("document.getElementsByName(arguments[0])[0].value = arguments[1]", name, value)


def faults(driver: webdriver.Chrome) -> list[str]:
    """What assistive devices would stumble over, and whether it is wider than a phone."""
    driver.execute_script(AXE.read_text("utf-8"))
    wide = driver.execute_script("return document.documentElement.scrollWidth > innerWidth")
    return [*driver.execute_async_script(RUN_AXE), *(["too wide"] if wide else [])]


def test_a_post_is_handed_over_on_a_phone_without_scripts(page: str, session: Session, browser) -> None:
    as_person(browser, session, page, ADMINISTRATOR)
    screen(browser, 390)
    browser.get(f"{page}admin/post?code=D-CGJ:handler")
    day(browser, "first", "2026-12-01")  # before scripts are off: the driver fills it in with one
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    fill(browser, "person", "R00099")
    press(browser, "main .btn-primary")
    fill(browser, "why", "换届")
    press(browser, "button[value=apply]")
    assert browser.find_elements(By.CSS_SELECTOR, ".done[role=status]")
    held = session.exec(select(Tenure.person_code).where(col(Tenure.post_code) == "D-CGJ:handler")).all()
    assert sorted(held) == ["R00006", "R00099"]


def test_a_new_person_and_their_post_are_one_change(page: str, session: Session, browser) -> None:
    as_person(browser, session, page, ADMINISTRATOR)
    screen(browser, 390)
    browser.get(f"{page}admin/t/persons/row")
    fill(browser, "cell-code", "R00100")
    fill(browser, "cell-name", "郑新民")
    press(browser, "main form .btn-primary")
    Select(browser.find_element(By.NAME, "also-table")).select_by_value("tenures")
    press(browser, "button[value=also]")
    fill(browser, "cell-post_code", "D-SCJGJ:deputy_leader")
    fill(browser, "cell-person_code", "R00100")
    day(browser, "cell-valid_from", "2026-12-01")
    press(browser, "main form .btn-primary")
    assert faults(browser) == []
    fill(browser, "why", "新任")
    press(browser, "button[value=apply]")
    assert session.exec(select(Tenure).where(Tenure.person_code == "R00100")).one().valid_to is None
    assert errors(browser) == []


def test_codes_are_suggested_while_one_types(page: str, session: Session, browser) -> None:
    as_person(browser, session, page, ADMINISTRATOR)
    browser.get(f"{page}admin/t/tenures/row")
    browser.find_element(By.NAME, "cell-person_code").send_keys("吴闲")
    hints = "return [...document.querySelectorAll('#cell-person_code-list option')].map((one) => one.value)"
    WebDriverWait(browser, PATIENCE).until(lambda found: found.execute_script(hints) == ["R00099"])


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_pages_that_only_a_change_shows_are_for_everybody(page: str, session: Session, browser, theme: str) -> None:
    as_person(browser, session, page, ADMINISTRATOR)
    screen(browser, 390)
    browser.get(f"{page}admin/t/units/row?key=D-CGJ&theme={theme}")
    found = {"row": faults(browser)}
    fill(browser, "cell-name", "综合执法局")
    unit = session.get_one(Unit, "D-CGJ")
    unit.name = "别人改的局"
    session.commit()
    press(browser, "main form .btn-primary")
    found["conflict"] = faults(browser)
    browser.find_element(By.CSS_SELECTOR, "input[value=mine]").send_keys(Keys.SPACE)
    press(browser, "button[value=settle]")
    found["change"] = faults(browser)
    press(browser, "button[value='again:0']")
    fill(browser, "cell-area_code", "nowhere")
    press(browser, "main form .btn-primary")
    found["refused"] = faults(browser)
    browser.get(f"{page}admin/file?file=rules/severities.toml")
    browser.execute_script("document.getElementsByName('text')[0].value += '[['")
    press(browser, "main form .btn-primary")
    found["bad file"] = faults(browser)
    assert {name: wrong for name, wrong in found.items() if wrong} == {}
