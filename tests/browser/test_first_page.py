"""The first page in a real browser, on a phone and on a desk, in both languages."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from sqlmodel import Session

from runtime.settings import PROJECT
from tests.small_city import a_city

CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not (CHROMIUM and DRIVER), reason="needs chromium and chromedriver"),
]


@pytest.fixture
def page(session: Session, database_url: str, tmp_path: Path) -> Iterator[str]:
    """The address of the page, served by a process of its own."""
    a_city(session)
    session.commit()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    given = {"DUBAN_DATABASE_URL": database_url, "DUBAN_HOME": str(tmp_path), "DUBAN_WEB_PORT": str(port)}
    server = subprocess.Popen([sys.executable, "-m", "web"], cwd=PROJECT, env={**os.environ, **given})
    try:
        _wait_for(f"http://127.0.0.1:{port}/healthz")
        yield f"http://127.0.0.1:{port}/"
    finally:
        server.terminate()
        server.wait(20)


@pytest.fixture
def browser() -> Iterator[webdriver.Chrome]:
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM or ""
    quiet = "--force-prefers-reduced-motion"  # else a click comes while the page still glides
    for argument in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", quiet):
        options.add_argument(argument)
    driver = webdriver.Chrome(options=options, service=Service(DRIVER))
    yield driver
    driver.quit()


def _wait_for(url: str) -> None:
    give_up = time.monotonic() + 30
    while time.monotonic() < give_up:
        try:
            if httpx.get(url, trust_env=False).is_success:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise AssertionError(url)


@pytest.mark.parametrize("width", [390, 1440])
@pytest.mark.parametrize(("lang", "heading"), [("zh-CN", "自贡市"), ("en", "Zigong")])
def test_the_page_fits_its_screen(page: str, browser: webdriver.Chrome, width: int, lang: str, heading: str) -> None:
    screen = {"width": width, "height": 850, "deviceScaleFactor": 1, "mobile": width < 500}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", screen)

    browser.get(f"{page}?lang={lang}")

    assert heading in browser.find_element(By.TAG_NAME, "h1").text
    assert browser.execute_script("return document.documentElement.scrollWidth") <= width
    assert [line for line in browser.get_log("browser") if line["level"] == "SEVERE"] == []


def test_the_language_switch_works_without_scripts(page: str, browser: webdriver.Chrome) -> None:
    browser.get(f"{page}?lang=zh-CN")
    browser.find_element(By.LINK_TEXT, "English").click()
    browser.get(page)

    assert browser.find_element(By.TAG_NAME, "html").get_attribute("lang") == "en"
