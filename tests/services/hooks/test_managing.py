"""Subscriptions: made, changed, given a new secret, ended, replayed, tried; for administrators of the city alone."""

from datetime import timedelta

import pytest
from sqlmodel import Session, select

from models.errors import ActionNotAllowed, NotFound, SomebodyWasFaster, WrongValue
from models.hook import Hook, HookAttempt
from services import hooks, hooks_log, hooks_matching
from services.hooks import Wish
from services.hooks_errors import HookEnded, TooManyHooks, TooMuchToReplay
from tests.cast import HANDLER, MONDAY, OFFICE, an_issue, who
from tests.notifications.channels.sinks import Sink
from tests.services.hooks.desk import (
    KEYS,
    LOOPBACK,
    admin,
    fresh,
    genuine,
    later,
    received,
    states,
    subscribed,
    told,
    tries,
    types,
)

WISH = Wish("cockpit", "https://hooks.example.org/in", ("issue.*",))


def made(session: Session, by, **wish: object):
    given = {**vars(WISH), **wish}
    return hooks.make(session, Wish(**given), by=by, keys=KEYS, networks=(), now=MONDAY)


@pytest.mark.parametrize("person", [OFFICE, HANDLER])
def test_only_an_administrator_of_the_city_may(city: Session, person: str) -> None:
    with pytest.raises(ActionNotAllowed):
        made(city, who(city, person))
    with pytest.raises(ActionNotAllowed):
        hooks.hooks(city, who(city, person))


def test_the_secret_does_not_lie_in_the_database(city: Session) -> None:
    one = made(city, admin(city))
    kept = city.connection().exec_driver_sql("SELECT row_to_json(hook)::text FROM hook").scalar_one()
    assert one.secret.startswith("whsec_")
    assert one.secret.removeprefix("whsec_") not in kept


@pytest.mark.parametrize(
    "wish",
    [
        *({"url": url} for url in ("", "ftp://a/b", "https://", "http://hooks.example.org", "https://u:p@host/")),
        *(
            {"url": url}
            for url in ("https://127.0.0.1/", "https://[::1]/", "https://10.0.0.8/x", "https://169.254.169.254")
        ),
        *(
            {"url": url}
            for url in ("https://h/#part", "https://h/" + "x" * 500, "https://h/a b", "https://h/\nx", "javascript:1")
        ),
        *({"url": url} for url in ("https://[::ffff:10.0.0.1]/", "https://h:99999/", "https://[", "//h/x")),
        *({"kinds": kinds} for kinds in ((), ("issue",), ("issue.nope",), ("drop table",), ("audit.*", "x"))),
        *({"severities": ("S9",)}, {"name": ""}, {"name": " "}, {"name": "x" * 81}, {"name": "a\x00b"}),
    ],
)
def test_what_cannot_be_meant_is_refused(city: Session, wish: dict) -> None:
    with pytest.raises(WrongValue):
        made(city, admin(city), **wish)
    assert city.exec(select(Hook)).all() == []


@pytest.mark.parametrize("wish", [{"area": "9999"}, {"unit": "D-NOPE"}])
def test_a_place_that_is_none_is_refused(city: Session, wish: dict) -> None:
    with pytest.raises(NotFound):
        made(city, admin(city), **wish)


def test_there_are_not_too_many(city: Session) -> None:
    for nth in range(hooks.MOST):
        made(city, admin(city), name=f"{nth}")
    with pytest.raises(TooManyHooks):
        made(city, admin(city))


def test_a_name_is_given_once(city: Session) -> None:
    key = made(city, admin(city)).hook.id
    with pytest.raises(WrongValue):
        made(city, admin(city))
    hooks.end(city, key, by=admin(city), now=MONDAY)
    assert made(city, admin(city)).hook.name == WISH.name


def test_a_change_over_somebodys_head_is_refused(city: Session) -> None:
    key = made(city, admin(city)).hook.id
    how = {"by": admin(city), "networks": (), "now": MONDAY}
    changed = hooks.change(city, key, Wish("other", WISH.url, ("audit.*",)), version=1, **how)
    assert (changed.version, changed.name, changed.kinds) == (2, "other", ["audit.*"])
    with pytest.raises(SomebodyWasFaster):
        hooks.change(city, key, WISH, version=1, **how)


def test_both_secrets_sign_for_a_while(city: Session, sessions, sink: Sink) -> None:
    one = subscribed(city, sink, "issue.find")
    new = hooks.rotate(city, one.hook.id, by=admin(city), keys=KEYS, overlap=timedelta(hours=2), now=MONDAY)
    an_issue(city)
    city.commit()
    told(sessions)
    assert genuine(sink, one.secret)
    assert genuine(sink, new.secret)
    an_issue(city, standard="01-02")
    city.commit()
    told(sessions, now=later(hours=2))
    assert not genuine(sink, one.secret, nth=1, now=later(hours=2))
    assert genuine(sink, new.secret, nth=1, now=later(hours=2))


def test_nothing_leaves_unsigned_when_the_keys_are_lost(city: Session, sessions, sink: Sink) -> None:
    one = subscribed(city, sink)
    city.connection().exec_driver_sql("UPDATE hook SET secret = 'gAAAAA'")
    an_issue(city)
    city.commit()
    told(sessions)
    assert (sink.requests, tries(city, one)) == ([], [("down", None)])


def test_one_that_was_ended_is_told_nothing_and_does_nothing(city: Session, sessions, sink: Sink) -> None:
    one = subscribed(city, sink)
    hooks.end(city, one.hook.id, by=admin(city), now=MONDAY)
    an_issue(city)
    city.commit()
    told(sessions)
    assert (sink.requests, hooks.hooks(city, admin(city))) == ([], [])
    assert len(hooks.hooks(city, admin(city), ended=True)) == 1
    for act in (hooks.pause, hooks.resume):
        with pytest.raises(HookEnded):
            act(city, one.hook.id, by=admin(city), now=MONDAY)


def test_one_event_is_told_again_under_its_key(city: Session, sessions, sink: Sink) -> None:
    one = subscribed(city, sink)
    an_issue(city)
    city.commit()
    told(sessions)
    (delivery,) = hooks_log.deliveries(city, one.hook.id, by=admin(city))
    hooks_log.again(city, one.hook.id, delivery.id, by=admin(city), now=MONDAY)
    city.commit()
    told(sessions)
    assert len({doc["id"] for doc in received(sink)}) == 1
    assert len(sink.requests) == 2


def test_all_since_a_time_is_told_again_in_order_what_came_before_too(city: Session, sessions, sink: Sink) -> None:
    an_issue(city, state="assigned")
    one = subscribed(city, sink, "issue.*")
    an_issue(city, state="rectifying", standard="01-02")
    city.commit()
    told(sessions)
    first = types(sink)
    many = hooks_log.replay(city, one.hook.id, since=MONDAY, by=admin(city), now=MONDAY)
    city.commit()
    told(sessions)
    again = [doc for doc in received(sink)[len(first) :] if doc["data"]["event"]["seq"]]
    assert (many, len(again), first) == (5, 5, ["issue.find", "issue.assign", "issue.sign_in"])
    of = {}
    for doc in again:
        of.setdefault(doc["data"]["issue"]["number"], []).append(doc["data"]["event"]["seq"])
    assert sorted(of.values()) == [[1, 2], [1, 2, 3]]
    assert set(states(city, one)) == {"sent"}


def test_a_replay_of_too_much_is_refused(city: Session, sink: Sink, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hooks_matching, "MOST_REPLAYED", 1)
    an_issue(city, state="assigned")
    one = subscribed(city, sink)
    with pytest.raises(TooMuchToReplay):
        hooks_log.replay(city, one.hook.id, since=MONDAY, by=admin(city), now=MONDAY)


def test_a_test_says_what_came_of_it_and_changes_nothing(city: Session, sink: Sink) -> None:
    one = subscribed(city, sink)
    sink.answer = (503, {}, "busy")
    how = {"by": admin(city), "keys": KEYS, "networks": LOOPBACK, "now": MONDAY}
    answered = hooks_log.ping(city, one.hook.id, **how)
    city.commit()
    assert (answered.told, answered.status, answered.said) == ("down", 503, "busy")
    assert (types(sink), genuine(sink, one.secret)) == (["ping"], True)
    assert (fresh(city, one).failing_since, tries(city, one)) == (None, [("down", 503)])


def test_the_log_is_forgotten_after_a_month(city: Session, sessions, sink: Sink) -> None:
    one = subscribed(city, sink)
    an_issue(city)
    city.commit()
    told(sessions)
    assert hooks_log.forget(city, now=later(days=30)) == 0
    assert hooks_log.forget(city, now=later(days=30, seconds=1)) == 2
    city.commit()
    assert (city.exec(select(HookAttempt)).all(), states(city, one)) == ([], [])
