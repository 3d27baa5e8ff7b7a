"""Sheets of an audit are filled in where there is no network, and sent when it is back: each result once, none lost."""

from pathlib import Path

from sqlmodel import Session, select

from models.audit import Observation, Result, Round
from tests.browser.report_desk import Line, Phone
from tests.browser.sheet_desk import address, cut, fill_in, line, mend, path_of, phone, round_, seen, texts
from tests.browser.test_first_page import pytestmark as needs_chromium
from tests.cast import INSPECTOR

pytestmark = needs_chromium
__all__ = ["line", "phone", "round_"]
BOTH = [("01-01", Result.MET, False), ("01-02", Result.NOT_MET, True)]


def waits(phone: Phone, n: int) -> None:
    phone.wait(lambda: f"Not sent yet: {n}." in texts(phone, "#waiting"))


def test_a_sheet_filled_in_without_a_network_outlives_the_browser_and_is_sent_once(
    phone: Phone, line: Line, round_: Round, session: Session, tmp_path: Path
) -> None:
    cut(phone, line)
    phone.open("/audits/mine")
    phone.ready()
    assert [phone.one(".offline-note").is_displayed(), len(phone.all("#mine li"))] == [True, 3]
    phone.open(path_of(session, round_))
    fill_in(phone, picture=tmp_path / "stall.jpg")
    waits(phone, 2)
    phone.driver.quit()

    again = Phone(address(line), profile=tmp_path / "profile")
    try:
        again.open("/audits/mine")
        again.ready()
        waits(again, 2)
        assert "2 not sent" in texts(again, "#mine li:nth-child(2)")
        assert seen(session, round_) == []
        again.log_in(session, INSPECTOR)
        line.is_open = True
        again.tap("#send-now")
        again.wait(lambda: sorted(seen(session, round_)) == BOTH)
        again.wait(lambda: "2 not sent" not in texts(again, "#mine"))
        assert not again.one("#waiting").is_displayed()
    finally:
        again.driver.quit()
    rows = session.exec(select(Observation)).all()
    assert all(one.received_at is not None and one.observed_at < one.received_at for one in rows)


def test_a_line_that_breaks_while_it_is_sent_loses_nothing_and_doubles_nothing(
    phone: Phone, line: Line, round_: Round, session: Session, tmp_path: Path
) -> None:
    phone.open(path_of(session, round_))
    phone.ready()
    line.cut_after = 20_000
    fill_in(phone, picture=tmp_path / "stall.jpg")
    phone.wait(lambda: sorted(seen(session, round_)) == BOTH)
    cut(phone, line)
    mend(phone, line)
    phone.open("/audits/mine")
    phone.ready()
    phone.wait(lambda: "full" in texts(phone, "#mine li:nth-child(2)"))
    assert (len(seen(session, round_)), line.cut_after) == (2, None)
