"""Two people, or a person and the system, at the same moment."""

import threading
from collections.abc import Callable
from datetime import date

from sqlalchemy import Engine, text
from sqlmodel import Session, select

from models.audit import Result, Round, RoundKind, Sheet
from models.calendar import DayKind
from models.calendar_sources import NoticeDay
from models.city import City
from models.unit import Tenure
from services import audits, calendars, digests, issues, watch
from services.audit_results import Seen, record
from services.audits import AuditOrder
from tests.cast import HANDLER, INSPECTOR, MONDAY, OFFICE, STRANGER, VERIFIER, an_issue, at, read, who
from tests.notifications.desk import a_message

ORDER = AuditOrder(
    kind=RoundKind.COVERT,
    area_code="5103",
    points=2,
    seed=7,
    inspectors=(INSPECTOR, VERIFIER),
    on_date=date(2026, 11, 3),
    requested_by=OFFICE,
    categories=("01",),
)


def meanwhile(first: Session, other: Callable[[], None]) -> None:
    """Start the other while the first has not committed; it may have to wait until then."""
    thread = threading.Thread(target=other)
    thread.start()
    thread.join(1)
    first.commit()
    thread.join(20)
    assert not thread.is_alive()


def test_an_issue_assigned_during_a_notice_is_on_the_new_calendar(city: Session, engine: Engine) -> None:
    key = an_issue(city)
    city.commit()
    with Session(engine) as assigning, Session(engine) as importing:
        issues.assign(assigning, issue_ids=[key], by=who(assigning, OFFICE), now=MONDAY, to="D-CGJ")

        def take_in() -> None:
            rows = [NoticeDay(date(2026, 11, 5), DayKind.HOLIDAY, "临时放假")]
            by = who(importing, "R00005")
            calendars.import_notice(importing, rows=rows, source="通知", now=MONDAY, by=by, commit=True)
            importing.commit()

        meanwhile(assigning, take_in)

    assert read(city, key).calendar_version == city.exec(select(City.calendar_version)).one()


def test_the_last_two_sheets_at_once_finish_the_round(city: Session, engine: Engine) -> None:
    audits.start(city, ORDER, now=MONDAY)
    city.commit()
    (one, its), (other, whose) = city.exec(select(Sheet.id, Sheet.inspector).order_by(Sheet.id)).all()
    seen = [Seen("01-01", Result.MET), Seen("01-02", Result.MET)]
    with Session(engine) as here, Session(engine) as there:
        record(here, sheet_id=one, by=who(here, its), now=MONDAY, observations=seen)

        def second() -> None:
            record(there, sheet_id=other, by=who(there, whose), now=MONDAY, observations=seen)
            there.commit()

        meanwhile(here, second)

    city.expire_all()
    assert city.exec(select(Round)).one().finished_at is not None


def test_the_daily_list_goes_to_who_holds_the_post_today(city: Session) -> None:
    an_issue(city, state="rectifying")
    city.connection().execute(text("UPDATE tenure SET valid_to = '2026-11-02' WHERE post_code = 'D-CGJ:handler'"))
    city.add(Tenure(post_code="D-CGJ:handler", person_code=STRANGER, valid_from=date(2026, 11, 3)))
    city.flush()
    digests.daily_digest(city, now=at("2026-11-03 08:20"))

    query = text("SELECT person_code FROM message WHERE kind = 'daily_digest'")
    told = {person for (person,) in city.connection().execute(query)}
    assert STRANGER in told
    assert HANDLER not in told


def test_moving_the_clock_makes_no_send_look_stale(city: Session) -> None:
    a_message(city)
    city.connection().execute(text("UPDATE message SET state = 'sending', claimed_at = clock_timestamp()"))

    assert watch.look(city, now=at("2099-01-05 10:00")).stale_sending.count == 0
