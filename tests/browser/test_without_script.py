"""All that needs no camera and no map, in a browser that runs no scripts: forms, filters, files."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.select import Select
from sqlmodel import Session, select

from models.api import ApiToken
from models.audit import Round
from models.issue import Issue
from models.view import SavedView
from tests.browser.conftest import CHROMIUM, DRIVER
from tests.browser.test_every_page import ADDRESSES, PAGES, WIDTH
from tests.browser.test_first_page import pytestmark as needs_chromium
from tests.browser.town_to_walk import furnish, secret_of
from tests.browser.waiting import wait_until_gone
from tests.cast import HANDLER, INSPECTOR, OFFICE, VERIFIER, an_issue, read
from tests.web.accounts.browser import PASSWORD, give_password
from tests.web.link_desk import picture, set_clock
from web.login import COOKIE

pytestmark = needs_chromium
STILL = "--force-prefers-reduced-motion"
DEAD = """const found = [], every = (selector) => [...document.querySelectorAll(selector)];
  const all = (selector) => every(selector).filter((one) => !one.closest('.app'));
  const seen = (one) => one.checkVisibility({visibilityProperty: true});
  for (const one of every('details')) one.open = true;
  for (const one of all('button[type=button], a:not([href]), a[href="#"], [role=button], dialog, video, canvas'))
    if (seen(one)) found.push('does nothing: ' + one.outerHTML.slice(0, 140));
  for (const form of all('form').filter((one) => one.elements.length)) {
    if (![...form.elements].some((one) => one.type === 'submit' && seen(one)))
      found.push('cannot be sent: ' + form.outerHTML.slice(0, 140));
    for (const one of form.elements)
      if (one.required && !seen(one)) found.push('cannot be filled in: ' + one.outerHTML.slice(0, 140));
  }
  if (every('.app').some(seen)) found.push('what only scripts bring to life is shown');
  return found"""
"""Buttons, links and forms that would do nothing. A chart over its table, or the map beside its list, is not shown."""


@dataclass(frozen=True)
class Plain:
    """A phone whose browser runs no scripts."""

    driver: webdriver.Chrome
    session: Session
    root: str

    def become(self, person: str) -> None:
        self.driver.get(f"{self.root}login")
        self.driver.delete_all_cookies()
        if person:
            self.driver.add_cookie({"name": COOKIE, "value": secret_of(self.session, person), "path": "/"})

    def open(self, path: str) -> None:
        joint = "&" if "?" in path else "?"
        self.driver.get(f"{self.root}{path[1:]}{joint}lang=zh-CN")

    def one(self, selector: str) -> WebElement:
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def unfold(self, words: str) -> None:
        self.driver.find_element(By.XPATH, f"//summary[contains(., '{words}')]").click()

    def type(self, selector: str, words: str) -> None:
        field = self.one(selector)
        if field.get_attribute("type") != "file":
            field.clear()
        field.send_keys(words)

    def tap(self, selector: str) -> WebElement:
        """In the middle of the screen: as a thumb would, not under the bar."""
        found = self.one(selector)
        self.driver.execute_script("arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})", found)
        found.click()
        return found

    def press(self, selector: str) -> str:
        """What the next page says was done, or what is wrong."""
        wait_until_gone(self.driver, self.tap(selector))
        return " ".join(one.text for one in self.driver.find_elements(By.CSS_SELECTOR, "[role=status], [role=alert]"))


@pytest.fixture(scope="module")
def scriptless() -> Iterator[webdriver.Chrome]:
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM or ""
    for argument in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", STILL):
        options.add_argument(argument)
    options.add_experimental_option("prefs", {"profile.managed_default_content_settings.javascript": 2})
    driver = webdriver.Chrome(options=options, service=Service(DRIVER))
    yield driver
    driver.quit()


@pytest.fixture
def phone(page: str, scriptless: webdriver.Chrome, session: Session) -> Plain:
    set_clock(session)
    screen = {"width": WIDTH, "height": 844, "deviceScaleFactor": 1, "mobile": True}
    scriptless.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", screen)
    return Plain(scriptless, session, page)


@pytest.fixture
def photo(tmp_path: Path) -> str:
    path = tmp_path / "after.jpg"
    path.write_bytes(picture(size=(800, 600))[1])
    return str(path)


def test_no_page_shows_what_only_a_script_could_serve(phone: Plain, tmp_path: Path) -> None:
    walk = furnish(phone.session, tmp_path, phone.root)
    wrong: dict[str, list[str]] = {}
    for person, several in PAGES.items():
        phone.become(person)
        for path in several:
            phone.open(walk.at(ADDRESSES.get(path, path)))
            found = phone.driver.execute_script(DEAD)
            wrong |= {f"{person} {path}": found} if found and path != "/report/shell" else {}
    assert wrong == {}, "the shell is what the script of the report keeps for a phone without a network"


def test_an_issue_goes_its_whole_way(phone: Plain, photo: str) -> None:
    give_password(phone.session)
    key = an_issue(phone.session, state="assigned")
    phone.session.commit()
    phone.become("")
    phone.open("/login")
    phone.type("#name", HANDLER)
    phone.type("#password", PASSWORD)
    phone.press("form[action='/login'] button")
    assert "已签收" in phone.press("form[action$='/do/sign_in'] button")

    phone.unfold("提交整改")
    assert "已提交" in _hand_in(phone, photo)
    phone.become(VERIFIER)
    phone.open(f"/issues/{read(phone.session, key).number}")
    phone.unfold("复核通过")
    assert "复核通过" in phone.press("form[action$='/do/pass'] button")
    phone.become(OFFICE)
    phone.open("/desk")
    phone.press("form[action$='/do/close_out'] button")

    assert read(phone.session, key).state == "closed"


def _hand_in(phone: Plain, photo: str) -> str:
    phone.type("form[action$='/do/submit'] [name=photos]", photo)
    phone.type("form[action$='/do/submit'] [name=result]", "已清理")
    return phone.press("form[action$='/do/submit'] button")


def test_an_audit_is_started_and_an_issue_is_born_from_its_sheet(phone: Plain, photo: str) -> None:
    phone.become(OFFICE)
    phone.open("/audits/new")
    Select(phone.one("#area")).select_by_value("5103")
    phone.type("#points", "1")
    phone.tap(f"input[name=inspector][value={INSPECTOR}]")
    phone.press("button[name=look]")
    assert phone.one(f"input[name=inspector][value={INSPECTOR}]").is_selected()
    phone.press("main .buttons .btn-primary")
    (round_,) = phone.session.exec(select(Round)).all()

    phone.become(INSPECTOR)
    phone.open(f"/audits/{round_.number}")
    phone.press(".sheets a")
    phone.tap("input[type=radio][value=not_met]")
    phone.type(".asked textarea", "路边堆放垃圾")
    phone.type(".asked input[type=file]", photo)
    phone.press("main form .btn-primary")

    (issue,) = phone.session.exec(select(Issue)).all()
    assert (issue.description, issue.round_id) == ("路边堆放垃圾", round_.id)


def test_a_list_is_filtered_kept_and_acted_on_at_once(phone: Plain) -> None:
    keys = [an_issue(phone.session), an_issue(phone.session, description="路灯不亮"), an_issue(phone.session)]
    phone.session.commit()
    phone.become(OFFICE)
    phone.open("/issues")
    phone.unfold("更多筛选")
    phone.tap("input[name=state][value=found]")
    phone.type("#q", "垃圾")
    phone.press(".filters .grid ~ .links button")
    assert "路灯" not in phone.one("main").text
    phone.type("#view-name", "垃圾未交办")
    phone.press(".keep button")
    assert [view.name for view in phone.session.exec(select(SavedView))] == ["垃圾未交办"]

    for box in phone.driver.find_elements(By.CSS_SELECTOR, ".pick input"):
        box.click()
    phone.press(".doing .btn-primary")
    Select(phone.one("#to-assign")).select_by_value("D-CGJ")
    phone.press("form[action='/bulk/assign'] .btn-primary")

    assert [read(phone.session, key).state for key in keys] == ["assigned", "found", "assigned"]


def test_a_token_is_made_and_ended(phone: Plain) -> None:
    phone.become(HANDLER)
    phone.open("/me/tokens")
    phone.type("#name", "报表")
    assert "仅显示这一次" in phone.press("form[action='/me/tokens'] .btn-primary")
    phone.open("/me/tokens")
    phone.press("form[action$='/end'] button")

    (token,) = phone.session.exec(select(ApiToken)).all()
    assert token.ended_at is not None


def test_what_is_refused_stands_there_again_as_it_was_typed(phone: Plain, photo: str) -> None:
    key = an_issue(phone.session, state="rectifying")
    phone.session.commit()
    phone.become(HANDLER)
    phone.open(f"/issues/{read(phone.session, key).number}?do=ask_extension")
    phone.type("form[action$='/do/ask_extension'] [name=amount]", "两天")
    phone.type("form[action$='/do/ask_extension'] [name=reason]", "连日下雨")

    phone.press("form[action$='/do/ask_extension'] button")

    assert phone.one("form[action$='/do/ask_extension'] [name=reason]").get_attribute("value") == "连日下雨"
    assert phone.one("[aria-invalid=true]").is_displayed()
