"""The whole city taken out and brought in; one table as a file; hostile archives."""

import io
import zipfile
from pathlib import Path

import httpx
import pytest
from sqlmodel import Session, col, func, select

from models.administration import CityChangeSet
from models.unit import Unit
from services.cities import read_pack
from services.cities.planning import plan
from tests.services.cities.packs import NOW
from tests.web.admin.conftest import BOSS
from tests.web.admin.desk import hidden
from tests.web.visitor import log_in

UNITS = "code,name,kind,area_code,ranking_group,valid_from,valid_to,sample\n"


def name_of(session: Session, unit: str) -> str:
    session.rollback()
    session.expire_all()
    return session.get_one(Unit, unit).name


def changes(session: Session) -> int:
    session.rollback()
    return session.exec(select(func.count(col(CityChangeSet.number)))).one()


async def uploaded(client: httpx.AsyncClient, name: str, data: bytes, **form: str) -> httpx.Response:
    return await client.post("/admin/upload", data=form, files={"file": (name, data, "application/octet-stream")})


async def confirmed(client: httpx.AsyncClient, page: httpx.Response, why: str = "换届") -> httpx.Response:
    sent = {name: hidden(page.text, name) for name in ("kept", "table", "fingerprint")}
    return await client.post("/admin/upload", data={**sent, "why": why})


def changed(archive: bytes, file: str, old: str, new: str) -> bytes:
    """The archive with one text replaced."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as given, zipfile.ZipFile(out, "w") as made:
        for one in given.namelist():
            body = given.read(one)
            made.writestr(one, body.decode().replace(old, new).encode() if one.endswith(file) else body)
    return out.getvalue()


async def test_the_city_taken_out_is_the_city(loaded: Session, desk: httpx.AsyncClient, tmp_path: Path) -> None:
    answer = await desk.get("/admin/export.zip")
    assert answer.headers["content-type"] == "application/zip"
    assert "attachment" in answer.headers["content-disposition"]
    zipfile.ZipFile(io.BytesIO(answer.content)).extractall(tmp_path / "out")
    folder = next(path.parent for path in (tmp_path / "out").rglob("city.toml"))
    assert all(
        not (table.new or table.changed or table.gone) or table.table == "city"
        for table in plan(loaded, read_pack(folder), now=NOW).tables
    )


async def test_an_archive_is_looked_at_then_taken_in_once(loaded: Session, desk: httpx.AsyncClient) -> None:
    archive = (await desk.get("/admin/export.zip")).content
    same = await uploaded(desk, "pack.zip", archive)
    assert same.status_code == 200
    assert 'name="fingerprint"' not in same.text
    page = await uploaded(desk, "pack.zip", changed(archive, "units.csv", "D-CGJ单位", "综合执法局"))
    assert "综合执法局" in page.text
    assert name_of(loaded, "D-CGJ") == "D-CGJ单位"
    before = changes(loaded)
    assert [(await confirmed(desk, page)).status_code for _ in range(2)] == [303, 303]
    assert name_of(loaded, "D-CGJ") == "综合执法局"
    assert changes(loaded) == before + 1


async def test_a_table_as_a_file(loaded: Session, desk: httpx.AsyncClient) -> None:
    rows = loaded.exec(select(Unit).order_by(Unit.code)).all()
    lines = [f"{one.code},={one.name},{one.kind.value},{one.area_code},key,,,1" for one in rows]
    page = await uploaded(desk, "units.csv", f"{UNITS}{chr(10).join(lines)}\n".encode(), table="units")
    assert "=D-CGJ单位" in page.text
    assert (await confirmed(desk, page)).status_code == 303
    assert name_of(loaded, "D-CGJ") == "=D-CGJ单位"


async def test_without_a_reason_nothing_is_done_and_the_file_need_not_be_sent_again(
    loaded: Session, desk: httpx.AsyncClient
) -> None:
    archive = (await desk.get("/admin/export.zip")).content
    page = await uploaded(desk, "pack.zip", changed(archive, "units.csv", "D-CGJ单位", "综合执法局"))
    again = await confirmed(desk, page, why="")
    assert again.status_code == 400
    assert (await confirmed(desk, again)).status_code == 303


def a_zip(**files: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, body in files.items():
            made.writestr(name, body)
    return out.getvalue()


HOSTILE = {
    "bomb.zip": a_zip(**{"city.toml": b"0" * 200_000_000}),
    "many.zip": a_zip(**{f"templates/en/{n}.txt": b"x" for n in range(30_000)}),
    "out.zip": a_zip(**{"../../../tmp/a2_owned.txt": b"x", "city.toml": b"x"}),
    "root.zip": a_zip(**{"/tmp/a2_owned.txt": b"x"}),
    "text.zip": b"this is no archive",
    "cut.zip": a_zip(**{"city.toml": b"x" * 1000})[:-40],
    "empty.zip": b"",
    "none.zip": a_zip(),
    "nested.zip": a_zip(**{"inner.zip": a_zip(**{"city.toml": b"x"})}),
    "run.exe": b"MZ",
    "noname": b"x",
    "<img src=x onerror=alert(1)>.zip": b"x",
}


@pytest.mark.parametrize("name", HOSTILE)
async def test_a_hostile_archive_is_refused_with_words(loaded: Session, desk: httpx.AsyncClient, name: str) -> None:
    before = changes(loaded)
    answer = await uploaded(desk, name, HOSTILE[name])
    assert answer.status_code in (400, 409)
    assert 'role="alert"' in answer.text
    assert "<img" not in answer.text.replace('<img src="/static', "")
    assert changes(loaded) == before
    assert not Path("/tmp/a2_owned.txt").exists()


@pytest.mark.parametrize(
    ("table", "data"),
    [
        ("", b"code\n"),
        ("units", b"\xff\xfe"),
        ("units", b"nonsense\n1\n"),
        ("units", UNITS.encode() + b"D-X,name,wizard,5103,,,,1\n"),
        ("units", UNITS.encode() + b"D-X,name\n"),
        ("nope", UNITS.encode()),
        ("../units", UNITS.encode()),
    ],
)
async def test_a_table_that_cannot_be_read_is_told(desk: httpx.AsyncClient, table: str, data: bytes) -> None:
    answer = await uploaded(desk, "units.csv", data, table=table)
    assert answer.status_code in (400, 404)
    assert 'role="alert"' in answer.text


async def test_an_upload_is_its_own_persons_alone(loaded: Session, desk: httpx.AsyncClient) -> None:
    archive = (await desk.get("/admin/export.zip")).content
    page = await uploaded(desk, "pack.zip", changed(archive, "units.csv", "D-CGJ单位", "综合执法局"))
    log_in(loaded, desk, "R1")
    assert (await confirmed(desk, page)).status_code in (404, 409)
    log_in(loaded, desk, BOSS)
    assert (await confirmed(desk, page)).status_code == 303


@pytest.mark.parametrize("kept", ["../../etc/passwd", "0" * 64 + ".zip", "a.zip", "\x00"])
async def test_a_name_that_nobody_was_given_opens_nothing(desk: httpx.AsyncClient, kept: str) -> None:
    answer = await desk.post("/admin/upload", data={"kept": kept, "table": "", "fingerprint": "x", "why": "x"})
    assert answer.status_code in (400, 404)
