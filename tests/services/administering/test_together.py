"""Two at once, a load at the same time, a crash in between: nothing lost, nothing by halves."""

import threading
from datetime import date

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, func, select

from models.administration import CityChange, CityChangeSet, PackBody
from models.city import City
from models.point import Point
from models.rule import RuleSet
from models.unit import Person
from services import appointments
from services.administering import Edit, FileEdit, NotAsShown, apply, applying, file, propose, row
from services.cities import load, read_pack
from tests.services.administering.desk import LATER, actor, done
from tests.services.cities.packs import replace


def in_a_thread(engine: Engine, work) -> tuple[threading.Thread, list]:
    """Run `work(session)` beside this test; what it gives or raises is put into the list."""
    ended: list = []

    def run() -> None:
        with Session(engine, expire_on_commit=False) as session:
            try:
                ended.append(work(session))
                session.commit()
            except Exception as error:  # noqa: BLE001 - the test looks at it
                ended.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    return thread, ended


def waits(session: Session) -> bool:
    """Whether some other connection to this database waits for a lock."""
    query = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
    return session.connection().execute(text(query)).scalar_one() > 0


def until_it_waits(engine: Engine) -> None:
    for _ in range(2000):
        with Session(engine) as session:
            if waits(session):
                return
    raise AssertionError("nobody waits")


def test_two_who_confirm_at_once_do_not_overwrite_each_other(small, engine):
    edits = [
        Edit("points", "P-0001", {"address": words}, row(small, "points", "P-0001").mark) for words in ("甲的", "乙的")
    ]
    prints = [propose(small, [edit], actor=actor(small), now=LATER).fingerprint for edit in edits]
    by = actor(small)
    small.rollback()

    apply(small, edits[:1], actor=by, why="x", fingerprint=prints[0], now=LATER)
    thread, ended = in_a_thread(
        engine, lambda other: apply(other, edits[1:], actor=by, why="y", fingerprint=prints[1], now=LATER)
    )
    until_it_waits(engine)
    small.commit()
    thread.join(30)

    assert isinstance(ended[0], NotAsShown)
    assert small.get(Point, "P-0001").address == "甲的"


def test_an_appointment_at_the_same_time_waits_and_is_kept(small, engine):
    edit = Edit("tenures", "510302:office~R1~2024-01-01", {"valid_to": "2026-11-30"})
    by = actor(small)
    done(small, edit)
    thread, ended = in_a_thread(
        engine,
        lambda other: appointments.appoint(
            other, by=by, post_code="510302:office", person_code="R3", start=date(2026, 12, 1), now=LATER
        ),
    )
    until_it_waits(engine)
    small.commit()
    thread.join(30)

    held = small.connection().execute(
        text("SELECT person_code, valid_to FROM tenure WHERE post_code = '510302:office' ORDER BY 1")
    )
    assert ended
    assert [tuple(one) for one in held] == [("R1", date(2026, 11, 30)), ("R3", None)]


def test_a_load_at_the_same_time_waits_and_then_says_what_its_pack_says(small, engine, pack):
    replace(pack.folder / "persons.csv", "R2,乙", "R2,乙二")
    again = read_pack(pack.folder)
    done(small, Edit("persons", "R1", {"name": "改名"}))
    thread, ended = in_a_thread(engine, lambda other: load(other, again, now=LATER, by="R3", why="年度更新"))
    until_it_waits(engine)
    small.commit()
    thread.join(30)

    assert not ended[0].is_empty
    small.expire_all()
    assert [small.get(Person, code).name for code in ("R1", "R2")] == ["甲", "乙二"]
    sets = small.exec(select(CityChangeSet).order_by(CityChangeSet.number)).all()
    assert [(one.who, one.why) for one in sets] == [("system", ""), ("R4", "because"), ("R3", "年度更新")]


def test_a_crash_before_the_end_leaves_nothing_at_all(small, engine, monkeypatch):
    held = file(small, "rules/policy.toml")
    edits = [
        Edit("points", "P-0001", {"address": "某街9号"}),
        FileEdit(held.file, (held.text or "").replace("4 working_hours", "3 working_hours"), held.mark),
    ]
    before = _counts(small)

    def crash(*_args, **_more):
        raise RuntimeError("the power went off")

    monkeypatch.setattr(applying, "record", crash)
    with pytest.raises(RuntimeError):
        done(small, *edits)
    small.rollback()

    assert _counts(small) == before
    assert small.get(Point, "P-0001").address == "某街1号"


def _counts(session: Session):
    counts = [session.exec(select(func.count()).select_from(one)).one() for one in (RuleSet, CityChange, PackBody)]
    return counts, session.exec(select(City.rule_set_code, City.pack)).one()


@pytest.mark.parametrize("table", ["city_change", "city_change_set", "pack_body"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET {} = {}", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_the_history_can_not_be_changed_in_the_database(small, table, statement):
    column = {"city_change": "place", "city_change_set": "why", "pack_body": "sha256"}[table]

    with pytest.raises(DBAPIError, match="append-only"):
        small.connection().execute(text(statement.format(table, column, f"{column} || 'x'")))
