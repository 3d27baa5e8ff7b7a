"""The draw of a round is repeated from its frozen frame, whatever became of the points since."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, select

from models.audit import Method, Round, RoundFrame, RoundKind, Sheet
from models.point import Point
from services import audit_frame
from services.audit_frame import Framed
from services.audit_redraw import Outcome, drawn_from, redraw
from tests.cast import MONDAY, OFFICE, who
from tests.services.audits.rounds import started
from tests.small_city import a_city

FRAME = [Framed(f"P{n:03}", f"{n % 3:02}", f"51030{n % 2}") for n in range(60)]


@pytest.fixture
def city(session: Session) -> Session:
    a_city(session)
    return session


def drawn_points(session: Session, round_: Round) -> list[str]:
    return sorted(session.exec(select(Sheet.point_code).where(Sheet.round_id == round_.id)))


def test_a_draw_of_today_comes_out_the_same_in_years() -> None:
    drawn = drawn_from(FRAME, method=Method.STRATA, wanted=6, seed=42)
    assert drawn == sorted(drawn, key=lambda code: (int(code[1:]) % 3, int(code[1:]) % 2, drawn.index(code)))
    assert drawn == drawn_from(list(reversed(FRAME)), method=Method.STRATA, wanted=6, seed=42)
    assert {(int(code[1:]) % 3, int(code[1:]) % 2) for code in drawn} == {(c, a) for c in range(3) for a in range(2)}


def test_the_hash_of_a_frame_is_over_its_lines_as_the_page_says() -> None:
    import hashlib

    lines = b"P1,01,510302\nP2,12,510303\n"
    frame = [Framed("P2", "12", "510303"), Framed("P1", "01", "510302")]
    assert audit_frame.frame_hash(frame) == hashlib.sha256(lines).hexdigest()


def test_the_stratum_of_a_point_is_the_part_of_the_place_in_which_it_lies(city: Session) -> None:
    round_ = started(city)
    frame = {one.point: (one.category, one.area) for one in audit_frame.kept(city, round_)}
    assert frame["P-0001"] == ("01", "510302")
    assert {area for _, area in frame.values()} == {"510302", "510303"}


def test_points_that_were_closed_or_added_change_nothing(city: Session) -> None:
    round_ = started(city, points=2)
    before = drawn_points(city, round_)
    closed = city.get_one(Point, before[0])
    closed.closed = True
    city.add(closed)
    for n in range(20):
        new = Point(code=f"P-9{n:03}", name="新点位", category_code="01", area_code=closed.area_code, lead_unit="D-CGJ")
        city.add(new)
    city.flush()
    found = redraw(city, round_)
    assert (found.outcome, list(found.drawn), found.missing, found.extra) == (Outcome.SAME, before, [], [])


def test_a_point_that_stands_on_other_sheets_than_the_draw_gave_is_told(city: Session) -> None:
    round_ = started(city, points=2)
    (gone,) = {"P-0001", "P-0002", "P-0003"} - set(drawn_points(city, round_))
    sheet = city.exec(select(Sheet).where(Sheet.round_id == round_.id)).first()
    swapped, sheet.point_code = sheet.point_code, gone
    city.add(sheet)
    city.flush()
    found = redraw(city, round_)
    assert (found.outcome, found.missing, found.extra) == (Outcome.DIFFERENT, [gone], [swapped])


def test_the_database_refuses_to_change_a_frame(city: Session) -> None:
    started(city)
    for statement in ("UPDATE round_frame SET area_code = '510304'", "DELETE FROM round_frame"):
        with pytest.raises(DBAPIError, match="append-only"), city.begin_nested():
            city.connection().execute(text(statement))


def test_a_frame_that_somebody_altered_is_told_by_its_hash(city: Session) -> None:
    round_ = started(city)
    city.connection().execute(text("ALTER TABLE round_frame DISABLE TRIGGER append_only"))
    city.connection().execute(text("DELETE FROM round_frame WHERE point_code = 'P-0001'"))
    assert redraw(city, round_).outcome is Outcome.ALTERED


def test_a_round_from_before_there_were_frames_is_drawn_from_the_points_of_today(city: Session) -> None:
    round_ = started(city)
    city.connection().execute(text("ALTER TABLE round_frame DISABLE TRIGGER append_only"))
    city.connection().execute(text("DELETE FROM round_frame"))
    round_.method, round_.frame_sha256 = Method.CATEGORIES, None
    city.add(round_)
    city.flush()
    found = redraw(city, round_)
    assert (found.outcome, found.from_frame, len(found.frame)) == (Outcome.SAME, False, 3)


def test_sheets_of_a_re_check_are_no_part_of_the_draw(city: Session) -> None:
    round_ = started(city, points=2)
    sheet = city.exec(select(Sheet).where(Sheet.round_id == round_.id)).first()
    city.add(Sheet(round_id=round_.id, point_code=sheet.point_code, inspector=OFFICE, again_of=sheet.id))
    city.flush()
    assert redraw(city, round_).is_same


def test_every_point_of_a_frame_is_kept_once(city: Session) -> None:
    round_ = started(city, kind=RoundKind.ANNOUNCED)
    assert len(city.exec(select(RoundFrame).where(RoundFrame.round_id == round_.id)).all()) == 3
    assert round_.frame_sha256 == audit_frame.frame_hash(audit_frame.kept(city, round_))
    assert who(city, OFFICE).code == round_.requested_by
    assert round_.created_at == MONDAY
