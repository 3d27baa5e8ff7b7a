"""Approving and publishing a bulletin: two people, everything frozen, all told in one go."""

from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, col, select

from models.bulletin import BulletinFile, BulletinRow
from models.errors import ActionNotAllowed, ActionNotPossible, UnreadableFile
from models.message import Message
from models.publication import PublicationState
from services.bulletins import deciding, files
from services.bulletins.editing import edit
from services.bulletins.files import Press, file_of
from services.figure_rows import COUNTS
from services.papers.stationery import Stationery
from services.publications import DraftChanged, OwnDraft
from tests.cast import OFFICE, PRINCIPAL, an_issue, read, who
from tests.services.bulletins.desk import HEADQUARTERS, MONDAY, MORNING, a_half_month, approved, drafted, published
from tests.small_city import a_city

NOWHERE = Press(Stationery(), Path("/nowhere"))


@pytest.fixture
def city(session: Session) -> Session:
    a_city(session)
    a_half_month(session)
    return session


def told(session: Session, kind: str) -> list[Message]:
    return list(session.exec(select(Message).where(Message.kind == kind).order_by(col(Message.id))))


def test_nobody_is_told_of_the_figures_before_they_are_published(city: Session) -> None:
    approved(city)
    assert told(city, "bulletin") == []


def test_published_the_office_the_headquarters_and_each_units_leader_are_told(city: Session) -> None:
    row = published(city)
    messages = told(city, "bulletin")
    assert [(m.post_code, m.why) for m in messages] == [
        ("5103:office", "L1.office"),
        ("5103:headquarters", "L1.headquarters"),
        ("510302:office", "L2.office"),
        ("D-CGJ:principal_leader", "unit.principal_leader"),
        ("T510302:principal_leader", "unit.principal_leader"),
        ("T510302001:deputy_leader", "unit.deputy_leader"),
    ]
    facts = messages[0].facts
    assert facts["totals"] == {"assigned": 2, "due": 2, "closed": 1, "rate": "50.0", "overdue": 1}
    assert (facts["start"], facts["end"], facts["bottom"]) == ("2026-11-01", "2026-11-15", ["五星街街道办事处"])
    assert facts["page"] == f"/bulletins/{row.id}"


def test_each_leader_is_shown_what_is_overdue_in_their_own_hands(city: Session) -> None:
    of_the_street = read(city, 2).number
    of_the_department = read(city, an_issue(city, state="rectifying", now=MONDAY)).number

    published(city)

    assert {m.post_code: [line["number"] for line in m.facts["lines"]] for m in told(city, "bulletin")} == {
        "5103:office": [of_the_street, of_the_department],
        "5103:headquarters": [of_the_street, of_the_department],
        "510302:office": [of_the_street, of_the_department],
        "T510302:principal_leader": [of_the_street, of_the_department],
        "D-CGJ:principal_leader": [of_the_department],
        "T510302001:deputy_leader": [of_the_street, of_the_department],
    }


def test_approved_the_office_hears_that_it_may_publish(city: Session) -> None:
    approved(city)
    assert [(m.post_code, m.facts["act"]) for m in told(city, "publication_waits")][2:] == [("5103:office", "approved")]


def test_sent_back_the_office_hears_why_and_it_is_a_draft_again(city: Session) -> None:
    row = approved(city)
    by = who(city, HEADQUARTERS)
    row = deciding.send_back(city, row.id or 0, by=by, seen=row.content_sha256, now=MORNING, why="数据待核")
    assert (row.state, told(city, "publication_waits")[-1].facts["reason"]) == (PublicationState.DRAFT, "数据待核")


def test_whoever_worded_it_last_does_not_approve_it(city: Session) -> None:
    row = drafted(city)
    by = who(city, OFFICE)
    row = edit(city, row, texts={"lead": "改过"}, by=by, seen=row.content_sha256, now=MORNING)
    with pytest.raises(OwnDraft):
        deciding.approve(city, row.id or 0, by=by, seen=row.content_sha256, now=MORNING)


def test_what_changed_since_it_was_looked_at_is_not_approved(city: Session) -> None:
    row = drafted(city)
    seen = row.content_sha256
    edit(city, row, texts={"lead": "改过"}, by=who(city, OFFICE), seen=seen, now=MORNING)
    with pytest.raises(DraftChanged):
        deciding.approve(city, row.id or 0, by=who(city, HEADQUARTERS), seen=seen, now=MORNING)


def test_a_units_leader_neither_approves_nor_publishes(city: Session) -> None:
    row = drafted(city)
    given = {"by": who(city, PRINCIPAL), "seen": row.content_sha256, "now": MORNING}
    with pytest.raises(ActionNotAllowed):
        deciding.approve(city, row.id or 0, **given)
    with pytest.raises(ActionNotAllowed):
        deciding.publish(city, row.id or 0, **given, press=NOWHERE)


def test_a_draft_is_not_published_unapproved(city: Session) -> None:
    row = drafted(city)
    with pytest.raises(ActionNotPossible):
        deciding.publish(city, row.id or 0, by=who(city, OFFICE), seen=row.content_sha256, now=MORNING, press=NOWHERE)


def test_published_twice_it_is_told_once(city: Session) -> None:
    row = published(city)
    before = len(told(city, "bulletin"))
    with pytest.raises(ActionNotPossible):
        deciding.publish(city, row.id or 0, by=who(city, OFFICE), seen=row.content_sha256, now=MORNING, press=NOWHERE)
    assert len(told(city, "bulletin")) == before


def test_a_template_that_cannot_be_filled_in_keeps_it_from_being_published(city: Session) -> None:
    row = approved(city)
    broken = Press(Stationery(files={"bulletin.docx": b"no Word file"}), Path("/nowhere"))
    city.commit()
    with pytest.raises(UnreadableFile):
        deciding.publish(city, row.id or 0, by=who(city, OFFICE), seen=row.content_sha256, now=MORNING, press=broken)
    city.rollback()
    city.refresh(row)
    assert (row.state, told(city, "bulletin")) == (PublicationState.APPROVED, [])


def test_its_files_stay_the_same_for_ever(city: Session) -> None:
    row = published(city)
    kept = {one.name: bytes(one.body) for one in city.exec(select(BulletinFile))}
    other = Press(Stationery(files={"bulletin.docx": b"another template"}), Path("/nowhere"))
    assert set(kept) == {"word", "excel.zh-CN", "excel.en"}
    assert {name: file_of(city, row, name, press=other) for name in files.NAMES} == kept


def test_the_database_itself_keeps_files_and_rows_as_they_were(city: Session) -> None:
    published(city)
    city.commit()
    for statement in (
        "UPDATE bulletin_file SET body = ''",
        "DELETE FROM bulletin_file",
        "UPDATE bulletin_row SET closed = 1",
        "DELETE FROM bulletin_row",
        "TRUNCATE bulletin_row",
        "INSERT INTO bulletin_row SELECT (r).* FROM (SELECT r FROM bulletin_row r LIMIT 1) one",
    ):
        with pytest.raises(DBAPIError, match="refused"):
            city.connection().execute(text(statement))
        city.rollback()


def test_the_figures_are_the_sums_of_the_rows(city: Session) -> None:
    content = drafted(city).content
    for line in content["units"]:
        rows = city.exec(select(BulletinRow).where(BulletinRow.unit_code == line["unit_code"])).all()
        assert {name: sum(getattr(row, name) for row in rows) for name in COUNTS} == {
            name: line[name] for name in COUNTS
        }


def test_the_figures_of_a_published_one_never_change(city: Session) -> None:
    row = published(city)
    before = dict(row.content)
    an_issue(city, state="rectifying", now=MONDAY)
    city.commit()
    city.refresh(row)
    assert row.content == before
