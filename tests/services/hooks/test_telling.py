"""Subscribers are told what happens, once, in order, signed; of what they asked for, and of nothing secret."""

import json
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlmodel import Session, select

from models.hook import HookEvent
from models.issue import Issue, IssueEvent
from models.message import MessageState
from runtime.settings import PROJECT
from services import audit_publishing, audit_results, audit_view, audits, hooks, issues, requests
from services.audits import AuditOrder
from tests.cast import HANDLER, INSPECTOR, MONDAY, OFFICE, an_issue, who
from tests.notifications.channels.sinks import Sink
from tests.notifications.desk import a_message
from tests.services.hooks.desk import admin, fresh, genuine, later, received, states, subscribed, told, tries, types
from web.api import schemas


def test_nothing_is_written_down_while_nobody_subscribes(city: Session) -> None:
    an_issue(city)
    assert city.exec(select(HookEvent)).all() == []


def test_what_happens_is_told_in_order(city: Session, sessions, sink: Sink) -> None:
    made = subscribed(city, sink)
    an_issue(city, state="closed")
    city.commit()
    told(sessions)
    assert types(sink) == [
        "issue.find",
        "issue.assign",
        "issue.sign_in",
        "issue.submit",
        "issue.pass",
        "issue.close_out",
    ]
    assert [one["data"]["event"]["seq"] for one in received(sink)] == [1, 2, 3, 4, 5, 6]
    assert set(states(city, made)) == {"sent"}
    assert told(sessions).tries == 0


def test_what_happened_before_is_not_told(city: Session, sessions, sink: Sink) -> None:
    an_issue(city)
    city.commit()
    subscribed(city, sink)
    told(sessions)
    assert sink.requests == []


def test_each_is_signed_with_a_key_of_its_own(city: Session, sessions, sink: Sink) -> None:
    made = subscribed(city, sink)
    an_issue(city, state="assigned")
    city.commit()
    told(sessions)
    assert genuine(sink, made.secret)
    assert not genuine(sink, "whsec_" + "A" * 44)
    assert not genuine(sink, made.secret, now=later(minutes=6))
    keys = [one.headers["webhook-id"] for one in sink.requests]
    assert keys == [one["id"] for one in received(sink)]
    assert len(set(keys)) == 2


def test_a_body_that_was_changed_is_not_genuine(city: Session, sessions, sink: Sink) -> None:
    made = subscribed(city, sink)
    an_issue(city)
    city.commit()
    told(sessions)
    sink.requests = [replace(sink.requests[0], body=sink.requests[0].body.replace("垃圾桶", "花坛"))]
    assert not genuine(sink, made.secret)


@pytest.mark.parametrize(
    ("wish", "wanted"),
    [
        ({"kinds": ("issue.assign",)}, ["issue.assign"]),
        ({"kinds": ("issue.*",)}, ["issue.find", "issue.assign"]),
        ({"kinds": ("audit.*", "request.*")}, []),
        ({"area": "510302"}, ["issue.find", "issue.assign"]),
        ({"area": "510303"}, []),
        ({"unit": "D-CGJ"}, ["issue.find", "issue.assign"]),
        ({"unit": "D-SCJGJ"}, []),
        ({"severities": ("S1",)}, []),
    ],
)
def test_only_what_was_asked_for_is_told(city: Session, sessions, sink: Sink, wish: dict, wanted: list) -> None:
    subscribed(city, sink, **{"kinds": ("*",), **wish})
    an_issue(city, state="assigned")
    city.commit()
    told(sessions)
    assert types(sink) == wanted


def test_two_subscribers_each_get_their_own(city: Session, sessions, sink: Sink) -> None:
    subscribed(city, sink, "issue.find")
    subscribed(city, sink, "issue.find", "issue.assign", url=f"{sink.http}/other")
    an_issue(city, state="assigned")
    city.commit()
    told(sessions)
    assert sorted(one.path for one in sink.requests) == ["/events", "/other", "/other"]


def test_who_found_it_and_what_was_said_stay_here(city: Session, sessions, sink: Sink) -> None:
    subscribed(city, sink)
    key = an_issue(city, state="assigned")
    issues.comment(city, issue_ids=[key], by=who(city, OFFICE), now=MONDAY, text="请书记批示")
    issues.comment(city, issue_ids=[key], by=who(city, INSPECTOR), now=MONDAY, text="我是上报人")
    city.commit()
    told(sessions)
    everything = "".join(one.body for one in sink.requests)
    assert INSPECTOR not in everything
    assert "批示" not in everything
    assert "上报人" not in everything
    assert not any(name in everything for name in ("found_by", '"hash"', "previous_hash"))
    assert received(sink)[1]["data"]["event"]["actor"] == OFFICE


def test_it_is_the_issue_as_the_api_lists_it(city: Session, sessions, sink: Sink) -> None:
    subscribed(city, sink, "issue.assign")
    key = an_issue(city, state="assigned")
    city.commit()
    told(sessions)
    (one,) = received(sink)
    line = schemas.IssueLine.model_validate(one["data"]["issue"])
    assert line.model_dump(mode="json") == one["data"]["issue"]
    assert (line.number, line.state) == (city.get_one(Issue, key).number, "assigned")
    event = city.exec(select(IssueEvent).where(IssueEvent.issue_id == key, IssueEvent.action == "assign")).one()
    api = schemas.Event.model_validate(event).model_dump(mode="json")
    assert one["data"]["event"] == {name: value for name, value in api.items() if name != "hash"}


def test_an_audit_is_told_and_a_covert_one_only_when_it_is_published(city: Session, sessions, sink: Sink) -> None:
    subscribed(city, sink, "audit.*")
    for kind in ("announced", "covert"):
        order = AuditOrder(
            kind=kind,
            area_code="5103",
            points=1,
            seed=7,
            inspectors=(INSPECTOR,),
            on_date=MONDAY.date(),
            requested_by=OFFICE,
        )
        started = audits.start(city, order, now=MONDAY)
    city.commit()
    told(sessions)
    assert types(sink) == ["audit.started"]
    round_ = audit_view.must_see_round(city, who(city, OFFICE), started.number)
    audit_results.end(city, round_, by=who(city, OFFICE), why="暴雨", now=MONDAY)
    city.commit()
    told(sessions)
    assert types(sink) == ["audit.started"]
    audit_publishing.publish(city, started.number, by=who(city, OFFICE), now=MONDAY)
    city.commit()
    told(sessions)
    assert types(sink) == ["audit.started", "audit.finished"]
    assert received(sink)[1]["data"]["audit"]["number"] == started.number
    assert INSPECTOR not in "".join(one.body for one in sink.requests)


def test_a_request_is_told_as_one(city: Session, sessions, sink: Sink) -> None:
    subscribed(city, sink, "request.*")
    key = an_issue(city, state="rectifying")
    requests.ask_extension(
        city, issue_ids=[key], by=who(city, HANDLER), now=MONDAY, reason="等材料", amount="1 working_days"
    )
    city.commit()
    told(sessions)
    assert types(sink) == ["request.ask_extension"]


def test_a_message_that_reached_nobody_is_told_without_its_text(city: Session, sessions, sink: Sink) -> None:
    subscribed(city, sink, "message.*")
    key = a_message(city)
    city.connection().exec_driver_sql(
        "UPDATE message SET state = 'failed', failure = 'no_address' WHERE id = %s", (key,)
    )
    city.commit()
    told(sessions)
    (one,) = received(sink)
    assert (one["type"], one["data"]["message"]["state"]) == ("message.failed", MessageState.FAILED)
    assert set(one["data"]["message"]) == {
        *("id", "kind", "issue", "post", "state", "failure", "created_at", "finished_at")
    }


def test_who_lost_the_right_is_told_nothing_until_another_takes_over(city: Session, sessions, sink: Sink) -> None:
    made = subscribed(city, sink)
    city.connection().exec_driver_sql("UPDATE tenure SET valid_to = '2026-11-01' WHERE person_code = 'R00005'")
    an_issue(city)
    city.commit()
    told(sessions)
    assert (sink.requests, fresh(city, made).pause) == ([], "right")
    city.connection().exec_driver_sql("UPDATE tenure SET valid_to = NULL WHERE person_code = 'R00005'")
    hooks.resume(city, made.hook.id, by=admin(city), now=MONDAY)
    an_issue(city, standard="01-02")
    city.commit()
    told(sessions)
    assert (types(sink), tries(city, made)) == (["issue.find"], [("ok", 204)])


def test_the_guide_shows_what_arrives(city: Session, sessions, sink: Sink) -> None:
    guide = (PROJECT / "docs" / "howto" / "webhooks.md").read_text()
    shown = json.loads(re.search(r'```json\n({\n  "id".*?)```', guide, re.DOTALL)[1])
    subscribed(city, sink, "issue.assign")
    an_issue(city, state="assigned")
    city.commit()
    told(sessions)
    (one,) = received(sink)
    assert shown.keys() == one.keys()
    assert shown["data"]["event"].keys() == one["data"]["event"].keys()
    assert shown["data"]["issue"].keys() - {"…"} <= one["data"]["issue"].keys()


def test_two_workers_tell_each_event_once_and_in_order(city: Session, sessions, sink: Sink) -> None:
    subscribed(city, sink)
    for n in range(8):
        an_issue(city, state="rectifying", description=f"{n}")
    city.commit()
    with ThreadPoolExecutor(2) as both:
        list(both.map(lambda _: told(sessions), range(2)))
    told(sessions)
    seqs: dict[str, list[int]] = {}
    for one in received(sink):
        seqs.setdefault(one["data"]["issue"]["number"], []).append(one["data"]["event"]["seq"])
    assert sorted(seqs.values()) == [[1, 2, 3]] * 8
