"""The files of a pack that fill no table are kept with it, and what a template of a city may say."""

from datetime import timedelta

from sqlmodel import Session, select

from models.administration import PackFile
from models.city import City
from services.cities import Pack, lint, load, plan, read_pack
from services.cities.kept import is_kept
from services.cities.kept_files import keep_files
from services.pack_files import files_in_force
from tests.services.cities.packs import NOW, replace

LATER = NOW + timedelta(days=3)


def paths(session: Session) -> set[str]:
    return set(session.exec(select(PackFile.path)))


def test_a_load_keeps_them_and_the_next_one_follows(session: Session, pack: Pack) -> None:
    (pack.folder / "papers").mkdir()
    (pack.folder / "papers" / "papers.toml").write_text('phone = "1"\n', "utf-8")
    load(session, read_pack(pack.folder), now=NOW)
    assert {"city.toml", "rules/ladder.toml", "papers/papers.toml", "issues.csv"} <= paths(session)

    replace(pack.folder / "papers" / "papers.toml", '"1"', '"2"')
    (pack.folder / "issues.csv").unlink()
    load(session, read_pack(pack.folder), now=LATER)

    assert "issues.csv" not in paths(session)
    assert (files_in_force(session) or {})["papers/papers.toml"] == b'phone = "2"\n'


def test_a_city_that_was_loaded_before_takes_them_over(session: Session, pack: Pack) -> None:
    load(session, pack, now=NOW)
    city = session.exec(select(City)).one()
    city.pack = {name: value for name, value in city.pack.items() if name != "files"}
    session.flush()
    assert files_in_force(session) is None

    keep_files(session, pack)

    assert (files_in_force(session) or {})["city.toml"] == (pack.folder / "city.toml").read_bytes()
    assert plan(session, pack, now=LATER).is_empty


def test_the_same_city_under_another_folder_is_no_change(session: Session, pack: Pack) -> None:
    load(session, pack, now=NOW)
    other = pack.folder.rename(pack.folder.with_name("elsewhere"))

    assert plan(session, read_pack(other), now=LATER).is_empty


def test_what_is_no_file_of_a_pack_is_left_alone(pack: Pack) -> None:
    for name in ("secret.pem", ".git/config", "papers/paper.doc", "rules/old.toml", "templates/a.html"):
        path = pack.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x", "utf-8")

    assert set(read_pack(pack.folder).files) == set(pack.files)
    assert not is_kept("templates/../x.txt")
    assert not is_kept("papers/.hidden.html")


def test_an_empty_template_is_an_error(pack: Pack) -> None:
    (pack.folder / "templates" / "en").mkdir(parents=True)
    (pack.folder / "templates" / "en" / "assigned.txt").write_text(" \n", "utf-8")

    found = lint(read_pack(pack.folder), now=NOW)

    assert [one.code for one in found if one.file.startswith("templates")] == ["bad_template"]
