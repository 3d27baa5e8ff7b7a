"""Bringing an edition in: beside the old ones, all or nothing, shown first, on record; one in use stays as it is."""

from datetime import UTC, datetime

import pytest
from sqlmodel import select

from models.administration import CityChange, CityChangeSet
from models.audit import Round, RoundKind
from models.errors import ActionNotAllowed, BadRows, MissingInput
from models.standard import EvaluationContent, EvaluationVersion, EvaluationYear, Standard
from services.administering.errors import NotAsShown
from services.cities.held import held_pack
from services.systems.bringing import bring
from services.systems.errors import EditionInUse
from services.systems.reading import system_of
from tests.services.systems.editions import LATER, VERIFIER, actor, brought, renamed, saved, seen, workbook


def a_round(session, version="V1"):
    session.add(
        Round(
            number=f"ZG-A-{version}",
            kind=RoundKind.MOCK,
            organiser="city",
            area_code="5103",
            version_code=version,
            seed=1,
            wanted=1,
            on_date=LATER.date(),
            requested_by="R4",
            created_at=datetime(2026, 11, 20, tzinfo=UTC),
        )
    )
    session.flush()


def counts(session):
    return {name: len(getattr(held_pack(session), name)) for name in ("versions", "items", "contents", "standards")}


def test_a_new_edition_stands_beside_the_old_one(small, tmp_path):
    before = system_of(small, "V1")
    book = renamed(workbook(small))
    book["测评标准"]["G2"] = 0.8

    brought(small, saved(book, tmp_path))

    assert system_of(small, "V1") == before
    assert [str(one.deduction) for one in system_of(small, "V2").standards()] == ["0.8", "1"]
    assert counts(small) == {"versions": 2, "items": 4, "contents": 6, "standards": 4}


def test_showing_writes_nothing(small, tmp_path):
    proposal = seen(small, saved(renamed(workbook(small)), tmp_path))

    assert (proposal.is_new, proposal.is_ready, len(proposal.changes)) == (True, True, 18)
    assert counts(small)["versions"] == 1


def test_it_is_on_record_by_whom_and_why(small, tmp_path):
    number = brought(small, saved(renamed(workbook(small)), tmp_path), why="新一届")

    made = small.get_one(CityChangeSet, number)
    keys = small.exec(select(CityChange.key).where(CityChange.set_number == number, CityChange.place == "standards"))
    assert (made.who, made.why, sorted(keys)) == ("R4", "新一届", ["V2~01-01", "V2~12-01"])


def test_twice_is_once(small, tmp_path):
    path = saved(renamed(workbook(small)), tmp_path)

    assert brought(small, path) is not None
    assert brought(small, path) is None


def test_an_edition_that_nothing_rests_on_is_brought_in_again_without_what_it_lost(small, tmp_path):
    book = renamed(workbook(small))
    brought(small, saved(book, tmp_path))
    book["测评标准"].delete_rows(3)
    book["测评内容"].delete_rows(4)
    book["测评项目"].delete_rows(3)
    book["周期"].delete_rows(4)
    book["周期"]["B2"] = 0.75

    brought(small, saved(book, tmp_path))

    left = (Standard, EvaluationContent, EvaluationYear)
    assert [len(small.exec(select(one).where(one.version_code == "V2")).all()) for one in left] == [1, 2, 2]
    assert counts(small) == {"versions": 2, "items": 3, "contents": 5, "standards": 3}


@pytest.mark.parametrize(
    ("sheet", "cell", "value"),
    [("测评标准", "G2", 0.8), ("模块", "D2", None), ("版本", "E2", "另一名称"), ("测评标准", "E2", "别的")],
)
def test_an_edition_in_use_is_never_changed_in_place(small, tmp_path, sheet, cell, value):
    a_round(small)
    book = workbook(small)
    book[sheet][cell] = value
    if value is None:
        book[sheet]["D2"], book[sheet]["D3"] = 0.6, 0.4

    with pytest.raises(EditionInUse) as refused:
        seen(small, saved(book, tmp_path))

    assert (refused.value.params["version"], refused.value.params["rounds"]) == ("V1", 1)


def test_nothing_comes_to_or_goes_from_an_edition_in_use(small, tmp_path):
    a_round(small)
    more, less = workbook(small), workbook(small)
    more["测评标准"].append(["0101", "01-02", "01", "", "新的", "", 1, "安全", "观察", "S3", "D-CGJ", "照片", "否"])
    less["负面清单"].delete_rows(3)

    for book, said in ((more, "+ 01-02"), (less, "− 负面清单 media")):
        with pytest.raises(EditionInUse) as refused:
            seen(small, saved(book, tmp_path))
        assert refused.value.params["what"] == said


def test_who_leads_may_change_within_an_edition_in_use(small, tmp_path):
    a_round(small)
    book = workbook(small)
    book["测评标准"]["K2"] = "L3.unit"

    brought(small, saved(book, tmp_path))

    assert small.get_one(Standard, ("V1", "01-01")).lead == "L3.unit"


def test_what_the_lint_is_against_is_told_by_sheet_and_row(small, tmp_path):
    book = workbook(small)
    book["测评内容"]["A2"], book["模块"]["D2"] = "09", 0.9
    book["测评标准"]["J3"] = "S9"
    path = saved(book, tmp_path)

    proposal = seen(small, path)

    found = [(one.code, one.file, one.row) for one in proposal.errors]
    assert found == [
        ("weights_not_one", "模块", 2),
        ("unknown_code", "测评内容", 2),
        ("unknown_severity", "测评标准", 3),
    ]
    with pytest.raises(BadRows):
        bring(small, path, actor=actor(small), why="x", fingerprint=proposal.fingerprint, now=LATER)


def test_a_category_keeps_its_name(small, tmp_path):
    book = workbook(small)
    book["点位类别"]["B2"] = "道路"

    (bad,) = seen(small, saved(book, tmp_path)).bad

    assert (bad.place, bad.row, bad.value) == ("点位类别", 2, "道路")


def test_a_new_system_brings_its_categories_and_stands_last(small, tmp_path):
    book = renamed(workbook(small), "X1")
    book["版本"]["A2"], book["版本"]["B2"] = "villages", "文明村镇"
    book["点位类别"].append(["41", "村道", "Village roads"])
    for row, code in ((2, "CZ-1"), (3, "CZ-2")):
        book["测评标准"][f"B{row}"] = code
    book["测评标准"]["C2"] = "41"

    brought(small, saved(book, tmp_path))

    held = held_pack(small)
    assert [(one.code, one.system_code) for one in held.categories if one.code == "41"] == [("41", "villages")]
    assert {one.code: one.position for one in held.systems} == {"civil": 0, "villages": 1}


def test_only_who_manages_the_city_brings_one_in(small, tmp_path):
    with pytest.raises(ActionNotAllowed):
        seen(small, saved(renamed(workbook(small)), tmp_path), by=VERIFIER)


def test_it_takes_a_reason_and_what_was_shown(small, tmp_path):
    path = saved(renamed(workbook(small)), tmp_path)

    with pytest.raises(MissingInput):
        brought(small, path, why=" ")
    with pytest.raises(NotAsShown):
        bring(small, path, actor=actor(small), why="x", fingerprint="0", now=LATER)
    assert small.get(EvaluationVersion, "V2") is None
