"""A real browser and the pages over a real socket."""

import shutil
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn
from pydantic import SecretStr
from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from sqlmodel import Session

from runtime.settings import Settings
from tests.small_city import a_city
from tests.web.conftest import an_app

CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
FORGET = (
    "Network.clearBrowserCookies",
    "Network.clearBrowserCache",
    "Emulation.clearDeviceMetricsOverride",
    "Emulation.setEmulatedMedia",
)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Some of them walk all pages, and all of them share the machine: longer than the others may take."""
    for item in items:
        if item.get_closest_marker("browser") and not item.get_closest_marker("timeout"):
            item.add_marker(pytest.mark.timeout(400))


@pytest.fixture
def page(session: Session, database_url: str, tmp_path: Path) -> Iterator[str]:
    """The address of the page, served over a real socket."""
    a_city(session)
    session.commit()
    settings = Settings(database_url=SecretStr(database_url), home=tmp_path)
    server = uvicorn.Server(uvicorn.Config(an_app(settings), port=0, log_level="warning"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        assert thread.is_alive()
        time.sleep(0.01)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}/"
    server.should_exit = server.force_exit = True
    thread.join(20)


@pytest.fixture(scope="session")
def chromium() -> Iterator[webdriver.Chrome]:
    """One browser for this process: to start it takes seconds."""
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM or ""
    quiet = "--force-prefers-reduced-motion"  # else a click comes while the page still glides
    for argument in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", quiet):
        options.add_argument(argument)
    driver = webdriver.Chrome(options=options, service=Service(DRIVER))
    yield driver
    driver.quit()


@pytest.fixture
def browser(chromium: webdriver.Chrome) -> Iterator[webdriver.Chrome]:
    """The browser, as if it were new."""
    chromium.get_log("browser")
    yield chromium
    for forget in FORGET:
        chromium.execute_cdp_cmd(forget, {})
    chromium.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})
    first, *others = chromium.window_handles
    for handle in others:
        chromium.switch_to.window(handle)
        chromium.close()
    chromium.switch_to.window(first)
    chromium.get("about:blank")
