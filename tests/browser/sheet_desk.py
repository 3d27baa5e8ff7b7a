"""For tests of sheets that are filled in without a network: a mock evaluation, its inspector's phone, the line cut."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium import webdriver
from sqlmodel import Session, col, select

from models.audit import Observation, Result, Round, RoundKind, Sheet
from tests.browser.report_desk import Line, Phone, line
from tests.cast import INSPECTOR, MONDAY
from tests.services.audits.rounds import sheet_of, started
from tests.services.evidence.pictures import photo

__all__ = ["line"]
OFFLINE = {"offline": True, "latency": 0, "downloadThroughput": 0, "uploadThroughput": 0}
ONLINE = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}
KEPT = (
    "const done = arguments[0];"
    "navigator.serviceWorker.ready.then(() => caches.match('/audits/mine/shell')).then((one) => done(Boolean(one)))"
)


@pytest.fixture
def round_(line: Line, session: Session) -> Round:
    """A mock evaluation; three sheets of the inspector."""
    made = started(session, kind=RoundKind.MOCK, now=MONDAY)
    session.commit()
    return made


@pytest.fixture
def phone(line: Line, round_: Round, session: Session, tmp_path: Path) -> Iterator[Phone]:
    """In the inspector's hand, with the list of their sheets kept."""
    made = Phone(address(line), profile=tmp_path / "profile")
    made.log_in(session, INSPECTOR)
    take_along(made)
    yield made
    made.driver.quit()


class Borrowed(Phone):
    """The browser of the test run as a phone at this address: quicker, where nothing has to outlive it."""

    def __init__(self, driver: webdriver.Chrome, address: str) -> None:
        self.driver, self.address = driver, address
        self.screen(390)


@pytest.fixture
def held(page: str, browser: webdriver.Chrome, session: Session, request: pytest.FixtureRequest) -> Iterator[Borrowed]:
    """In the inspector's hand, with the sheets of a round kept: of the kind that the test asks for."""
    started(session, kind=getattr(request, "param", RoundKind.MOCK), now=MONDAY)
    session.commit()
    made = Borrowed(browser, page.rstrip("/"))
    made.log_in(session, INSPECTOR)
    take_along(made)
    yield made
    network(made, ONLINE)


def the_round(session: Session) -> Round:
    session.rollback()
    return session.exec(select(Round)).one()


def address(line: Line) -> str:
    return f"http://127.0.0.1:{line.port}"


def take_along(phone: Phone) -> None:
    """Open the list, so that the device keeps it."""
    phone.open("/audits/mine?lang=en")
    phone.ready()
    phone.wait(lambda: "kept on this device: 3" in phone.one("#kept").text)
    phone.wait(lambda: phone.driver.execute_async_script(KEPT))


def cut(phone: Phone, line: Line) -> None:
    """No network: neither the line nor what the browser knows of it."""
    line.shut()
    network(phone, OFFLINE)


def mend(phone: Phone, line: Line) -> None:
    line.is_open = True
    network(phone, ONLINE)


def network(phone: Phone, how: dict[str, object]) -> None:
    phone.driver.execute_cdp_cmd("Network.enable", {})
    phone.driver.execute_cdp_cmd("Network.emulateNetworkConditions", how)


def path_of(session: Session, round_: Round, point: str = "P-0001") -> str:
    return f"/audits/{round_.number}/sheets/{sheet_of(session, round_, point).id}"


def fill_in(phone: Phone, *, note: str = "stalls on the road", picture: Path | None = None) -> None:
    """01-01 counted and met, 01-02 not met; recorded."""
    phone.ready()
    phone.tap('[name="result-01-02"][value="not_met"]')
    phone.one('[name="note-01-02"]').send_keys(note)
    if picture is not None:
        picture.write_bytes(photo())
        phone.one('[name="photo-01-02"]').send_keys(str(picture))
        phone.wait(lambda: phone.all(".photo img"))
    phone.one('[name="found-01-01"]').send_keys("1")
    phone.one('[name="required-01-01"]').send_keys("1")
    phone.tap("#form > .btn-primary")


def seen(session: Session, round_: Round) -> list[tuple[str, Result, bool]]:
    session.rollback()
    query = select(Observation).join(Sheet, col(Sheet.id) == col(Observation.sheet_id))
    rows = session.exec(query.where(Sheet.round_id == round_.id).order_by(col(Observation.id)))
    return [(one.standard_code, one.result, bool(one.photo)) for one in rows]


SHOWN = "const shown = [...document.querySelectorAll(arguments[0])].filter((one) => one.getClientRects().length);"


def texts(phone: Phone, which: str) -> str:
    """What is shown, read in one moment: the page draws itself anew when something is sent."""
    return str(phone.run(f"{SHOWN} return shown.map((one) => one.innerText).join(' ');", which))


def press(phone: Phone, which: str, saying: str) -> None:
    """Tap the first that says this, found and tapped in one moment."""
    script = (
        f"{SHOWN} const one = shown.find((one) => one.innerText.includes(arguments[1])); one?.click(); return !!one;"
    )
    phone.wait(lambda: phone.run(script, which, saying))
