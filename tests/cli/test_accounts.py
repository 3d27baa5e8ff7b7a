"""`duban account`: the first log-in of an installation, and what to do when a phone or a browser is lost."""

import pytest
from sqlmodel import Session

from services import sessions
from services.accounts import onetime
from services.sessions import Method
from tests.cli.conftest import HANDLER, NOW, OFFICE, Run
from tests.services.accounts.door import give_app

ADMINISTRATOR = "R00005"


def account(run: Run, *words: str, by: str = ADMINISTRATOR):
    return run("account", *words, "--as", by)


def test_the_administrator_invites_themselves_to_begin_with(run: Run, session: Session) -> None:
    said = account(run, "invite", ADMINISTRATOR)
    token = said.out.strip().rpartition("/login/key/")[2]
    assert said.code == 0
    assert "three days" in said.err
    assert onetime.look(session, token, now=NOW).person_code == ADMINISTRATOR


@pytest.mark.parametrize("words", [("list",), ("show", HANDLER), ("invite", HANDLER), ("end", HANDLER)])
def test_the_same_table_decides_as_on_the_pages(run: Run, words: tuple[str, ...]) -> None:
    assert account(run, *words, by=OFFICE).code == 3
    assert account(run, *words).code == 0


def test_every_session_is_ended(run: Run, session: Session) -> None:
    sessions.open_session(session, HANDLER, method=Method.PASSWORD, device="d", now=NOW)
    session.commit()
    assert account(run, "end", HANDLER).out == "Sessions ended: 1.\n"


def test_a_lost_phone_is_dealt_with(run: Run, session: Session) -> None:
    give_app(session, HANDLER, now=NOW)
    assert account(run, "second", HANDLER).code == 0
    assert "no second step" in account(run, "second", HANDLER).out
    assert account(run, "show", HANDLER, "--json").json[0]["happening"] == "second_removed"


def test_an_identity_is_bound_and_unbound(run: Run) -> None:
    assert account(run, "bind", HANDLER, "sso", "sub-1").code == 0
    assert account(run, "bind", OFFICE, "sso", "sub-1").code == 3
    assert account(run, "unbind", HANDLER).code == 0
    assert account(run, "unbind", HANDLER).code == 4


def test_the_list_holds_no_secret(run: Run, session: Session) -> None:
    app, _ = give_app(session, HANDLER, now=NOW)
    listed = account(run, "list", "--json")
    (row,) = [one for one in listed.json if one["person"] == HANDLER]
    assert row["second"] is True
    assert app.secret not in listed.out


def test_somebody_who_is_not_there_is_not_found(run: Run) -> None:
    assert account(run, "invite", "R77777").code == 4
