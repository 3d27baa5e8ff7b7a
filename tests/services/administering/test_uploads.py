"""A pack or a table that comes from outside: read, or refused with what is wrong; nothing of it is trusted."""

import io
import stat
import zipfile
from datetime import date

import pytest
from openpyxl import Workbook
from sqlmodel import select

from models.errors import BadRows, NotFound, UnreadableFile, WrongValue
from models.point import Point
from models.unit import Contact, Proof
from services.administering import (
    apply_pack,
    held_pack,
    propose_pack,
    read_table,
    read_zip,
    uploads,
    write_pack,
    zipped,
)
from services.cities import plan, read_pack
from tests.services.administering.desk import LATER, actor
from tests.services.cities.packs import replace


def packed(tmp_path, files, *, name="pack.zip"):
    path = tmp_path / name
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file, body in files.items():
            archive.writestr(file, body)
    return path


def loaded(session, pack):
    seen = propose_pack(session, pack, actor=actor(session), now=LATER)
    return apply_pack(session, pack, actor=actor(session), why="x", fingerprint=seen.fingerprint, now=LATER)


def test_the_city_taken_out_changes_nothing_when_it_comes_back(small, tmp_path):
    (tmp_path / "a.zip").write_bytes(zipped(held_pack(small)))

    assert propose_pack(small, read_zip(tmp_path / "a.zip"), actor=actor(small), now=LATER).changes == ()


def test_a_changed_pack_is_shown_and_applied_and_then_the_same_as_loaded(small, tmp_path):
    files = dict(write_pack(held_pack(small)))
    files["points.csv"] = files["points.csv"].replace("某街1号".encode(), "某街9号".encode())
    pack = read_zip(packed(tmp_path, {f"zigong/{file}": body for file, body in files.items()}))

    made = loaded(small, pack)

    assert [(one.place, one.key, one.after) for one in made.changes] == [("points", "P-0001", {"address": "某街9号"})]
    assert small.get(Point, "P-0001").address == "某街9号"
    assert plan(small, pack, now=LATER).is_empty


def test_noise_of_other_systems_is_left_out(small, tmp_path):
    noise = {"__MACOSX/._city.toml": b"x", ".DS_Store": b"x", "papers/._a.html": b"x"}

    assert read_zip(packed(tmp_path, {**dict(write_pack(held_pack(small))), **noise})).points


@pytest.mark.parametrize(
    "name", ["../city.toml", "/etc/passwd", "a/../../b.csv", "..\\city.toml", "C:/city.toml", "evil.exe"]
)
def test_a_path_that_is_none_of_a_pack_is_refused(small, tmp_path, name):
    with pytest.raises(UnreadableFile):
        read_zip(packed(tmp_path, {**dict(write_pack(held_pack(small))), name: b"x"}))


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path, monkeypatch):
    monkeypatch.setattr(uploads, "MOST_BYTES", 1_000_000)

    with pytest.raises(UnreadableFile, match="unpacks to"):
        read_zip(packed(tmp_path, {"points.csv": b"0" * 1_000_001}))


def test_an_archive_that_lies_about_its_sizes_is_refused(small, tmp_path):
    path = packed(tmp_path, {"points.csv": b"0" * 100_000})
    body = bytearray(path.read_bytes())
    for place in _all(body, (100_000).to_bytes(4, "little")):
        body[place : place + 4] = (10).to_bytes(4, "little")
    path.write_bytes(bytes(body))

    with pytest.raises(UnreadableFile):
        read_zip(path)


def _all(body, wanted):
    place = body.find(wanted)
    while place >= 0:
        yield place
        place = body.find(wanted, place + 1)


def test_a_link_in_an_archive_is_refused(tmp_path):
    path = tmp_path / "link.zip"
    with zipfile.ZipFile(path, "w") as archive:
        link = zipfile.ZipInfo("city.toml")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")

    with pytest.raises(UnreadableFile, match="no path inside"):
        read_zip(path)


@pytest.mark.parametrize("body", [b"", b"PK\x03\x04", b"nothing", b"PK\x05\x06" + b"\x00" * 18])
def test_what_is_no_archive_is_refused(tmp_path, body):
    (tmp_path / "a.zip").write_bytes(body)

    with pytest.raises(UnreadableFile):
        read_zip(tmp_path / "a.zip")


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_file_that_stands_in_it_twice_is_refused(tmp_path):
    path = tmp_path / "twice.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("city.toml", "a")
        archive.writestr("city.toml", "b")

    with pytest.raises(UnreadableFile, match="twice"):
        read_zip(path)


def test_a_pack_without_a_file_it_needs_names_it(small, tmp_path):
    files = dict(write_pack(held_pack(small)))
    del files["units.csv"]

    with pytest.raises(UnreadableFile, match=r"units\.csv"):
        read_zip(packed(tmp_path, files))


def test_another_city_is_refused(small, tmp_path):
    files = dict(write_pack(held_pack(small)))
    files = {file: body.replace(b'"5103"', b'"5104"') if file == "city.toml" else body for file, body in files.items()}
    pack = read_zip(packed(tmp_path, files))

    with pytest.raises(WrongValue, match="one city"):
        propose_pack(small, pack, actor=actor(small), now=LATER)


def test_what_a_person_proved_stays_theirs(small, pack):
    small.exec(select(Contact).where(Contact.person_code == "R1")).one().proof = Proof.CODE
    small.commit()
    replace(pack.folder / "contacts.csv", "R1,mail,r1@example.invalid,1,1,1\n", "")
    assert propose_pack(small, read_pack(pack.folder), actor=actor(small), now=LATER).changes == ()


class TestOneTable:
    def test_as_csv(self, small, tmp_path):
        path = tmp_path / "points.csv"
        path.write_bytes(dict(write_pack(held_pack(small)))["points.csv"].replace("大道".encode(), "大街".encode()))

        made = loaded(small, read_table(small, path, table="points"))

        assert [(one.key, one.after) for one in made.changes] == [("P-0001", {"name": "大街"})]

    def test_as_a_workbook(self, small, tmp_path):
        book = Workbook()
        book.active.append(["post_code", "person_code", "valid_from", "valid_to"])
        for one in held_pack(small).tenures:
            book.active.append([one.post_code, one.person_code, one.valid_from, None])
        book.active.append(["510302:office", "R3", date(2026, 12, 1), None])
        book.save(tmp_path / "t.xlsx")

        made = loaded(small, read_table(small, tmp_path / "t.xlsx", table="tenures"))

        assert [one.key for one in made.changes] == ["510302:office~R3~2026-12-01"]

    def test_a_heading_that_nobody_knows_is_told(self, small, tmp_path):
        book = Workbook()
        book.active.append(["code", "name", "lang", "sample", "path"])
        book.active.append(["R1", "甲", "zh-CN", 1, "x"])
        book.save(tmp_path / "p.xlsx")

        with pytest.raises(BadRows) as refused:
            read_table(small, tmp_path / "p.xlsx", table="persons")

        assert [row.column for row in refused.value.rows] == ["path"]

    def test_an_unknown_table_is_not_found(self, small, tmp_path):
        with pytest.raises(NotFound):
            read_table(small, tmp_path / "x.csv", table="account")

    def test_bad_cells_are_told_with_their_lines(self, small, tmp_path):
        (tmp_path / "persons.csv").write_bytes("code,name,sample\nR1,甲,maybe\n".encode())

        with pytest.raises(BadRows) as refused:
            read_table(small, tmp_path / "persons.csv", table="persons")

        assert [(row.row, row.column) for row in refused.value.rows] == [(2, "sample")]

    def test_a_csv_in_another_writing_is_refused(self, small, tmp_path):
        (tmp_path / "persons.csv").write_bytes("code,name\nR1,甲\n".encode("gb18030"))

        with pytest.raises(UnreadableFile):
            read_table(small, tmp_path / "persons.csv", table="persons")


def test_an_archive_of_too_many_files_is_refused(tmp_path):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for number in range(uploads.MOST_FILES + 1):
            archive.writestr(f"templates/zh_CN/{number}.txt", "")
    (tmp_path / "many.zip").write_bytes(made.getvalue())

    with pytest.raises(UnreadableFile, match="files"):
        read_zip(tmp_path / "many.zip")
