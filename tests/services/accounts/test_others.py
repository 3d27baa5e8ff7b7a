"""What the administrator does about the log-ins of others, and nobody else."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlmodel import Session

from models.errors import ActionNotAllowed, NotFound
from services import people
from services import sessions as service
from services.accounts import onetime, others, passwords
from services.sessions import Method
from tests.cast import DISTRICT_OFFICE, DUTY, HANDLER, OFFICE, PRINCIPAL, STRANGER, VERIFIER
from tests.services.accounts.door import NOW, give_app, give_password, record_of

ADMINISTRATOR = "R00005"
TODAY = NOW.date()


def who(session: Session, code: str = ADMINISTRATOR):
    return people.actor(session, code, now=NOW)


ACTS = {
    "list": lambda session, by: others.listing(session, by=by, today=TODAY, now=NOW),
    "invite": lambda session, by: others.invite(session, HANDLER, by=by, now=NOW),
    "end": lambda session, by: others.end_sessions(session, HANDLER, by=by, now=NOW),
    "second": lambda session, by: others.remove_second(session, HANDLER, by=by, now=NOW),
    "bind": lambda session, by: others.bind(session, HANDLER, provider="sso", subject="s", by=by, now=NOW),
    "unbind": lambda session, by: others.unbind(session, 1, person=HANDLER, by=by, now=NOW),
}


@pytest.mark.parametrize("person", [HANDLER, PRINCIPAL, OFFICE, DUTY, VERIFIER, DISTRICT_OFFICE, STRANGER])
def test_nobody_but_the_administrator(city: Session, person: str) -> None:
    assert [name for name, act in ACTS.items() if not _is_refused(act, city, person)] == []


def _is_refused(act: Callable[..., object], session: Session, person: str) -> bool:
    try:
        act(session, who(session, person))
    except ActionNotAllowed:
        return True
    return False


def test_an_invitation_opens_one_log_in_within_three_days(city: Session) -> None:
    token = others.invite(city, HANDLER, by=who(city), now=NOW)
    key = onetime.look(city, token, now=NOW + timedelta(days=2, hours=23))
    assert (key.person_code, key.made_by, key.purpose) == (HANDLER, ADMINISTRATOR, "invite")
    city.commit()
    assert record_of(city, HANDLER) == ["invited"]


def test_everybodys_sessions_can_be_ended(city: Session) -> None:
    for _ in range(2):
        service.open_session(city, HANDLER, method=Method.PASSWORD, device="d", now=NOW)
    assert others.end_sessions(city, HANDLER, by=who(city), now=NOW) == 2
    assert service.sessions_of(city, HANDLER, now=NOW) == []


def test_a_lost_phone_is_asked_for_no_more_and_sessions_end(city: Session) -> None:
    give_app(city, HANDLER)
    service.open_session(city, HANDLER, method=Method.PASSWORD, device="d", now=NOW)
    assert others.remove_second(city, HANDLER, by=who(city), now=NOW)
    assert passwords.account(city, HANDLER).totp_at is None
    assert service.sessions_of(city, HANDLER, now=NOW) == []


def test_the_list_says_who_has_what_and_no_secret(city: Session) -> None:
    give_password(city, HANDLER)
    give_app(city, HANDLER)
    (row,) = others.listing(city, by=who(city), today=TODAY, now=NOW, words="何景")
    assert (row.person, row.password, row.second, row.sessions, row.posts) == (HANDLER, True, True, 0, "城管局承办人")


def test_the_list_goes_on_where_it_stopped(city: Session) -> None:
    first = others.listing(city, by=who(city), today=TODAY, now=NOW, limit=3)
    second = others.listing(city, by=who(city), today=TODAY, now=NOW, limit=3, after=first[-1].person)
    assert [one.person for one in (*first, *second)] == [f"R0000{n}" for n in range(1, 7)]


@pytest.mark.parametrize("words", ["%", "_", "\\", "'; DROP TABLE person; --", "\x00"])
def test_signs_of_sql_are_letters(city: Session, words: str) -> None:
    found = others.listing(city, by=who(city), today=TODAY, now=NOW, words=words)
    assert found == [] or words == "\x00"


@pytest.mark.parametrize("person", ["R77777", "", "\x00"])
def test_somebody_who_is_not_there_is_not_found(city: Session, person: str) -> None:
    with pytest.raises(NotFound):
        others.invite(city, person, by=who(city), now=NOW)
    with pytest.raises(NotFound):
        others.one(city, person, by=who(city), today=TODAY, now=NOW)
