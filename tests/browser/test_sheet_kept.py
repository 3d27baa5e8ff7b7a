"""What a device keeps of an audit's sheets: privately, until the server has it, whatever has happened meanwhile."""

import pytest
from sqlmodel import Session, select

from models.audit import RoundKind
from models.contradiction import Contradiction
from runtime import clock
from services import audit_results, sessions
from tests.browser.sheet_desk import (
    OFFLINE,
    ONLINE,
    Borrowed,
    fill_in,
    held,
    network,
    path_of,
    press,
    seen,
    texts,
    the_round,
)
from tests.browser.test_first_page import pytestmark as needs_chromium
from tests.cast import INSPECTOR, MONDAY, OFFICE, VERIFIER, who
from tests.services.audits.rounds import BAD, fill, started
from tests.services.audits.test_receiving import FINE

pytestmark = needs_chromium
__all__ = ["held"]
STORED = """
const [store, done] = arguments, asking = indexedDB.open("duban-sheets");
asking.onsuccess = () => {
  const all = asking.result.transaction(store).objectStore(store).getAll();
  all.onsuccess = () => { asking.result.close(); done(all.result.length); };
};
"""
FIRST_VERSION = """
const [key, done] = arguments, asking = indexedDB.open("duban-sheets", 1);
asking.onupgradeneeded = () => asking.result.createObjectStore("sheets");
asking.onsuccess = () => {
  const going = asking.result.transaction("sheets", "readwrite");
  going.objectStore("sheets").put([["result-01-02", "not_met"], ["note-01-02", "stalls"], ["found-01-01", "3"]], key);
  going.oncomplete = () => { asking.result.close(); done(true); };
};
"""
NO_ROOM = 'IDBObjectStore.prototype.put = () => { throw new DOMException("no room", "QuotaExceededError"); };'


def filled_offline(held: Borrowed, session: Session) -> str:
    """A sheet with two results that wait; its path."""
    path = path_of(session, the_round(session))
    held.open(path)
    held.ready()
    network(held, OFFLINE)
    fill_in(held)
    held.wait(lambda: "Not sent yet: 2." in texts(held, "#waiting"))
    return path


def stored(held: Borrowed, store: str) -> int:
    return int(held.driver.execute_async_script(STORED, store))


def test_what_somebody_else_recorded_meanwhile_is_told_and_one_of_the_two_stays(held: Borrowed, session: Session):
    path, round_ = filled_offline(held, session), the_round(session)
    fill(session, round_, "P-0001", FINE)
    session.commit()
    network(held, ONLINE)
    held.wait(lambda: "Something else is recorded: met" in texts(held, "#boxes"))
    assert [one[:2] for one in seen(session, round_)] == [("01-02", "met"), ("01-01", "met")]
    press(held, "#boxes button", "Mine is right")
    held.wait(lambda: "whoever steers the audit decides" in texts(held, "#news"))
    assert session.exec(select(Contradiction.note)).all() == ["stalls on the road"]
    held.open(path)
    held.ready()
    assert (texts(held, "#boxes li"), stored(held, "entries")) == ("", 0)


def test_one_who_agrees_with_what_is_recorded_deletes_their_own(held: Borrowed, session: Session):
    filled_offline(held, session)
    fill(session, the_round(session), "P-0001", FINE)
    session.commit()
    network(held, ONLINE)
    press(held, "#boxes button", "That is right")
    held.wait(lambda: not held.all("#boxes li"))
    assert stored(held, "entries") == 0
    assert "met (" in texts(held, "fieldset:nth-of-type(2)")


def test_who_was_logged_out_meanwhile_is_told_and_sends_it_after_logging_in(held: Borrowed, session: Session):
    path = filled_offline(held, session)
    sessions.end_all(session, INSPECTOR, why="too_long", now=clock.true_now(session))
    session.commit()
    network(held, ONLINE)
    held.tap("#send-now")
    held.wait(lambda: "You are logged out" in texts(held, "#alarm"))
    way = str(held.run("return document.querySelector('#alarm a').href"))
    assert way.endswith(f"/login?next={path.replace('/', '%2F')}")
    held.log_in(session, INSPECTOR)
    held.open("/audits/mine")
    held.wait(lambda: len(seen(session, the_round(session))) == 2)


def test_on_a_device_that_two_share_nobody_sees_or_sends_what_is_the_others(held: Borrowed, session: Session):
    filled_offline(held, session)
    held.log_in(session, VERIFIER)
    network(held, ONLINE)
    held.open("/audits/mine")
    held.ready()
    held.wait(lambda: "2 more of somebody else" in texts(held, "#others"))
    held.wait(lambda: "kept on this device: 0" in texts(held, "#kept"))
    assert (texts(held, "#boxes li"), texts(held, "#mine li"), stored(held, "kept")) == ("", "", 1)
    assert seen(session, the_round(session)) == []
    held.log_in(session, INSPECTOR)
    held.open("/audits/mine")
    held.wait(lambda: len(seen(session, the_round(session))) == 2)


def test_an_audit_that_was_ended_meanwhile_takes_nothing_and_nothing_is_lost(held: Borrowed, session: Session):
    filled_offline(held, session)
    audit_results.end(session, the_round(session), by=who(session, OFFICE), why="a storm", now=MONDAY)
    session.commit()
    network(held, ONLINE)
    held.open("/audits/mine")
    held.wait(lambda: "kept on this device: 0" in texts(held, "#kept"))
    held.wait(lambda: texts(held, "#boxes").count("Not taken: ") == 2)
    assert texts(held, "#boxes").count("a storm") == 2
    press(held, "#boxes button", "Delete")
    press(held, "#boxes button", "Really delete?")
    held.wait(lambda: len(held.all("#boxes li")) == 1)


@pytest.mark.parametrize("held", [RoundKind.COVERT], indirect=True)
def test_nothing_of_a_covert_audit_stays_after_logging_out(held: Borrowed, session: Session):
    filled_offline(held, session)
    held.run('window.fetch = () => Promise.reject(new TypeError("no"));')
    network(held, ONLINE)
    held.open("/me?lang=en")
    held.tap('form[action="/logout"] button')
    held.wait(lambda: "covert audits that are not sent yet: 2" in texts(held, ".alarm"))
    assert stored(held, "entries") == 2
    held.tap('form[action="/logout"] button')
    held.wait(lambda: "/me" not in held.driver.current_url)
    assert [stored(held, one) for one in ("entries", "kept", "facts")] == [0, 0, 0]
    assert held.run("return caches.keys().then((names) => names.length)") == 0


def test_what_an_older_page_kept_is_still_there(page: str, browser, session: Session):
    round_ = started(session, kind=RoundKind.MOCK, now=MONDAY)
    session.commit()
    held = Borrowed(browser, page.rstrip("/"))
    held.log_in(session, INSPECTOR)
    held.open("/me")
    path = path_of(session, round_)
    held.driver.execute_async_script(FIRST_VERSION, f"{INSPECTOR}/{round_.number}/{path.rsplit('/', 1)[1]}")
    held.open(path)
    held.ready()
    assert held.one('[name="note-01-02"]').get_attribute("value") == "stalls"
    assert held.one('[name="result-01-02"][value="not_met"]').is_selected()
    assert held.one('[name="found-01-01"]').get_attribute("value") == "3"


def test_what_is_missing_or_has_no_room_is_told_while_one_is_still_there(held: Borrowed, session: Session):
    held.open(path_of(session, the_round(session)))
    held.ready()
    held.tap('[name="result-01-02"][value="not_met"]')
    held.tap("#form > .btn-primary")
    held.wait(lambda: "please say what was seen" in texts(held, "#alarm"))
    held.wait(lambda: held.run("return document.activeElement.name") == "note-01-02")
    held.run(NO_ROOM)
    held.one('[name="note-01-02"]').send_keys(BAD.note)
    held.wait(lambda: "no room left" in texts(held, "#alarm"))
    assert seen(session, the_round(session)) == []
