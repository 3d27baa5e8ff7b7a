"""No room left on the disk: refused with a sentence, nothing on record, no half file.

The room is taken away by the system's own limit on the size of files, so that every way of writing meets it.
"""

import resource
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlmodel import Session, func, select
from typer.testing import CliRunner

from cli import dump
from cli.errors import NotWritable
from cli.tree import app
from models.issue import Evidence, IssueEvent
from runtime import i18n, postgres_programs
from runtime.cluster import Cluster
from runtime.settings import load_settings
from tests.cast import HANDLER, an_issue, read
from tests.outages.photos import a_photo


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    code: int
    err: str


Shell = Callable[..., Ended]


@contextmanager
def room_for(size: int) -> Iterator[None]:
    """No file may grow beyond so many bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def shell(city: Session, database_url: str, home: Path, monkeypatch: pytest.MonkeyPatch) -> Shell:
    """Types commands; `room`: how many bytes a file may have meanwhile."""
    city.commit()
    monkeypatch.setenv("DUBAN_DATABASE_URL", database_url)
    monkeypatch.setenv("DUBAN_HOME", str(home))

    def typed(*words: str, room: int | None = None, lang: i18n.Lang = "en") -> Ended:
        with i18n.using(lang), nullcontext() if room is None else room_for(room):
            result = CliRunner().invoke(app, list(words), prog_name="duban")
        return Ended(result.exit_code, result.stderr)

    return typed


def files_of(folder: Path) -> Sequence[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and path.stat().st_size]


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("en", ["cannot be stored in", "File too large", "Make room", "evidence"]),
        ("zh-CN", ["无法存入", "文件过大", "请清理", "evidence"]),
    ],
)
def test_proof_that_finds_no_room_is_refused_and_leaves_nothing(
    city: Session, shell: Shell, home: Path, tmp_path: Path, lang: i18n.Lang, words: Sequence[str]
) -> None:
    key = an_issue(city, state="rectifying")
    city.commit()
    before = city.exec(select(func.count()).select_from(IssueEvent)).one()
    photo = a_photo(tmp_path / "after.png", size=20_000)
    number = read(city, key).number
    city.rollback()
    submit = ("issue", "submit", number, "--result", "x", "--photo", str(photo), "--as", HANDLER)

    ended = shell(*submit, room=10_000, lang=lang)

    assert ended.code == 5, ended
    assert all(word in ended.err for word in words), ended.err
    assert "Traceback" not in ended.err
    assert (read(city, key).state, files_of(home)) == ("rectifying", [])
    assert city.exec(select(func.count()).select_from(Evidence)).one() == 0
    assert city.exec(select(func.count()).select_from(IssueEvent)).one() == before
    city.rollback()
    assert shell(*submit).code == 0


@pytest.mark.parametrize("what", ["ledger", "record"])
def test_an_export_that_finds_no_room_says_so_and_leaves_no_half_file(
    city: Session, shell: Shell, tmp_path: Path, what: str
) -> None:
    for _ in range(20):
        an_issue(city, state="rectifying")
    city.commit()
    target = tmp_path / ("out.xlsx" if what == "ledger" else "out.jsonl")

    ended = shell("export", what, str(target), room=4_000)

    assert ended.code == 2, ended
    assert str(target) in ended.err
    assert "File too large" in ended.err
    assert "Exception ignored" not in ended.err
    assert not target.exists()


@pytest.mark.parametrize("what", ["ledger", "record"])
def test_an_export_that_finds_no_room_leaves_the_file_of_yesterday_alone(
    city: Session, shell: Shell, tmp_path: Path, what: str
) -> None:
    target = tmp_path / ("out.xlsx" if what == "ledger" else "out.jsonl")
    assert shell("export", what, str(target)).code == 0
    yesterday = target.read_bytes()
    for _ in range(20):
        an_issue(city, state="rectifying")
    city.commit()

    shell("export", what, str(target), room=4_000)

    assert target.read_bytes() == yesterday


def test_a_device_that_is_full_is_named(city: Session, shell: Shell) -> None:
    an_issue(city)
    city.commit()

    ended = shell("export", "record", "/dev/full")

    assert (ended.code, "No space left on device" in ended.err) == (2, True), ended


def test_a_backup_that_finds_no_room_leaves_the_one_of_yesterday(
    cluster: Cluster, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "duban.dump"
    target.write_bytes(b"yesterday")
    monkeypatch.setattr(dump, "_embedded", lambda _: nullcontext(cluster))
    (cluster.folder / "dumped").write_bytes(b"x" * 9000)
    monkeypatch.setattr(
        postgres_programs, "run", lambda *_, folder, **__: (folder / "dumped").rename(folder / "backup.new")
    )

    with room_for(4000), pytest.raises(NotWritable, match="too large"):
        dump.backup(load_settings(home=home, database_url=None), target)

    assert target.read_bytes() == b"yesterday"
    assert list(tmp_path.glob("duban.dump*")) == [target]
