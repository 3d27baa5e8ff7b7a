"""Loading: the whole city, again without an effect, changes and what is gone, nothing by halves."""

from datetime import date, timedelta

import pytest
from sqlalchemy import text
from sqlmodel import Session, col, func, select

from models.area import Area
from models.calendar import CalendarDay, DayKind
from models.city import City
from models.errors import BadRows, WrongValue
from models.point import Point, Task
from models.rule import CalendarDayRow, CalendarVersion, RuleSet
from models.unit import Contact, Deputy, Person, Tenure, Unit
from services import people, rulebook
from services.cities import Diff, Pack, load, plan, read_pack
from services.cities.pack import digest
from services.cities.tables import TABLES
from tests.services.cities.packs import FILES, NOW, replace, write_pack

LATER = NOW + timedelta(days=3)


def count(session: Session, model) -> int:
    return session.exec(select(func.count()).select_from(model)).one()


def reload(session: Session, pack: Pack, *changes: tuple[str, str, str]) -> Diff:
    """Change files of the pack's folder and load it a few days later."""
    for file, old, new in changes:
        replace(pack.folder / file, old, new)
    return load(session, read_pack(pack.folder), now=LATER)


def of(diff: Diff, table: str):
    return next(one for one in diff.tables if one.table == table)


def test_the_whole_city_is_there(loaded):
    assert [count(loaded, model) for model in (Area, Unit, Person, Point, Task)] == [1328, 1128, 2963, 3379, 3379]


def test_loading_the_whole_city_again_changes_nothing(loaded, zigong):
    diff = load(loaded, zigong, now=LATER)

    assert diff.is_empty
    assert of(diff, "point").unchanged == 3379


def test_the_zone_stands_in_the_path_of_its_streets(loaded):
    assert loaded.get(Area, "510302005").path == "5103/510371/510302005"


def test_the_rules_lie_under_the_hash_of_their_content(loaded, zigong):
    city = rulebook.the_city(loaded)

    assert digest(loaded.get(RuleSet, city.rule_set_code).content) == city.rule_set_code == zigong.rule_code


def test_the_calendar_has_every_day_of_its_years(loaded):
    calendar = rulebook.calendar(loaded, rulebook.the_city(loaded).calendar_version)

    assert count(loaded, CalendarDayRow) == 366 + 365 + 365 + 365 + 366
    assert calendar.published_until == date(2026, 12, 31)
    assert not calendar.is_workday(date(2026, 10, 1))


def test_the_dry_run_shows_what_loading_does_and_writes_nothing(session, pack):
    diff = plan(session, pack, now=NOW)

    assert of(diff, "point").new == ("P-0001", "P-0002")
    assert count(session, Area) == 0
    assert load(session, pack, now=NOW) == diff


def test_progress_is_told_table_by_table(session, pack):
    told = []
    load(session, pack, now=NOW, progress=lambda done, total: told.append((done, total)))

    assert told[-1] == (len(TABLES), len(TABLES))


def test_a_changed_cell_shows_old_and_new_and_only_it_is_written(session, pack):
    load(session, pack, now=NOW)

    diff = reload(session, pack, ("points.csv", "某街1号", "某街9号"))

    (change,) = of(diff, "point").changed
    assert (change.key, change.columns) == ("P-0001", {"address": ("某街1号", "某街9号")})
    assert [one.table for one in diff.tables if not one.is_empty] == ["point"]
    assert session.get(Point, "P-0001").address == "某街9号"


def test_a_point_no_longer_in_the_pack_is_closed_and_comes_back_when_it_is(session, pack):
    load(session, pack, now=NOW)
    row = FILES["points.csv"].splitlines(keepends=True)[2]

    assert of(reload(session, pack, ("points.csv", row, ""), *_without_market()), "point").gone == ("P-0002",)
    assert session.get(Point, "P-0002").closed
    assert load(session, read_pack(pack.folder), now=LATER).is_empty
    reload(session, pack, ("points.csv", "某街1号,29.3,104.7,1\n", f"某街1号,29.3,104.7,1\n{row}"))
    assert not session.get(Point, "P-0002").closed


def _without_market() -> list[tuple[str, str, str]]:
    return [("issues.csv", FILES["issues.csv"].splitlines(keepends=True)[2], "")]


def test_a_unit_no_longer_in_the_pack_ends_the_day_before(session, pack):
    load(session, pack, now=NOW)
    change = ("units.csv", "D-CGJ,D-CGJ单位,departmental,5103,key,,,1\n", "D-NEW,新局,departmental,5103,key,,,1\n")
    for file in ("posts.csv", "tenures.csv", "points.csv", "tasks.csv", "checklist/standards.csv"):
        path = pack.folder / file
        path.write_text(path.read_text("utf-8").replace("D-CGJ", "D-NEW"), "utf-8")

    diff = reload(session, pack, change)

    assert of(diff, "unit").gone == ("D-CGJ",)
    assert session.get(Unit, "D-CGJ").valid_to == date(2026, 11, 22)
    assert people.holders(session, "D-CGJ:handler", today=date(2026, 11, 23)) == []
    assert people.holders(session, "D-NEW:handler", today=date(2026, 11, 23)) == ["R2"]


def test_tenures_deputies_and_contacts_that_are_gone_end(session, pack):
    load(session, pack, now=NOW)
    reload(
        session,
        pack,
        ("tenures.csv", "510302:office,R1,2024-01-01,\n", ""),
        ("deputies.csv", "R1,R2,2026-11-01,2026-12-31\n", ""),
        ("contacts.csv", "R1,mail,r1@example.invalid,1,1,1\n", ""),
    )

    yesterday = date(2026, 11, 22)
    assert session.exec(select(Tenure.valid_to).where(Tenure.post_code == "510302:office")).one() == yesterday
    assert session.exec(select(Deputy.valid_to)).one() == yesterday
    assert session.exec(select(Contact.switched_off_at).where(Contact.person_code == "R1")).one() == LATER
    assert load(session, read_pack(pack.folder), now=LATER).is_empty


def test_an_address_that_somebody_verified_here_stays_verified(session, pack):
    replace(pack.folder / "contacts.csv", "19900000004,1,1", "19900000004,1,0")
    load(session, read_pack(pack.folder), now=NOW)
    session.exec(select(Contact).where(Contact.person_code == "R4")).one().verified_at = NOW
    session.flush()

    assert load(session, read_pack(pack.folder), now=LATER).is_empty


def test_changed_rules_are_a_new_set_and_the_old_one_stays(session, pack):
    load(session, pack, now=NOW)

    diff = reload(session, pack, ("rules/policy.toml", "4 working_hours", "2 working_hours"))

    assert len(of(diff, "rule_set").new) == 1
    assert count(session, RuleSet) == 2
    assert session.exec(select(City.rule_set_code)).one() == of(diff, "rule_set").new[0]


def test_a_notice_imported_meanwhile_is_not_undone(session, pack):
    load(session, pack, now=NOW)
    _import_a_notice(session)

    reload(session, pack, ("points.csv", "某街1号", "某街9号"))

    assert session.exec(select(City.calendar_version)).one() == 2


def test_a_changed_calendar_is_a_new_version_that_keeps_published_days(session, pack):
    load(session, pack, now=NOW)
    _import_a_notice(session)

    diff = reload(session, pack, ("calendar/calendar_days.csv", "调休", "元旦调休"))

    calendar = rulebook.calendar(session, 3)
    assert len(of(diff, "calendar_version").new) == 1
    assert session.exec(select(City.calendar_version)).one() == 3
    assert calendar.day(date(2026, 1, 4)).name == "元旦调休"
    assert calendar.day(date(2027, 1, 4)) == CalendarDay(date(2027, 1, 4), DayKind.HOLIDAY, "春节", "notice", True)


def _import_a_notice(session: Session) -> None:
    session.add(CalendarVersion(version=2, created_at=NOW, source="notice", spans=[["09:00", "12:00"]]))
    session.flush()
    day = {"version": 2, "date": date(2027, 1, 4), "kind": DayKind.HOLIDAY, "name": "春节", "source": "notice"}
    session.add(CalendarDayRow(**day, published=True))
    session.exec(select(City)).one().calendar_version = 2
    session.flush()


def test_the_demo_flag_and_the_moved_clock_outlive_a_reload(session, pack):
    load(session, pack, now=NOW)
    city = session.exec(select(City)).one()
    city.demo, city.clock_offset_seconds = False, 86400
    session.flush()

    reload(session, pack, ("city.toml", 'number_prefix = "ZG"', 'number_prefix = "ZGS"'))

    city = session.exec(select(City)).one()
    assert (city.demo, city.clock_offset_seconds, city.number_prefix) == (False, 86400, "ZGS")


def test_another_city_is_refused(session, pack):
    load(session, pack, now=NOW)
    session.connection().execute(text("UPDATE city SET code = '5104'"))
    session.expire_all()

    with pytest.raises(WrongValue, match="one city"):
        load(session, pack, now=NOW)


def test_a_pack_with_faults_is_refused_with_all_of_them_and_nothing_is_loaded(session, tmp_path):
    change = {"points.csv": ("P-0001,大道,01,", "P-0001,大道,77,"), "deputies.csv": ("R1,R2", "R1,R1")}
    broken = read_pack(write_pack(tmp_path, change=change))

    with pytest.raises(BadRows) as refused:
        load(session, broken, now=NOW)

    assert {row.place for row in refused.value.rows} >= {"points.csv", "deputies.csv"}
    assert count(session, Area) == 0


def test_a_holder_from_the_pack_may_act(session, pack):
    load(session, pack, now=NOW)

    actor = people.actor(session, "R2", now=NOW)

    assert {post.owner_code for post in actor.posts} == {"D-CGJ"}
    assert {other for _, other in actor.for_others} == {"R1"}
    assert session.exec(select(func.count()).select_from(Tenure).where(col(Tenure.valid_to).is_not(None))).one() == 0
