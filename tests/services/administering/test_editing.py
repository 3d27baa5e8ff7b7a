"""Edits of rows: what is told, what is refused, what is done, and what somebody else did meanwhile."""

from datetime import date

import pytest
from sqlmodel import select

from models.administration import ChangeKind
from models.errors import BadRows, MissingInput, NotFound
from models.point import Point
from models.unit import Person, Tenure
from services import people
from services.administering import Edit, NotAsShown, apply, held_pack, history, page, row
from services.cities import plan
from tests.services.administering.desk import BOSS, LATER, actor, done, shown

NEW_PERSON = Edit("persons", None, {"code": "R9", "name": "新人"})


def test_a_changed_cell_is_shown_and_then_done(small):
    seen = shown(small, Edit("points", "P-0001", {"address": "某街9号"}))

    (change,) = seen.changes
    assert (change.place, change.key, change.before, change.after) == (
        "points",
        "P-0001",
        {"address": "某街1号"},
        {"address": "某街9号"},
    )
    assert small.get(Point, "P-0001").address == "某街1号"
    done(small, Edit("points", "P-0001", {"address": "某街9号"}))
    assert small.get(Point, "P-0001").address == "某街9号"


def test_several_edits_are_one_change(small):
    made = done(
        small,
        NEW_PERSON,
        Edit("tenures", "510302:office~R1~2024-01-01", {"valid_to": "2026-11-30"}),
        Edit("tenures", None, {"post_code": "510302:office", "person_code": "R9", "valid_from": "2026-12-01"}),
    )

    assert {one.set_number for one in history(small, set_number=made.number)} == {made.number}
    assert people.holders(small, "510302:office", today=date(2026, 11, 30)) == ["R1"]
    assert people.holders(small, "510302:office", today=date(2026, 12, 1)) == ["R9"]


@pytest.mark.parametrize(
    ("table", "key", "cells", "column"),
    [
        ("points", "P-0001", {"lat": "north"}, "lat"),
        ("points", "P-0001", {"name": " "}, "name"),
        ("points", "P-0001", {"path": "5103"}, "path"),
        ("points", "P-0001", {"closed": "1"}, "closed"),
        ("points", "P-0001", {"name": "甲\x00乙"}, "name"),
        ("points", "P-0001", {"name": "\ud800"}, "name"),
        ("areas", "510302", {"level": "２"}, "level"),
        ("areas", "510302", {"valid_to": "20261122"}, "valid_to"),
        ("posts", "5103:office", {"kind": "boss"}, "kind"),
        ("standards", "V1~01-01", {"deduction": "-1"}, "deduction"),
        ("contacts", "R1~mail~r1@example.invalid", {"verified": "yes"}, "verified"),
        ("contacts", "R1~mail~r1@example.invalid", {"switched_off_at": ""}, "switched_off_at"),
        ("persons", "R1", {"id": "7"}, "id"),
        ("days", "2026-01-01", {"kind": "party"}, "kind"),
    ],
)
def test_a_cell_that_cannot_be_read_is_told_with_what_was_expected(small, table, key, cells, column):
    seen = shown(small, Edit(table, key, cells))

    assert [(one.edit, one.place, one.column, bool(one.expected)) for one in seen.bad_cells] == [
        (0, table, column, True)
    ]
    with pytest.raises(BadRows):
        done(small, Edit(table, key, cells))


@pytest.mark.parametrize(
    ("table", "key", "cells"),
    [
        ("persons", "R1", {"code": "R77"}),
        ("tenures", "510302:office~R1~2024-01-01", {"valid_from": "2024-02-01"}),
        ("contacts", "R1~mail~r1@example.invalid", {"address": "other@example.invalid"}),
        ("tasks", "2026~01~P-0001", {"year": "2027"}),
    ],
)
def test_what_names_a_row_is_never_changed(small, table, key, cells):
    (bad,) = shown(small, Edit(table, key, cells)).bad_cells

    assert "names the row" in bad.expected


def test_a_new_row_whose_code_is_taken_is_refused(small):
    (bad,) = shown(small, Edit("persons", None, {"code": "R1", "name": "别人"})).bad_cells

    assert (bad.column, bad.value) == ("code", "R1")


@pytest.mark.parametrize("table", ["persons", "posts", "systems", "versions", "categories", "standards", "tasks"])
def test_rows_that_the_record_points_at_are_never_taken_out(small, table):
    key = page(small, table).rows[0].key

    (bad,) = shown(small, Edit(table, key, gone=True)).bad_cells

    assert "stay" in bad.expected


def test_an_unknown_table_is_not_found(small):
    with pytest.raises(NotFound):
        shown(small, Edit("account", "R1", {"name": "x"}))


def test_without_a_reason_nothing_is_done(small):
    with pytest.raises(MissingInput):
        done(small, NEW_PERSON, why="  ")


class TestSomebodyElse:
    def test_a_row_changed_meanwhile_is_a_conflict_that_shows_both(self, small):
        mark = row(small, "points", "P-0001").mark
        done(small, Edit("points", "P-0001", {"address": "他的"}))

        (conflict,) = shown(small, Edit("points", "P-0001", {"address": "我的"}, mark)).conflicts

        assert (conflict.theirs["address"], conflict.mine["address"]) == ("他的", "我的")
        assert conflict.differing == ("address",)
        assert done(small, Edit("points", "P-0001", {"address": "我的"}, conflict.mark)).number

    def test_who_confirms_second_is_told_and_nothing_is_lost(self, small):
        mark = row(small, "points", "P-0001").mark
        mine = Edit("points", "P-0001", {"address": "我的"}, mark)
        seen = shown(small, mine)
        done(small, Edit("points", "P-0001", {"name": "他的大道"}))

        with pytest.raises(NotAsShown):
            apply(small, [mine], actor=actor(small), why="x", fingerprint=seen.fingerprint, now=LATER)

        point = small.get(Point, "P-0001")
        assert (point.name, point.address) == ("他的大道", "某街1号")

    def test_edits_of_different_rows_do_not_meet(self, small):
        mine = Edit("points", "P-0001", {"address": "我的"}, row(small, "points", "P-0001").mark)
        seen = shown(small, mine)
        done(small, Edit("points", "P-0002", {"address": "他的"}))

        apply(small, [mine], actor=actor(small), why="x", fingerprint=seen.fingerprint, now=LATER)

        assert [one.address for one in held_pack(small).points] == ["我的", "他的"]

    def test_a_row_that_is_gone_meanwhile_is_a_conflict(self, small):
        mark = row(small, "contacts", "R1~mail~r1@example.invalid").mark
        done(small, Edit("contacts", "R1~mail~r1@example.invalid", gone=True))

        (conflict,) = shown(small, Edit("contacts", "R1~mail~r1@example.invalid", {"position": "2"}, mark)).conflicts

        assert conflict.theirs is None

    def test_confirming_twice_is_once(self, small):
        edit = Edit("points", "P-0001", {"address": "某街9号"}, row(small, "points", "P-0001").mark)
        seen = shown(small, edit)
        made = [
            apply(small, [edit], actor=actor(small), why="x", fingerprint=seen.fingerprint, now=LATER) for _ in range(2)
        ]

        assert made[0].number == made[1].number
        assert [dict(one.after) for one in made[1].changes] == [{"address": "某街9号"}]
        assert len(history(small, table="points", key="P-0001")) == 1

    @pytest.mark.parametrize(
        "edit",
        [
            Edit("points", "P-0002", gone=True),
            Edit("deputies", "R1~R2~2026-11-01", gone=True),
            NEW_PERSON,
        ],
        ids=["closed", "ended", "new"],
    )
    def test_ending_and_adding_twice_is_once(self, small, edit):
        edit = edit if edit.key is None else Edit(edit.table, edit.key, {}, row(small, edit.table, edit.key).mark, True)
        seen = shown(small, edit)
        made = [
            apply(small, [edit], actor=actor(small), why="x", fingerprint=seen.fingerprint, now=LATER).number
            for _ in range(2)
        ]

        assert made[0] == made[1] is not None

    def test_something_else_than_was_shown_is_not_done(self, small):
        seen = shown(small, Edit("points", "P-0001", {"address": "一"}))

        with pytest.raises(NotAsShown):
            apply(
                small,
                [Edit("points", "P-0001", {"address": "二"})],
                actor=actor(small),
                why="x",
                fingerprint=seen.fingerprint,
                now=LATER,
            )

    def test_what_an_edit_does_not_touch_stays_as_somebody_left_it(self, small):
        people_before = small.exec(select(Tenure).where(Tenure.post_code == "510302:office")).one()
        people_before.valid_to = date(2026, 11, 30)
        small.commit()

        done(small, Edit("points", "P-0001", {"address": "某街9号"}))

        tenure = small.exec(select(Tenure).where(Tenure.post_code == "510302:office")).one()
        assert tenure.valid_to == date(2026, 11, 30)


def test_loading_the_pack_again_undoes_what_was_edited_as_a_load_says(small, pack):
    done(small, Edit("persons", "R1", {"name": "改名"}))

    (table,) = [one for one in plan(small, pack, now=LATER).tables if not one.is_empty]

    assert (table.table, table.changed[0].columns) == ("person", {"name": ("改名", "甲")})
    assert small.get_one(Person, "R1").name == "改名"


def test_whoever_edits_is_named_with_the_reason(small):
    made = done(small, NEW_PERSON, why="换届")

    (past,) = history(small, set_number=made.number)
    assert (past.who, past.why, past.at, past.changed.kind) == (BOSS, "换届", LATER, ChangeKind.NEW)
