"""Rules about the code that no linter knows."""

import ast

import pytest

from models import lifecycle, terms, unit
from runtime.settings import PROJECT

PACKAGES = ("models", "services", "notifications", "flows", "web", "cli", "runtime", "deployments")
FILES = sorted(path for name in PACKAGES for path in (PROJECT / name).rglob("*.py") if "migrations" not in path.parts)
LONGEST = 300


def test_files_stay_short_enough_to_read_in_one_go() -> None:
    lines = {str(path.relative_to(PROJECT)): len(path.read_text("utf-8").splitlines()) for path in FILES}
    assert {path: count for path, count in lines.items() if count > LONGEST} == {}


def test_a_module_says_what_it_is_for() -> None:
    assert FILES
    silent = [path for path in FILES if not ast.get_docstring(ast.parse(path.read_text("utf-8")))]
    assert [str(path.relative_to(PROJECT)) for path in silent] == []


def test_pages_ask_services_and_hold_no_sql() -> None:
    of_the_database = {
        name.name
        for path in (PROJECT / "web").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.ImportFrom) and str(node.module).split(".")[0] in ("sqlalchemy", "sqlmodel")
        for name in node.names
    }
    assert of_the_database <= {"Session", "SQLAlchemyError", "DataError"}


def test_only_the_door_writes_issues_and_events() -> None:
    """The one exception sets a broken row aside, which is no change of state."""
    writers = {
        str(path.relative_to(PROJECT))
        for path in FILES
        if any(words in path.read_text("utf-8") for words in ("UPDATE issue ", "(session, Issue,", "IssueEvent, ["))
    }

    assert writers == {"services/recording.py", "services/sweeps.py"}


@pytest.mark.parametrize(
    ("values", "words"),
    [
        (lifecycle.State, terms.STATES),
        (lifecycle.Action, terms.ACTIONS),
        (lifecycle.Role, terms.ROLES),
        (unit.PostKind, terms.POSTS),
        (unit.ChannelClass, terms.CHANNELS),
    ],
)
def test_every_value_has_its_words_in_both_languages(values, words) -> None:
    assert {str(value) for value in values} <= set(words)
    assert all(chinese and english for chinese, english in words.values())
