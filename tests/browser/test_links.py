"""From a real mail, in a real browser: sign in, hand in proof with a photo, verify it. On a phone and on a desk."""

import shutil
from datetime import timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from sqlmodel import Session

from notifications.channels import Channels
from notifications.channels.smtp import Smtp
from notifications.delivery import deliver
from notifications.links import Signs
from runtime.keys import link_keys
from runtime.settings import Settings
from tests.browser.waiting import wait_until_gone
from tests.cast import MONDAY, an_issue, read
from tests.notifications.channels.sinks import Mailbox, certificate, mail_sink, sign_in
from tests.web.link_desk import picture, set_clock, uses

CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not (CHROMIUM and DRIVER), reason="needs chromium and chromedriver"),
]
TOUCHED = "button, nav a, .act input:not([type=hidden])"
ASSIGNED, VERIFY = "r00006@example.invalid", "r00011@example.invalid"


class Post:
    """A mail server with TLS and sign-in, and delivery to it."""

    def __init__(self, engine, folder: Path, address: str) -> None:
        self._engine, self._signs = engine, Signs(link_keys(Settings(home=folder)), address)
        self._mailbox = Mailbox()
        self._server_tls, self._trust = certificate(folder)

    def deliver(self) -> None:
        options = {"require_starttls": True, "tls_context": self._server_tls, "auth_required": True}
        with mail_sink(self._mailbox, **options, authenticator=sign_in) as server:
            url = f"smtp://duban:very-secret@127.0.0.1:{server.port}?from=duban@zigong.example"
            channels = Channels({"mail": Smtp(url, context=self._trust)})
            sessions = lambda: Session(self._engine, expire_on_commit=False)  # noqa: E731
            deliver(sessions, now=lambda: MONDAY + timedelta(hours=1), channels=channels, signs=self._signs)
            channels.close()

    def links_to(self, address: str) -> dict[str, str]:
        """The links of the last mail to somebody, by their labels."""
        mails = zip(self._mailbox.recipients, self._mailbox.letters, strict=True)
        last = [raw for to, raw in mails if to == address][-1]
        lines = message_from_bytes(last, policy=default).get_content().splitlines()
        return dict(line.split(": ", 1) for line in lines if ": http" in line)


@pytest.fixture
def issue(page, session):
    set_clock(session)
    key = an_issue(session, state="assigned")
    session.commit()
    return key


@pytest.fixture
def post(page, issue, engine, tmp_path):
    made = Post(engine, tmp_path, page)
    made.deliver()
    return made


def screen(driver, width: int) -> None:
    metrics = {"width": width, "height": 850, "deviceScaleFactor": 1, "mobile": width < 500}
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)


def errors(driver) -> list:
    return [line for line in driver.get_log("browser") if line["level"] == "SEVERE"]


def press(driver) -> str:
    """Send the form of the page; returns the heading of what comes back."""
    button = driver.find_element(By.CSS_SELECTOR, "form.act button")
    button.click()
    wait_until_gone(driver, button)
    return driver.find_element(By.TAG_NAME, "h1").text


def test_from_the_mail_to_the_verdict(post, browser, session, issue, tmp_path):
    screen(browser, 390)
    photo = tmp_path / "after.jpg"
    photo.write_bytes(picture(size=(800, 600))[1])
    links = post.links_to(ASSIGNED)

    browser.get(links["签收"])
    assert press(browser) == "已签收"
    browser.get(links["提交整改"])
    browser.find_element(By.ID, "photos").send_keys(str(photo))
    browser.find_element(By.ID, "result").send_keys("已清理，桶已更换")
    assert press(browser) == "已提交"
    post.deliver()
    browser.get(post.links_to(VERIFY)["复核"])
    browser.find_element(By.CSS_SELECTOR, 'input[value="pass"]').click()
    assert press(browser) == "复核结果已记录"

    assert (read(session, issue).state, read(session, issue).result) == ("verified", "已清理，桶已更换")
    assert uses(session) == ["sign_in", "hand_in", "verify"]
    assert errors(browser) == []


def test_a_form_sent_back_keeps_words_and_photos_in_the_browser(post, browser, issue, tmp_path):
    photo, paper = tmp_path / "after.jpg", tmp_path / "notes.jpg"
    photo.write_bytes(picture()[1])
    paper.write_text("not a photo")
    links = post.links_to(ASSIGNED)
    browser.get(links["签收"])
    press(browser)
    browser.get(links["提交整改"])
    browser.find_element(By.ID, "photos").send_keys(f"{photo}\n{paper}")
    browser.find_element(By.ID, "result").send_keys("已清理")

    assert press(browser) == "提交整改"
    assert "notes.jpg" in browser.find_element(By.ID, "wrong-photos").text
    assert browser.find_element(By.ID, "result").get_attribute("value") == "已清理"
    assert press(browser) == "已提交"


@pytest.mark.parametrize("width", [390, 1440])
@pytest.mark.parametrize("lang", ["zh-CN", "en"])
@pytest.mark.parametrize("label", ["签收", "查看"])
def test_pages_fit_their_screen_and_can_be_touched(post, browser, width, lang, label):
    screen(browser, width)

    browser.get(f"{post.links_to(ASSIGNED)[label]}?lang={lang}")

    assert browser.execute_script("return document.documentElement.scrollWidth") <= width
    small = f"return [...document.querySelectorAll('{TOUCHED}')].filter(one => one.offsetHeight < 44).length"
    assert browser.execute_script(small) == 0
    assert errors(browser) == []


def test_the_form_works_in_a_browser_without_scripts(post, session, issue, tmp_path):
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM or ""
    for argument in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"):
        options.add_argument(argument)
    options.add_experimental_option("prefs", {"profile.managed_default_content_settings.javascript": 2})
    driver = webdriver.Chrome(options=options, service=Service(DRIVER))
    try:
        driver.get(post.links_to(ASSIGNED)["签收"])
        assert press(driver) == "已签收"
    finally:
        driver.quit()
    assert read(session, issue).state == "rectifying"
