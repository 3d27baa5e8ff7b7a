"""What the tests themselves stand on."""

from pathlib import Path

import pytest
from sqlmodel import Session

from models.issue import Issue
from tests.cast import an_issue
from tests.shares import share_of, turn_of
from tests.soil import TABLES
from tests.stages import once


@pytest.mark.parametrize(
    ("test", "share"),
    [
        ("tests/browser/test_work.py::test_one", "tests/browser/"),
        ("tests/models/test_calendar.py::test_one[a@b]", "tests/models/test_calendar.py"),
        ("tests/models/test_calendar.py::TestDays::test_one", "tests/models/test_calendar.py"),
        ("tests/flows/test_on_prefect.py::test_one[a]@prefect", "prefect"),
    ],
)
def test_tests_are_shared_out_by_group_folder_or_file(test: str, share: str) -> None:
    assert share_of(test) == share


def test_what_takes_long_is_handed_out_first() -> None:
    shares = ["tests/architecture/test_bed.py", "tests/outages/test_disk_full.py", "tests/browser/", "prefect"]
    assert sorted(shares, key=turn_of) == shares[::-1]


def _all(session: Session) -> dict[str, list[str]]:
    run = session.connection().exec_driver_sql
    tables = [name for (name,) in run(TABLES)]
    return {table: sorted(str(row) for (row,) in run(f'SELECT t FROM "{table}" t')) for table in tables}


class TestOnce:
    """A stage is set up by the first who asks; the next finds everything as it was left."""

    @staticmethod
    def set_up(session: Session, home: Path) -> int:
        (home / "deep").mkdir(parents=True)
        (home / "deep" / "file").write_bytes(b"\xff")
        return an_issue(session, description="反斜杠\\与\t制表符")

    def test_rows_files_and_numbers_are_as_they_were(self, city: Session, tmp_path: Path) -> None:
        first, second = tmp_path / "first", tmp_path / "second"
        key = once("of this test", city, first, lambda: self.set_up(city, first))
        stood = _all(city)
        an_issue(city)
        city.commit()
        assert _all(city) != stood

        again = once("of this test", city, second, lambda: pytest.fail("set up twice"))

        assert (again, _all(city)) == (key, stood)
        assert (second / "deep" / "file").read_bytes() == b"\xff"
        assert an_issue(city) == key + 1
        assert city.get_one(Issue, key).description == "反斜杠\\与\t制表符"
