"""What locks many rows at once never waits for another in a ring: the round, a notice, the seal, what is passed up."""

import random
from datetime import date

import pytest
from sqlmodel import Session

from models.calendar import DayKind
from models.calendar_sources import NoticeDay
from models.lifecycle import State
from services import calendars, reach, sweeps
from services.sweeps import Sessions
from tests.cast import MONDAY, an_issue, at, who
from tests.concurrency.crowd import deadlocks, in_processes, is_sealed, many, rows
from tests.corners.verbs import run as execute

DUE = at("2026-11-05 17:00")
ADMINISTRATOR = "R00005"


def take_in(sessions: Sessions, *, day: int = 12) -> None:
    rows = [NoticeDay(date(2026, 11, day), DayKind.HOLIDAY, "临时放假")]
    with sessions() as session:
        by = who(session, ADMINISTRATOR)
        calendars.import_notice(session, rows=rows, source="通知", now=DUE, by=by, commit=True)
        session.commit()


def test_notices_that_come_while_rounds_take_their_locks_make_no_ring(city: Session, database_url: str) -> None:
    many(city, 300, state="rectifying")

    def work(sessions: Sessions, n: int) -> None:
        if n:
            sweeps.sweep(sessions, State.RECTIFYING, now=DUE, batch=5)
        else:
            for day in (10, 11, 12, 16, 17, 18):
                take_in(sessions, day=day)

    in_processes(3, work, url=database_url)

    assert deadlocks(city) == 0
    assert is_sealed(city)


MISSING = ("T510302001002:deputy_leader", "T510302001002:direct_leader")  # both lead to the street's chief


def test_workers_who_pass_up_what_leads_to_the_same_post_make_no_ring(
    city: Session, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same row, to be told to the same post, is wanted by several workers, in another order by each."""
    monkeypatch.setattr(reach, "BATCH", 50)
    issue = an_issue(city, state="rectifying")
    execute(city, "DELETE FROM message")
    wanted = [(f"{issue}-{n}", post) for n in range(EVENTS) for post in MISSING]
    for base, post in random.Random(7).sample(wanted, len(wanted)):
        execute(city, FAILED, key=f"{base}-{post}", issue=issue, post=post, now=MONDAY)
    execute(city, SLOWLY)
    city.commit()

    def pass_up(sessions: Sessions, _: int) -> int:
        done = 0
        while True:
            with sessions() as session:
                count = reach.pass_up(session, now=MONDAY)
                session.commit()
            if not count:
                return done
            done += count

    assert sum(in_processes(4, pass_up, url=database_url)) == len(wanted)
    assert rows(city, "SELECT post_code, count(*) FROM message WHERE state = 'pending' GROUP BY 1") == [
        ("510302001:street_chief", EVENTS)
    ]
    assert deadlocks(city) == 0


EVENTS = 100
FAILED = (
    "INSERT INTO message (key, kind, issue_id, post_code, area_path, why, channels, urgency, facts, state, failure,"
    " not_before, created_at, tries) VALUES (:key, 'due_warning', :issue, :post,"
    " '5103/510302/510302001/510302001002/510302001002001', 'unit.handler', '{app,chat}', 4, '{}', 'failed', 'vacant',"
    " :now, :now, 0)"
)
SLOWLY = """
CREATE FUNCTION slowly() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(0.003); RETURN NEW; END';
CREATE TRIGGER slowly BEFORE INSERT ON message FOR EACH ROW EXECUTE FUNCTION slowly();
"""
