"""The text of an instruction stands in its own tables and nowhere else: every column of every other is searched.

What leaves the system is made from those other tables (messages, events, webhooks, cards, exports, logs), so that
what is not in them cannot leave.
"""

import logging
import traceback
from collections.abc import Callable

import pytest
from sqlalchemy import text
from sqlmodel import Session, select

from models.message import Message
from notifications.kinds import KINDS
from notifications.material import read_city, read_material
from notifications.rendering import render
from notifications.variables import Reader
from services.instructions import sight
from services.instructions.recording import NotKept, answer
from tests.cast import MONDAY, OFFICE, PRINCIPAL, an_issue, at, read, who
from tests.services.instructions.office import LEADER, SECRET, an_instruction

ANSWER = "已约谈责任科室并限期"
OWN = {("instruction", "words"), ("instruction_event", "words")}


@pytest.fixture
def lived(city: Session, tick: Callable[..., object]) -> Session:
    """An instruction about an issue, recorded, read, answered; then rounds go over it all."""
    number = read(city, an_issue(city, state="rectifying")).number
    key = an_instruction(city, issues=[number])
    sight.open_it(city, key, reader=who(city, PRINCIPAL), now=MONDAY)
    answer(city, key, words=ANSWER, by=who(city, PRINCIPAL), now=MONDAY)
    for day in ("2026-11-05 17:01", "2026-11-10 17:01", "2026-11-12 17:30"):
        tick(at(day))
    return city


def test_no_other_column_of_the_database_holds_it(lived: Session) -> None:
    columns = lived.connection().execute(
        text(
            "SELECT c.table_name, c.column_name FROM information_schema.columns c JOIN information_schema.tables t"
            " USING (table_schema, table_name) WHERE c.table_schema = 'public' AND t.table_type = 'BASE TABLE'"
            " AND c.data_type IN ('text', 'jsonb', 'json', 'character varying', 'ARRAY', 'bytea')"
        )
    )
    found = set()
    for table, column in columns.all():
        query = f'SELECT count(*) FROM "{table}" WHERE "{column}"::text LIKE :a OR "{column}"::text LIKE :b'
        if lived.connection().execute(text(query), {"a": f"%{SECRET[:8]}%", "b": f"%{ANSWER[:8]}%"}).scalar_one():
            found.add((table, column))
    assert found == OWN


def test_no_message_of_any_kind_says_it(lived: Session) -> None:
    rows = lived.exec(select(Message)).all()
    material = read_material(lived, rows, city=read_city(lived))
    for lang in ("zh-CN", "en"):
        said = [
            render(material[row.id], reader=Reader("R00009", "x", lang), at=MONDAY) for row in rows if row.kind in KINDS
        ]
        assert SECRET[:8] not in str(said)
        assert ANSWER[:8] not in str(said)
    told = [row for row in rows if row.kind == "log_in_to_read"]
    assert len(told) == 4
    assert {str(row.facts) for row in told} == {"{}"}


def test_a_failing_database_does_not_write_it_into_the_log(city: Session, caplog: pytest.LogCaptureFixture) -> None:
    """PostgreSQL tells the whole row that it refuses: neither the error nor what caused it goes on with that."""
    caplog.set_level(logging.DEBUG)
    city.connection().execute(text("ALTER TABLE instruction ADD CONSTRAINT never CHECK (id < 0)"))
    with pytest.raises(NotKept) as told:
        an_instruction(city)
    said = "".join(traceback.format_exception(told.value))
    assert SECRET not in said + caplog.text


def test_who_named_nobody_hears_nothing(lived: Session) -> None:
    told = lived.exec(select(Message.person_code).where(Message.kind == "log_in_to_read")).all()
    assert set(told) == {PRINCIPAL, LEADER, OFFICE}
