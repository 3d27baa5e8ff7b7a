"""For tests of reporting on a phone: the application behind a line that can be cut, and a phone in the street."""

import asyncio
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.process import BaseProcess
from pathlib import Path

import httpx
import pytest
from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.wait import WebDriverWait
from sqlmodel import Session

from runtime import clock
from services import sessions
from services.sessions import Method
from tests.browser.conftest import CHROMIUM, DRIVER
from tests.browser.waiting import PATIENCE
from tests.cast import INSPECTOR
from tests.nursery import born
from tests.small_city import a_city
from web.__main__ import main
from web.login import COOKIE

AT_P1 = {"latitude": 29.35140, "longitude": 104.78580, "accuracy": 12}


class Line:
    """A line to the application: `is_open` False is no network; `cut_after` breaks it once after so many bytes sent."""

    def __init__(self, upstream: int) -> None:
        self._upstream = upstream
        self.is_open, self.cut_after = True, None
        self.sent: list[bytes] = []
        self._loop = asyncio.new_event_loop()
        self._server = self._loop.run_until_complete(asyncio.start_server(self._serve, "127.0.0.1", 0))
        self.port = self._server.sockets[0].getsockname()[1]
        self._writers: set[asyncio.StreamWriter] = set()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self.shut()
        self._loop.call_soon_threadsafe(self._server.close)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    def shut(self) -> None:
        """No network from now on, also for connections that are open."""
        self.is_open = False
        self._loop.call_soon_threadsafe(self._hang_up)

    def _hang_up(self) -> None:
        for writer in list(self._writers):
            writer.transport.abort()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if not self.is_open:
            writer.transport.abort()
            return
        up_reader, up_writer = await asyncio.open_connection("127.0.0.1", self._upstream)
        self._writers |= {writer, up_writer}
        try:
            await asyncio.gather(self._pass(reader, up_writer, writer), self._pass(up_reader, writer, None))
        except OSError:
            pass
        finally:
            for one in (writer, up_writer):
                self._writers.discard(one)
                one.close()

    async def _pass(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, back: asyncio.StreamWriter | None
    ) -> None:
        while data := await reader.read(16384):
            if back is not None:
                self.sent.append(data)
                if self._cuts(len(data)):
                    writer.transport.abort()
                    back.transport.abort()
                    return
            writer.write(data)
            await writer.drain()
        writer.close()

    def _cuts(self, length: int) -> bool:
        if self.cut_after is None:
            return False
        self.cut_after -= length
        if self.cut_after > 0:
            return False
        self.cut_after = None
        return True

    def offsets(self) -> list[int]:
        """Where each piece of an upload that was sent began."""
        lines = b"".join(self.sent).split(b"\r\n")
        return [int(line.split(b":")[1]) for line in lines if line.lower().startswith(b"upload-offset:")]


@contextmanager
def application(database_url: str, home: Path) -> Iterator[Line]:
    """The application in a process of its own, and the line to it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    given = {"DUBAN_DATABASE_URL": database_url, "DUBAN_HOME": str(home), "DUBAN_WEB_PORT": str(port)}
    server = born(main, said=home.with_name("web.log"), environ=given)
    line = Line(port)
    try:
        _wait_for(f"http://127.0.0.1:{port}/healthz", server)
        yield line
    finally:
        line.close()
        server.terminate()
        server.join(20)


def _wait_for(url: str, server: BaseProcess) -> None:
    give_up = time.monotonic() + 30
    while time.monotonic() < give_up and server.is_alive():
        try:
            if httpx.get(url, trust_env=False).is_success:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise AssertionError(url)


class Phone:
    """A browser as narrow as a phone, with a camera that films a test picture and a position.

    `profile`: where it keeps what outlives it.
    """

    def __init__(self, address: str, *, scripts: bool = True, profile: Path | None = None) -> None:
        options = webdriver.ChromeOptions()
        options.binary_location = CHROMIUM or ""
        arguments = ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu")
        for argument in (
            *arguments,
            "--use-fake-device-for-media-stream",
            "--use-fake-ui-for-media-stream",
            "--accept-lang=zh-CN",
        ):
            options.add_argument(argument)
        if profile is not None:
            options.add_argument(f"--user-data-dir={profile}")
        if not scripts:
            options.add_experimental_option("prefs", {"profile.managed_default_content_settings.javascript": 2})
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        self.driver = webdriver.Chrome(options=options, service=Service(DRIVER))
        self.address = address
        self.screen(390)

    def screen(self, width: int, height: int = 844) -> None:
        metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 500}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)

    def stand_at(self, **position: float) -> None:
        """It may ask where it is, and is told this."""
        self.driver.execute_cdp_cmd(
            "Browser.grantPermissions", {"permissions": ["geolocation"], "origin": self.address}
        )
        self.driver.execute_cdp_cmd("Emulation.setGeolocationOverride", position)

    def log_in(self, session: Session, person: str) -> None:
        given = {"method": Method.DEMO, "device": "test", "now": clock.true_now(session)}
        token = sessions.open_session(session, person, **given)
        session.commit()
        cookie = {"url": self.address, "name": COOKIE, "value": token, "httpOnly": True}
        self.driver.execute_cdp_cmd("Network.setCookie", cookie)

    def open(self, path: str) -> None:
        self.driver.get(f"{self.address}{path}")

    def ready(self) -> None:
        """Until the page for scripts has started."""
        self.wait(lambda: self.one("#app").get_attribute("data-ready") == "1")

    def one(self, which: str) -> WebElement:
        return self.driver.find_element(By.CSS_SELECTOR, which)

    def all(self, which: str) -> list[WebElement]:
        return self.driver.find_elements(By.CSS_SELECTOR, which)

    def texts(self, which: str) -> list[str]:
        return [one.text for one in self.all(which)]

    def tap(self, which: str, *, saying: str = "") -> None:
        """Tap what is there, or the one of several that says this."""
        found = self.wait(
            lambda: next((one for one in self.all(which) if one.is_displayed() and saying in one.text), None)
        )
        self.driver.execute_script("arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})", found)
        found.click()

    def wait(self, until, seconds: float = PATIENCE):
        return WebDriverWait(self.driver, seconds, poll_frequency=0.05).until(lambda _: until())

    def run(self, script: str, *given: object) -> object:
        return self.driver.execute_script(script, *given)

    def errors(self) -> list[dict]:
        return [line for line in self.driver.get_log("browser") if line["level"] == "SEVERE"]

    def kept(self) -> bool:
        """Whether the service worker keeps the shell."""
        script = (
            "const done = arguments[0];"
            "navigator.serviceWorker.ready.then(() => caches.match('/report/shell')).then((one) => done(Boolean(one)))"
        )
        return bool(self.driver.execute_async_script(script))


@pytest.fixture
def line(session: Session, database_url: str, tmp_path: Path) -> Iterator[Line]:
    """The small city's pages behind a line that can be cut."""
    a_city(session)
    session.commit()
    with application(database_url, tmp_path / "home") as made:
        yield made


@pytest.fixture
def phone(line: Line, session: Session) -> Iterator[Phone]:
    """In the inspector's hand, at P-0001."""
    made = Phone(f"http://127.0.0.1:{line.port}")
    made.stand_at(**AT_P1)
    made.log_in(session, INSPECTOR)
    yield made
    made.driver.quit()
