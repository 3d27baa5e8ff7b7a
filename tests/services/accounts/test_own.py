"""What people change about their own log-in, and what a browser found open may not."""

from datetime import timedelta

import pytest
from sqlmodel import Session, select

from models.account import Account, LoginSession
from models.errors import NotFound
from services import sessions as service
from services.accounts import own, passwords
from services.accounts.entering import by_password
from services.accounts.errors import MustHaveOne, NotInADemo, ShowWhoYouAre, TooManyTries, WeakPassword, WrongCode
from services.accounts.own import Owner
from services.sessions import Method
from tests.cast import HANDLER, OFFICE
from tests.services.accounts.door import HERE, NOW, PASSWORD, STEP, VAULT, give_app, give_password

LATER = NOW + timedelta(minutes=16)
NEW = "a new and long sentence"


def owner(session: Session, sessions, *, method=Method.PASSWORD, now=NOW, person=HANDLER) -> Owner:
    """Somebody whose session was opened at NOW."""
    token = service.open_session(session, person, method=method, device="d", now=NOW)
    session.commit()
    opened = service.find_session(session, token, now=NOW)
    return Owner(session, sessions, opened, HERE, VAULT, now)


def open_sessions(session: Session, person: str = HANDLER) -> int:
    return len(service.sessions_of(session, person, now=NOW))


def test_a_fresh_log_in_sets_a_password_without_the_old_one(city: Session, sessions) -> None:
    own.change_password(owner(city, sessions), present="", new=NEW)
    city.commit()
    assert by_password(sessions, name=HANDLER, password=NEW, visitor=HERE, now=NOW).session


def test_later_the_present_password_is_asked_for(city: Session, sessions) -> None:
    give_password(city, HANDLER)
    mine = owner(city, sessions, now=LATER)
    for present in ("", "wrong wrong wrong"):
        with pytest.raises(ShowWhoYouAre):
            own.change_password(mine, present=present, new=NEW)
    own.change_password(mine, present=PASSWORD, new=NEW)


def test_guessing_the_present_password_takes_for_ever(city: Session, sessions) -> None:
    give_password(city, HANDLER)
    mine = owner(city, sessions, now=LATER)
    for _ in range(5):
        with pytest.raises(ShowWhoYouAre):
            own.change_password(mine, present="wrong wrong wrong", new=NEW)
    with pytest.raises(TooManyTries):
        own.change_password(mine, present=PASSWORD, new=NEW)


def test_a_new_password_ends_every_other_session(city: Session, sessions) -> None:
    owner(city, sessions)
    mine = owner(city, sessions)
    assert own.change_password(mine, present="", new=NEW) == 1
    assert [one.id for one in own.open_ones(mine)] == [mine.opened.id]


def test_a_weak_one_changes_nothing(city: Session, sessions) -> None:
    with pytest.raises(WeakPassword):
        own.change_password(owner(city, sessions), present="", new="password123")
    assert city.get(Account, HANDLER) is None


def test_whoever_went_in_by_one_tap_changes_nothing(city: Session, sessions) -> None:
    mine = owner(city, sessions, method=Method.DEMO)
    for change in (
        lambda: own.change_password(mine, present="", new=NEW),
        lambda: own.begin_second(mine),
        lambda: own.confirm_second(mine, "123456"),
        lambda: own.remove_second(mine, "123456", must=False),
    ):
        with pytest.raises(NotInADemo):
            change()


def test_setting_the_app_up_takes_a_fresh_log_in(city: Session, sessions) -> None:
    with pytest.raises(ShowWhoYouAre):
        own.begin_second(owner(city, sessions, now=LATER))


def test_setting_it_up_ends_every_other_session_and_marks_this_one(city: Session, sessions) -> None:
    import pyotp

    owner(city, sessions)
    mine = owner(city, sessions)
    own.begin_second(mine)
    app = pyotp.TOTP(VAULT.open(passwords.account(city, HANDLER).totp_secret))
    assert len(own.confirm_second(mine, app.at(NOW))) == 10
    city.commit()
    rows = city.exec(select(LoginSession).where(LoginSession.ended_at == None)).all()  # noqa: E711 - SQL
    assert [(row.id, bool(row.second_at)) for row in rows] == [(mine.opened.id, True)]


def test_it_is_given_up_against_a_code_alone(city: Session, sessions) -> None:
    app, _ = give_app(city, HANDLER)
    mine = owner(city, sessions, now=NOW + STEP)
    with pytest.raises(WrongCode):
        own.remove_second(mine, "000000", must=False)
    own.remove_second(mine, app.at(NOW + STEP), must=False)
    assert own.state(mine).second_at is None


def test_whoever_must_have_it_keeps_it(city: Session, sessions) -> None:
    app, _ = give_app(city, OFFICE)
    with pytest.raises(MustHaveOne):
        own.remove_second(owner(city, sessions, person=OFFICE, now=NOW + STEP), app.at(NOW + STEP), must=True)


def test_one_session_of_mine_is_ended_and_nobody_elses(city: Session, sessions) -> None:
    other, mine, strange = owner(city, sessions), owner(city, sessions), owner(city, sessions, person=OFFICE)
    own.end_one(mine, other.opened.id)
    with pytest.raises(NotFound):
        own.end_one(mine, strange.opened.id)
    city.commit()
    assert (open_sessions(city), open_sessions(city, OFFICE)) == (1, 1)


def test_all_but_this_one(city: Session, sessions) -> None:
    for _ in range(3):
        owner(city, sessions)
    assert own.end_others(owner(city, sessions)) == 3


def test_failures_since_the_log_in_are_counted(city: Session, sessions) -> None:
    mine = owner(city, sessions)
    for _ in range(2):
        with pytest.raises(Exception, match="not right"):
            by_password(sessions, name=HANDLER, password="x", visitor=HERE, now=NOW + timedelta(seconds=1))
    assert own.state(mine).failed == 2
