"""The way in by name and password, and what it tells to whom."""

import dataclasses
from datetime import date, timedelta

import pytest
from sqlmodel import Session, col, select

from models.account import LoginEvent, LoginPace, LoginSession
from models.unit import Contact, Tenure
from services.accounts.entering import by_password
from services.accounts.errors import NoPostToday, NotKnown, TooManyTries
from services.accounts.record import Visitor
from tests.cast import HANDLER, OFFICE, STRANGER
from tests.services.accounts.door import HERE, NOW, PASSWORD, give_app, give_password, record_of

ADMINISTRATOR = "R00005"


@pytest.fixture
def handler(city: Session) -> Session:
    give_password(city, HANDLER)
    return city


def enter(sessions, name=HANDLER, password=PASSWORD, visitor=HERE, now=NOW):
    return by_password(sessions, name=name, password=password, visitor=visitor, now=now)


def test_the_right_password_opens_a_session(handler: Session, sessions) -> None:
    admission = enter(sessions)
    row = handler.exec(select(LoginSession)).one()
    assert admission.session
    assert (row.person_code, row.method, row.address, row.second_at) == (HANDLER, "password", HERE.address, None)
    assert row.token_hash != admission.session


def test_every_log_in_has_a_secret_of_its_own(handler: Session, sessions) -> None:
    assert enter(sessions).session != enter(sessions).session


@pytest.mark.parametrize("name", ["r00006", " R00006 ", "r00006@EXAMPLE.invalid", "r00006@example.invalid"])
def test_code_and_confirmed_mail_are_names(handler: Session, sessions, name: str) -> None:
    assert enter(sessions, name=name).person == HANDLER


def test_a_phone_is_a_name_with_or_without_its_country(handler: Session, sessions) -> None:
    handler.add(Contact(person_code=HANDLER, channel="sms", address="19900000001", verified_at=NOW))
    handler.commit()
    assert {enter(sessions, name=name).person for name in ("19900000001", "+86 199-0000-0001")} == {HANDLER}


def test_an_address_that_two_use_is_nobodys_name(handler: Session, sessions) -> None:
    for person in (HANDLER, OFFICE):
        handler.add(Contact(person_code=person, channel="sms", address="19900000001", verified_at=NOW))
    handler.commit()
    with pytest.raises(NotKnown):
        enter(sessions, name="19900000001")


def test_an_address_that_was_not_confirmed_is_no_name(handler: Session, sessions) -> None:
    handler.add(Contact(person_code=HANDLER, channel="sms", address="19900000001"))
    handler.commit()
    with pytest.raises(NotKnown):
        enter(sessions, name="19900000001")


@pytest.mark.parametrize(
    ("name", "password"),
    [
        (HANDLER, "wrong wrong wrong"),
        ("R77777", PASSWORD),
        (OFFICE, PASSWORD),
        (OFFICE, ""),
        ("", ""),
        ("\x00%_'", "\x00"),
    ],
)
def test_whatever_is_wrong_the_same_is_said(handler: Session, sessions, name: str, password: str) -> None:
    with pytest.raises(NotKnown):
        enter(sessions, name=name, password=password)
    assert handler.exec(select(LoginSession)).all() == []


def test_a_failure_is_on_record_without_what_was_typed(handler: Session, sessions) -> None:
    with pytest.raises(NotKnown):
        enter(sessions, password="a secret of another site")
    with pytest.raises(NotKnown):
        enter(sessions, name="my secret password")
    assert record_of(handler, HANDLER) == ["failed"]
    assert record_of(handler, None) == ["failed"]
    rows = [str(row.model_dump()) for kind in (LoginEvent, LoginPace) for row in handler.exec(select(kind))]
    assert rows
    assert not any("secret" in row for row in rows)


def test_after_five_wrong_ones_the_right_one_waits_too(handler: Session, sessions) -> None:
    for _ in range(5):
        with pytest.raises(NotKnown):
            enter(sessions, password="wrong wrong wrong")
    with pytest.raises(TooManyTries):
        enter(sessions)
    assert enter(sessions, now=NOW + timedelta(seconds=31)).session


def test_a_known_device_gets_in_while_strangers_guess(handler: Session, sessions) -> None:
    for place in range(5):
        with pytest.raises(NotKnown):
            enter(sessions, password="wrong wrong wrong", visitor=Visitor(f"203.0.113.{place}", "x"))
    with pytest.raises(TooManyTries):
        enter(sessions)
    assert enter(sessions, visitor=dataclasses.replace(HERE, mark="mine")).session


def test_a_stolen_mark_guesses_no_faster(handler: Session, sessions) -> None:
    marked = dataclasses.replace(HERE, mark="mine")
    for _ in range(10):
        with pytest.raises(NotKnown):
            enter(sessions, password="wrong wrong wrong", visitor=marked)
    with pytest.raises(TooManyTries):
        enter(sessions, visitor=marked)


def test_one_address_that_tries_many_names_waits(handler: Session, sessions) -> None:
    for place in range(60):
        with pytest.raises(NotKnown):
            enter(sessions, name=f"X{place}", password="")
    with pytest.raises(TooManyTries):
        enter(sessions, name="X99")


def test_a_known_device_gets_in_while_somebody_guesses_from_the_same_office(handler: Session, sessions) -> None:
    for place in range(60):
        with pytest.raises(NotKnown):
            enter(sessions, name=f"X{place}", password="")
    with pytest.raises(TooManyTries):
        enter(sessions)
    assert enter(sessions, visitor=dataclasses.replace(HERE, mark="mine")).session


def test_whoever_holds_no_post_today_does_not_get_in(city: Session, sessions) -> None:
    give_password(city, STRANGER)
    with pytest.raises(NoPostToday):
        enter(sessions, name=STRANGER)


def test_a_post_that_ended_yesterday_is_none(handler: Session, sessions) -> None:
    tenure = handler.exec(select(Tenure).where(col(Tenure.person_code) == HANDLER)).one()
    tenure.valid_to = date(2026, 11, 1)
    handler.commit()
    with pytest.raises(NoPostToday):
        enter(sessions)


@pytest.mark.parametrize("person", [OFFICE, ADMINISTRATOR])
def test_whoever_manages_the_city_sets_a_second_step_up_first(city: Session, sessions, person: str) -> None:
    give_password(city, person)
    admission = enter(sessions, name=person)
    assert (admission.session, bool(admission.second), admission.set_up) == (None, True, True)


def test_whoever_has_a_second_step_is_asked_for_it(handler: Session, sessions) -> None:
    give_app(handler, HANDLER)
    admission = enter(sessions)
    assert (admission.session, bool(admission.second), admission.set_up) == (None, True, False)


def test_nothing_secret_is_shown_by_its_repr(handler: Session, sessions) -> None:
    admission = enter(sessions)
    assert admission.session not in repr(admission)
