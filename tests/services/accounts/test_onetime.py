"""Keys open one log-in, once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from time import monotonic, sleep

import pytest
from sqlalchemy import text
from sqlmodel import Session, select

from models.account import KeyPurpose, LoginKey
from services.accounts import onetime
from services.accounts.errors import KeyDoesNotHold, WrongCode
from services.sessions import Method
from tests.cast import HANDLER
from tests.services.accounts.door import NOW


def a_key(session: Session, purpose: KeyPurpose = KeyPurpose.LINK) -> str:
    token = onetime.make(session, HANDLER, purpose=purpose, method=Method.LINK, good_for=timedelta(minutes=15), now=NOW)
    session.commit()
    return token


def test_a_key_opens_once(city: Session) -> None:
    token = a_key(city)
    assert onetime.use(city, token, now=NOW).person_code == HANDLER
    with pytest.raises(KeyDoesNotHold):
        onetime.use(city, token, now=NOW)


def test_looking_uses_nothing_up(city: Session) -> None:
    token = a_key(city)
    for _ in range(3):
        assert onetime.look(city, token, now=NOW).used_at is None


def test_of_two_who_come_at_once_one_gets_in(city: Session, sessions) -> None:
    token = a_key(city)

    def too_late() -> bool:
        with sessions() as session:
            try:
                onetime.use(session, token, now=NOW)
            except KeyDoesNotHold:
                return True
            session.commit()
            return False

    onetime.use(city, token, now=NOW)
    with ThreadPoolExecutor(1) as threads:
        second = threads.submit(too_late)
        wait_for_a_lock(sessions)
        city.commit()
        assert second.result(20)


def wait_for_a_lock(sessions) -> None:
    """Until somebody waits for what this test holds."""
    waiting = text(
        "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
    )
    give_up = monotonic() + 20
    while monotonic() < give_up:
        with sessions() as session:
            if session.connection().execute(waiting).scalar():
                return
        sleep(0.05)
    raise AssertionError("nobody waits")


def test_a_key_runs_out(city: Session) -> None:
    token = a_key(city)
    with pytest.raises(KeyDoesNotHold):
        onetime.use(city, token, now=NOW + timedelta(minutes=15))


def test_a_newer_key_ends_the_older_of_its_kind_alone(city: Session) -> None:
    old, invitation = a_key(city), a_key(city, KeyPurpose.INVITE)
    a_key(city)
    onetime.look(city, invitation, now=NOW)
    with pytest.raises(KeyDoesNotHold):
        onetime.look(city, old, now=NOW)


def test_the_key_to_the_second_step_is_no_link_and_a_link_no_second_step(city: Session) -> None:
    second, link = a_key(city, KeyPurpose.SECOND), a_key(city)
    with pytest.raises(KeyDoesNotHold):
        onetime.use(city, second, now=NOW)
    with pytest.raises(KeyDoesNotHold):
        onetime.hold(city, link, now=NOW, second=True)


@pytest.mark.parametrize("token", ["", "x", "\x00", "密" * 10, "x" * 10_000])
def test_nonsense_is_no_key(city: Session, token: str) -> None:
    with pytest.raises(KeyDoesNotHold):
        onetime.look(city, token, now=NOW)


def test_the_secret_is_not_kept(city: Session) -> None:
    asked = onetime.make_asked(city, HANDLER, asked="browser", now=NOW)
    kept = str(city.exec(select(LoginKey)).one().model_dump())
    assert not any(secret in kept for secret in (asked.token, asked.code, "browser"))


def test_the_code_counts_in_the_browser_that_asked(city: Session) -> None:
    asked = onetime.make_asked(city, HANDLER, asked="browser", now=NOW)
    with pytest.raises(WrongCode):
        onetime.use_code(city, "another browser", asked.code, now=NOW)
    spaced = f" {asked.code[:4]} {asked.code[4:]}"
    assert onetime.use_code(city, "browser", spaced, now=NOW).person_code == HANDLER


def test_link_and_code_are_one_key(city: Session) -> None:
    asked = onetime.make_asked(city, HANDLER, asked="browser", now=NOW)
    onetime.use(city, asked.token, now=NOW)
    with pytest.raises(WrongCode):
        onetime.use_code(city, "browser", asked.code, now=NOW)


def test_after_five_wrong_codes_the_right_one_is_wrong_too(city: Session) -> None:
    asked = onetime.make_asked(city, HANDLER, asked="browser", now=NOW)
    for _ in range(5):
        with pytest.raises(WrongCode):
            onetime.use_code(city, "browser", "x", now=NOW)
    with pytest.raises(WrongCode):
        onetime.use_code(city, "browser", asked.code, now=NOW)
