"""A receiver that fails: nothing is lost, nothing overtakes, nobody else waits, and people hear of it once."""

from datetime import timedelta

import pytest
from sqlmodel import Session, col, select

from models.hook import HookAttempt
from models.message import Message
from services import hooks, issues
from services.hooks_claiming import LEASE, claim
from services.hooks_matching import match
from services.hooks_pace import AGAIN_AFTER, LONGEST, SHORTEST, again, rest
from tests.cast import MONDAY, OFFICE, an_issue, who
from tests.notifications.channels.noting import _Noting, noting_sink
from tests.notifications.channels.sinks import Sink
from tests.services.hooks.desk import KEYS, admin, fresh, later, received, states, subscribed, told, tries, types

LADDER = ["issue.find", "issue.assign", "issue.sign_in"]


def alarms(session: Session) -> list[list[str]]:
    session.rollback()
    query = select(Message).where(Message.kind == "watchdog", col(Message.post_code).like("%:administrator"))
    return [one.facts["problems"] for one in session.exec(query.order_by(col(Message.id)))]


@pytest.mark.parametrize("answer", [(500, {}, "boom"), (503, {}, ""), (429, {}, ""), (502, {}, ""), "drop"])
def test_a_receiver_that_is_not_there_rests_and_gets_all_in_order_later(city, sessions, sink: Sink, answer) -> None:
    made = subscribed(city, sink)
    an_issue(city, state="rectifying")
    city.commit()
    sink.answer = answer
    assert told(sessions).told == {"down": 1}
    assert told(sessions, now=later(seconds=9)).tries == 0
    sink.answer = (204, {}, "")
    told(sessions, now=later(seconds=10))
    assert types(sink)[1:] == LADDER
    assert (set(states(city, made)), fresh(city, made).failing_since) == ({"sent"}, None)


def test_a_receiver_says_when_it_wants_to_be_asked_again(city, sessions, sink: Sink) -> None:
    subscribed(city, sink)
    an_issue(city)
    city.commit()
    sink.answer = (429, {"Retry-After": "600"}, "")
    told(sessions)
    assert told(sessions, now=later(minutes=9)).tries == 0
    assert told(sessions, now=later(minutes=10)).tries == 1


def test_one_event_that_is_refused_holds_up_only_its_own_issue(city, sessions, sink: Sink) -> None:
    made = subscribed(city, sink)
    an_issue(city)
    city.commit()
    sink.answer = (422, {}, "no such field")
    told(sessions)
    key = an_issue(city, standard="01-02")
    issues.assign(city, issue_ids=[key], by=who(city, OFFICE), now=MONDAY, to="D-CGJ")
    city.commit()
    sink.answer = (204, {}, "")
    told(sessions)
    assert states(city, made) == ["waiting", "sent", "sent"]
    told(sessions, now=later(minutes=1))
    assert set(states(city, made)) == {"sent"}
    assert tries(city, made)[0] == ("refused", 422)


def test_nothing_about_an_issue_overtakes_what_was_refused_before(city, sessions, sink: Sink) -> None:
    made = subscribed(city, sink)
    an_issue(city, state="rectifying")
    city.commit()
    sink.answer = (400, {}, "")
    told(sessions)
    assert (states(city, made), len(sink.requests)) == (["waiting"] * 3, 1)


class Picky(_Noting):
    """Refuses what is about one thing."""

    def note(self, body: str) -> None:
        super().note(body)
        self.server.answer = (422, {}, "") if "垃圾桶" in body else (204, {}, "")


def test_an_event_is_given_up_when_it_was_refused_for_two_days_and_others_go_on(city, sessions, sink: Sink) -> None:
    sink.RequestHandlerClass = Picky
    made = subscribed(city, sink, "issue.find", "issue.assign")
    first, now = an_issue(city), MONDAY
    for nth, wait in enumerate((timedelta(), *AGAIN_AFTER)):
        now += wait
        city.commit()
        told(sessions, now=now)
        an_issue(city, standard="01-02", description=f"{nth}")
        city.commit()
        told(sessions, now=now)
    assert states(city, made) == ["failed", *["sent"] * 8]
    issues.assign(city, issue_ids=[first], by=who(city, OFFICE), now=MONDAY, to="D-CGJ")
    city.commit()
    told(sessions, now=now)
    assert (received(sink)[-1]["type"], states(city, made)[-1]) == ("issue.assign", "waiting")


def test_a_redirect_is_not_followed(city, sessions, sink: Sink) -> None:
    made = subscribed(city, sink)
    an_issue(city)
    city.commit()
    with noting_sink() as other:
        sink.answer = (302, {"Location": f"{other.http}/"}, "")
        told(sessions)
        assert other.requests == []
    assert tries(city, made) == [("refused", 302)]


def test_an_address_of_the_inside_is_never_called(city, sessions, sink: Sink) -> None:
    made = subscribed(city, sink, url=f"http://localhost:{sink.server_port}/")
    an_issue(city)
    city.commit()
    told(sessions, networks=())
    assert (sink.connections, tries(city, made)) == (0, [("down", None)])


def test_a_failing_receiver_is_told_of_once_then_rests_then_works_again(city, sessions, sink: Sink) -> None:
    made = subscribed(city, sink)
    an_issue(city)
    city.commit()
    sink.answer = (500, {}, "")
    for minutes in (0, 30, 59):
        told(sessions, now=later(minutes=minutes))
    assert alarms(city) == []
    for hours in (2, 4, 8, 23):
        told(sessions, now=later(hours=hours))
    assert len(alarms(city)) == 1
    told(sessions, now=later(hours=25))
    hook = fresh(city, made)
    assert (len(alarms(city)), hook.state, hook.pause) == (2, "paused", "failing")
    assert told(sessions, now=later(hours=30)).tries == 0
    sink.answer = (204, {}, "")
    told(sessions, now=later(hours=31))
    assert (fresh(city, made).state, states(city, made), len(alarms(city))) == ("active", ["sent"], 3)


def test_what_happens_while_it_rests_is_told_when_it_is_resumed(city, sessions, sink: Sink) -> None:
    made = subscribed(city, sink)
    hooks.pause(city, made.hook.id, by=admin(city), now=MONDAY)
    an_issue(city, state="rectifying")
    city.commit()
    told(sessions)
    assert (sink.requests, states(city, made)) == ([], ["waiting"] * 3)
    hooks.resume(city, made.hook.id, by=admin(city), now=MONDAY)
    city.commit()
    told(sessions)
    assert types(sink) == LADDER


def test_a_receiver_that_is_gone_is_paused_at_once(city, sessions, sink: Sink) -> None:
    made = subscribed(city, sink)
    an_issue(city, state="assigned")
    city.commit()
    sink.answer = (410, {}, "")
    told(sessions)
    hook = fresh(city, made)
    assert (hook.state, hook.pause, len(sink.requests), len(alarms(city))) == ("paused", "gone", 1, 1)
    assert told(sessions, now=later(days=2)).tries == 0


def test_a_receiver_that_hangs_holds_up_nobody_else(city, sessions, sink: Sink) -> None:
    subscribed(city, sink)
    with noting_sink() as hung:

        class Freeing(_Noting):
            """The other one hangs until all has come here."""

            def note(self, body: str) -> None:
                super().note(body)
                if len(sink.requests) == 6:
                    hung.free.set()

        sink.RequestHandlerClass, hung.answer = Freeing, "hang"
        subscribed(city, hung, "issue.find")
        an_issue(city, state="closed")
        city.commit()
        told(sessions)
        assert (len(sink.requests), hung.free.is_set()) == (6, True)


def test_what_a_receiver_answers_is_kept_short_and_harmless(city, sessions, sink: Sink) -> None:
    subscribed(city, sink)
    an_issue(city)
    city.commit()
    sink.answer = (400, {}, "\x1b[31m<script>\x00" + "长" * 5000)
    told(sessions)
    said = city.exec(select(HookAttempt)).one().said
    assert said.startswith("[31m<script>")
    assert (len(said), said.isprintable()) == (200, True)


def test_a_worker_that_died_leaves_nothing_untold(city, sessions, sink: Sink) -> None:
    made = subscribed(city, sink)
    an_issue(city)
    city.commit()
    with sessions() as session:
        match(session, now=MONDAY)  # died before the commit
    with sessions() as session:
        match(session, now=MONDAY)
        session.commit()
        claim(session, vault=hooks.vault(KEYS), held={}, now=MONDAY)  # and then died
    assert states(city, made) == ["sending"]
    assert told(sessions, now=MONDAY + LEASE).tries == 0
    told(sessions, now=MONDAY + LEASE + timedelta(seconds=1))
    assert (types(sink), states(city, made)) == (["issue.find"], ["sent"])


def test_an_event_that_commits_late_is_told_though_a_later_one_was_before(city, sessions, sink: Sink) -> None:
    keys = [an_issue(city), an_issue(city, standard="01-02")]
    subscribed(city, sink, "issue.assign")
    with sessions() as slow:
        issues.assign(slow, issue_ids=keys[:1], by=who(slow, OFFICE), now=MONDAY, to="D-CGJ")
        issues.assign(city, issue_ids=keys[1:], by=who(city, OFFICE), now=MONDAY, to="D-CGJ")
        city.commit()
        told(sessions)
        assert len(sink.requests) == 1
        slow.commit()
    told(sessions)
    assert len({one["data"]["issue"]["number"] for one in received(sink)}) == 2


def test_the_rest_grows_with_the_trouble_and_ends_at_an_hour() -> None:
    assert [rest(timedelta(seconds=n)) for n in (0, 60, 90_000)] == [SHORTEST, timedelta(minutes=1), LONGEST]
    assert rest(timedelta(), said=timedelta(days=9)) == timedelta(days=1)
    assert [again(n) for n in (1, len(AGAIN_AFTER), len(AGAIN_AFTER) + 1)] == [AGAIN_AFTER[0], AGAIN_AFTER[-1], None]
